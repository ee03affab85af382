import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray

struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Did attention help? Trains with, without and with a control, and says it with an "
      + "interval.",
    discussion: """
      fovea compare flowers --seeds 5 --output studies/flowers
      fovea compare strings.csv --task transcribe --output studies/strings
      fovea compare --results results.csv

      For every seed three networks start from the same weights, see the same batches and meet the \
      same test pictures: with attention, without (the plain twin), and with as many parameters \
      that cannot attend (matched). Interrupted studies go on with the same command.
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder with a folder of pictures, recordings or .txt files for each class, or with train/ "
        + "and test/; a CSV file; texts in .csv, .tsv or .jsonl; or a folder of idx files.",
      valueName: "data"), completion: .file())
  var data: String?

  @Option(
    help: """
      Compare these results instead: seed,item,plain,augmented[,matched] with 0 or 1; with a column \
      words, how many are said, the others are errors among them; a column group says which items \
      belong together.
      """,
    completion: .file(extensions: ["csv"]))
  var results: String?

  @Option(parsing: .unconditional, help: "How many seeds; each trains three networks.")
  var seeds = 5

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "The folder for the study.",
    completion: .directory)
  var outputFolder: String?

  @Option(help: "Other labelled examples, to test on.", completion: .file())
  var test: String?

  @Option(help: "Fail with exit code 2 unless this is the verdict: helps.")
  var require: Requirement?

  @OptionGroup(title: "Data") var columns: ColumnOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup(title: "Recordings") var sounds: SoundOptions
  @OptionGroup(title: "Texts") var texts: TextOptions
  @OptionGroup(title: "Training") var training: TrainingOptions

  @Flag(help: "Replace a study that is in the output folder.")
  var overwrite = false

  @OptionGroup(title: "Highlights") var highlights: HighlightsOption

  @OptionGroup(title: "Output") var output: OutputOptions

  /// What can be said where nothing is trained.
  private static let optionsOfResults = ["--results", "--require", "--json", "--quiet"]

  enum Requirement: String, ExpressibleByArgument, CaseIterable { case helps }

  func validate() throws {
    guard data != nil || results != nil else {
      throw ValidationError("Give data to train on, or --results FILE.")
    }
    guard data == nil || results == nil else {
      throw ValidationError("Give data to train on or --results FILE, not both.")
    }
    if results != nil {
      let useless = GivenOptions.names.filter { !Self.optionsOfResults.contains($0) }
      guard useless.isEmpty else {
        throw ValidationError(
          "--results compares what is given; \(GivenOptions.list(useless)) "
            + "\(useless.count == 1 ? "does" : "do") not apply.")
      }
    }
    if data != nil, outputFolder == nil {
      throw ValidationError("Give --output, a folder for the study.")
    }
  }

  func run() async throws {
    let result: StudyResult
    if let results {
      let table = try CSVTable(contentsOf: URL(filePath: results))
      result = StudyResult(
        try PairedResults(
          columns: table.columns, rows: table.records.map(\.fields), place: results))
      try output.printResult(result, StudyText.lines(result))
    } else {
      let summary = try await study()
      result = summary.result
      try output.printResult(
        summary, StudyText.lines(result) + StudyText.networkLines(summary))
    }
    if require == .helps, result.verdict != .attentionHelps {
      Console.error("fovea: --require helps is not met: \(result.verdict.title)")
      throw ExitCode(2)
    }
  }

  private func study() async throws -> StudySummary {
    let console = output.console
    guard let data, let outputFolder else { throw ValidationError("Give data and --output.") }
    let settings = try training.settings()
    var options = try pictures.options()
    options.sound = try sounds.options()
    options.text = try texts.options()
    try network.check()
    let labelled = try columns.read(data, for: .training, test: test, task: network.task)
    try MediumOptions.check(labelled.medium)
    let template = try network.template(for: labelled.training)
    var request = StudyRun.Request(
      data: labelled, dataPath: data,
      output: URL(filePath: outputFolder))
    request.settings = settings
    request.options = options
    request.template = template
    request.seedCount = seeds
    request.overwrites = overwrite
    request.showsHighlights = highlights.areWanted
    request.highlightCount = highlights.count
    request.command = ["fovea"] + CommandLine.arguments.dropFirst()
    let display = StudyDisplay(console: console)
    do {
      let result = try await StudyRun(request) { display.show($0) }.execute()
      console.endBar()
      return result.summary
    } catch let error as CancellationError {
      console.endBar()
      Console.error(
        "Stopped. What is trained is kept; go on with: "
          + CommandText.again(removing: "--overwrite"))
      throw error
    }
  }
}
