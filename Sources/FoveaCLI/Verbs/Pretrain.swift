public import ArgumentParser
import FoundationEssentials
public import Fovea
import FoveaArray
import FoveaData
import FoveaRuns
import FoveaTrain

extension LanguageObjective: ExpressibleByArgument {}

struct Pretrain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learns language from texts without labels, for a classifier to start from.",
    discussion: """
      fovea pretrain articles.jsonl --output runs/language
      fovea train news.csv --from runs/language --output runs/news

      Masked: a share of 0.15 of the tokens is hidden and told from both sides. Causal: each next token \
      is told from those before; fovea generate goes on with a text by it. Ctrl-C keeps everything, and \
      --resume goes on to the same weights as a run that was never interrupted.
      """)

  @Argument(
    help: ArgumentHelp(
      "Text files, folders of them, or tables of texts (.csv, .tsv, .jsonl).", valueName: "path"),
    completion: .file())
  var paths: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "The folder for the run.",
    completion: .directory)
  var outputFolder: String

  @Option(help: "masked or causal.")
  var objective = LanguageObjective.masked

  @Option(help: "Tables: the column of the texts.")
  var textColumn = "text"

  @OptionGroup(title: "Network") var architecture: ArchitectureOptions
  @OptionGroup(title: "Texts") var texts: TextOptions

  @Flag(help: "Go on when more than a tenth of the texts are broken.")
  var allowBroken = false

  @OptionGroup(title: "Training") var training: TrainingOptions

  @Flag(
    help: """
      Go on with the run that is in the output folder, with its settings; where there is none, \
      begin one.
      """)
  var resume = false

  @Flag(help: "Replace a run that is in the output folder.")
  var overwrite = false

  @OptionGroup(title: "Output") var output: OutputOptions

  /// What `--json` prints.
  private struct Result: Encodable {
    let run: String
    let objective: LanguageObjective
    let texts: Int
    let epochs: [EpochRecord]
    /// Where training came to numbers that are not finite; left out where it did not.
    let divergence: Divergence?
  }

  func validate() throws {
    if resume && overwrite {
      throw ValidationError("--resume and --overwrite exclude each other.")
    }
  }

  func run() async throws {
    let console = output.console
    let directory = RunDirectory(URL(filePath: outputFolder))
    let goesOn = resume && directory.holdsRun
    var settings = try training.settings()
    settings.patience = 0
    let template = try architecture.applied(to: .usualForLanguage)
    var options = try texts.options()
    options.allowBroken = allowBroken
    let inputs = (paths + [texts.tokenizer].compactMap { $0 }).map { URL(filePath: $0) }
    let folder = try directory.folder(
      goesOn ? .goingOn : .new(replacing: overwrite), verb: "pretrain",
      inputs: { InputFiles(inputs) })
    defer { folder.close() }
    if goesOn { try folder.open() }
    let found = try TextSources.texts(at: paths, column: textColumn, console)
    let name = paths.joined(separator: ", ")
    let dataset = LabelledDataset(
      name: name, medium: .text, classes: ["text"],
      made: found.map {
        LabelledExample(name: $0.name, content: .text($0.text), label: 0)
      })
    let run =
      goesOn
      ? try PretrainingRun(resuming: directory, texts: dataset)
      : try PretrainingRun(
        TextStore(dataset, options: options), objective: objective, template: template,
        settings: settings, directory: directory, dataPath: name)
    for note in run.notes { console.note(note) }
    console.note(run.announcement)
    if !goesOn { try directory.open(folder) }
    for note in folder.notes { console.note(note) }
    let display = TrainingDisplay(console: console)
    let outcome: Trainer.Outcome
    do {
      outcome = try await run.execute { display.show($0) }
      console.endBar()
    } catch let error as CancellationError {
      console.endBar()
      Console.stopped(directory)
      throw error
    }
    var lines = ["Run: \(outputFolder)"]
    let kept = outcome.best ?? outcome.history.last
    if let told = kept?.validationAccuracy, let loss = kept?.validationLoss {
      lines.insert(
        "Of the texts set aside \(NumberText.percent(told)) of the tokens asked for are told, at "
          + "\(NumberText.fixed(loss, decimals: 2)) nats a token.", at: 0)
    }
    if let divergence = outcome.divergence { lines.insert(divergence.note, at: 0) }
    try output.printResult(
      Result(
        run: outputFolder, objective: run.objective, texts: found.count, epochs: outcome.history,
        divergence: outcome.divergence), lines)
  }
}
