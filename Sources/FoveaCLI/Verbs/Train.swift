import ArgumentParser
import FoundationEssentials
import Fovea

struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network on labelled pictures, recordings or texts.",
    discussion: """
      fovea train flowers --output runs/flowers
      fovea train scans.csv --group-column patient --output runs/scans
      fovea train digits --model lstm --group-column speaker --output runs/digits
      fovea train strings.csv --task transcribe --group-column speaker --output runs/strings
      fovea train news.csv --text-column body --output runs/news
      fovea train flowers --output runs/flowers --resume

      Ctrl-C stops at a batch and keeps everything; --resume goes on, and ends with the same \
      weights, bit for bit, as a run that was never interrupted.
      """)

  @OptionGroup var source: SourceOptions

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "The folder for the run.",
    completion: .directory)
  var outputFolder: String

  @Option(help: "Other labelled examples, to test on.", completion: .file())
  var test: String?

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup(title: "Recordings") var sounds: SoundOptions
  @OptionGroup(title: "Texts") var texts: TextOptions
  @OptionGroup(title: "Training") var training: TrainingOptions

  @Option(
    parsing: .unconditional,
    help: """
      Epochs without a better validation result after which training stops, with the best epoch's \
      weights; 0 for never, with the last ones.
      """)
  var patience = TrainingSettings().patience

  @Option(
    help: "Start from this run's network and weights, with a new last layer.",
    completion: .directory)
  var from: String?

  @Option(help: "Leave parameters alone whose paths begin so; may be given several times.")
  var freeze: [String] = []

  @Flag(
    help: """
      Go on with the run that is in the output folder, with its settings; where there is none, \
      begin one.
      """)
  var resume = false

  @Flag(help: "Replace a run that is in the output folder.")
  var overwrite = false

  @Flag(help: "Do not look for copies, shifts and other trouble in the data first.")
  var skipCheck = false

  @OptionGroup(title: "Highlights") var highlights: HighlightsOption

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if resume && overwrite {
      throw ValidationError("--resume and --overwrite exclude each other.")
    }
  }

  func run() async throws {
    let console = output.console
    let directory = RunDirectory(URL(filePath: outputFolder))
    var settings = try training.settings()
    settings.patience = patience
    settings.keepsBest = patience > 0
    settings.frozen = freeze
    try UsageError.checking { try settings.check() }
    var options = try pictures.options()
    options.sound = try sounds.options()
    options.text = try texts.options()
    // A run that goes on has what it was started from; that may be gone.
    let start =
      resume && directory.holdsRun
      ? nil : try from.map { try TransferSource(RunDirectory(URL(filePath: $0))) }
    let known = start?.configuration.classifier
    try network.check(from: known?.network)
    let data = try source.read(for: .training, test: test, task: network.task ?? known?.task)
    try MediumOptions.check(data.medium)
    let template = try network.template(from: known?.network, for: data.training)
    var request = TrainingRun.Request(data: data, dataPath: source.data, output: directory)
    request.settings = settings
    request.options = options
    request.template = template
    request.source = start
    request.namesNetwork = template != .usual(for: data.medium, data.training.task)
    request.resumes = resume
    request.overwrites = overwrite
    request.checksData = !skipCheck
    let stored = resume && directory.holdsRun ? try directory.configuration() : nil
    request.highlightCount = highlights.count(goingOnWith: stored)
    request.studiesHighlights = request.highlightCount != 0
    request.command = ["fovea"] + CommandLine.arguments.dropFirst()
    let display = TrainingDisplay(console: console)
    let replaced = overwrite ? (try? directory.configuration())?.identity : nil
    do {
      let result = try await TrainingRun(request) { display.show($0) }.execute()
      console.endBar()
      try output.printResult(result.summary, result.summary.lines)
    } catch let error as CancellationError {
      console.endBar()
      Console.stopped(directory, replacing: replaced)
      throw error
    }
  }
}
