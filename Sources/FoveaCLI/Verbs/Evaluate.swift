import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a trained network on labelled examples, with an interval.",
    discussion: """
      fovea evaluate runs/flowers more-flowers

      Of data with a test part that part counts, else all of them.

      fovea evaluate runs/scans scans.csv --by clinic --group-column patient

      says how good it is in each clinic, with intervals over patients.

      fovea evaluate runs/toxic comments.csv --filter-class toxic

      measures the run as generate's filter of a class: what it lets through, and what it stops in error.
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var runFolder: String

  @OptionGroup var source: SourceOptions

  @Option(help: "Tables: show the results of each value of this column, such as a clinic.")
  var by: String?

  @OptionGroup(title: "Words") var words: DecodingOptions

  @Option(help: "Texts: measure the run as a filter of this class.")
  var filterClass: String?

  @Option(
    parsing: .unconditional, help: "The probability from which the filter stops. (default: 0.5)")
  var filterThreshold: Double?

  @Flag(help: "Go on when more than a tenth of the files are broken.")
  var allowBroken = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if filterThreshold != nil, filterClass == nil {
      throw ValidationError("--filter-threshold belongs to --filter-class.")
    }
    if by != nil, filterClass != nil {
      throw ValidationError("--by and --filter-class exclude each other.")
    }
  }

  func run() async throws {
    let console = output.console
    let classifier = try TrainedClassifier(RunDirectory(URL(filePath: runFolder)))
    let data = try source.read(for: .evaluation, task: classifier.task, by: by)
    let part = data.test ?? data.training
    for note in part.notes { console.note(note) }
    if let filterClass {
      let filter = try OutputFilter(
        TextClassifier(classifier), stopping: filterClass, above: filterThreshold ?? 0.5)
      let rates = try await filter.rates(on: part) { done, total in
        console.bar("filtering \(NumberText.count(done)) of \(NumberText.count(total))")
      }
      console.endBar()
      return try output.printResult(rates, EvaluationText.lines(rates))
    }
    let display = TrainingDisplay(console: console)
    var options = PreparedData.Options()
    options.allowsBroken = allowBroken
    let store = try PreparedData.store(
      part.relabelled(to: classifier.classes), options, classifier.configuration.classifier.input,
      progress: { display.showReading($0, $1) })
    let result = try await classifier.detailedEvaluation(
      on: store, indices: store.usable, decoder: words.decoder)
    console.endBar()
    let known = RunDirectory(URL(filePath: runFolder)).trainingDigests(classifier.configuration)
    let warnings = ContentCopies.warnings(measuring: store, store.usable, met: known)
    for line in store.notes + store.broken.lines { console.note(line) }
    for warning in warnings { console.note("Warning: \(warning)") }
    let parts = by.map { result.parts(by: $0) }
    try output.printResult(
      Printed(report: result.report, by: parts, warnings: warnings),
      EvaluationText.lines(result.report, of: classifier.medium)
        + (parts.map { EvaluationText.lines($0, of: classifier.medium) } ?? []))
  }

  /// What `--json` prints: the report's own keys, and `by` and `warnings` of the data beside them.
  private struct Printed: Encodable {
    let report: EvaluationReport
    let by: PartResults?
    let warnings: [String]

    private enum Key: String, CodingKey { case by, warnings }

    func encode(to encoder: any Encoder) throws {
      try report.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(by, forKey: .by)
      try container.encode(warnings, forKey: .warnings)
    }
  }
}
