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

      fovea evaluate runs/toxic comments.csv --filter-class toxic

      measures the run as generate's filter of a class: what it lets through, and what it stops in error.
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var runFolder: String

  @OptionGroup var source: SourceOptions

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
  }

  func run() async throws {
    let console = output.console
    let classifier = try TrainedClassifier(RunDirectory(URL(filePath: runFolder)))
    let data = try source.read(for: .evaluation, task: classifier.task)
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
    for line in store.notes + store.broken.lines { console.note(line) }
    try output.printResult(
      result.report, EvaluationText.lines(result.report, of: classifier.medium))
  }
}

/// A report as lines for people.
enum EvaluationText {
  static func lines(_ rates: FilterRates) -> [String] {
    func line(_ what: String, _ share: FilterRates.Share, _ kind: String) -> String {
      "\(what) \(NumberText.percent(share.share)) of \(NumberText.count(share.total, "text")) \(kind), "
        + "95 % interval \(NumberText.percentRange(share.interval.lower, share.interval.upper))"
    }
    return [
      line("Lets through", rates.missed, "of \(rates.label)"),
      line("Stops something in", rates.falseAlarms, "of other classes"),
    ]
  }

  static func lines(_ report: EvaluationReport, of medium: Medium) -> [String] {
    let summary = TerminalText.wrapped(report.summary(of: medium.noun))
    switch report {
    case .classification(let report): return summary + lines(report, of: medium)
    case .transcription(let report): return summary + lines(report, of: medium)
    }
  }

  private static func lines(_ report: WordErrorReport, of medium: Medium) -> [String] {
    let interval = report.utteranceAccuracyInterval
    var table = TextTable([
      .text("word"), .number("said"), .number("heard as another"), .number("not heard"),
      .number("heard in error"), .text("mostly heard as"),
    ])
    for word in report.words {
      table.append([
        word.word, NumberText.count(word.said), NumberText.count(word.substituted),
        NumberText.count(word.deleted), NumberText.count(word.heardInError),
        word.mostlyHeardAs ?? "–",
      ])
    }
    return [
      "Without an error: \(NumberText.percent(report.utteranceAccuracy)) of the \(medium.nouns), "
        + "95 % interval \(NumberText.percentRange(interval.lower, interval.upper))", "",
    ] + table.lines()
  }

  private static func lines(_ report: ClassificationReport, of medium: Medium) -> [String] {
    var lines: [String] = []
    if let error = report.expectedCalibrationError {
      lines.append("Expected calibration error \(NumberText.percent(error))")
    }
    var table = TextTable([
      .text("class"), .number("precision"), .number("recall"), .number("F1"), .number(medium.nouns),
    ])
    func share(_ value: Double?) -> String { value.map { NumberText.percent($0) } ?? "–" }
    for result in report.classes {
      table.append([
        result.name, share(result.precision), share(result.recall), share(result.f1),
        NumberText.count(result.support),
      ])
    }
    lines += [""] + table.lines()
    if report.classes.count <= 12 {
      var confusion = TextTable(
        [.text("true \\ predicted")]
          + report.classes.map { .number(TerminalText.shortened($0.name, to: 12)) })
      for (row, result) in report.classes.enumerated() {
        confusion.append([result.name] + report.confusion.counts[row].map { NumberText.count($0) })
      }
      lines += [""] + confusion.lines()
    }
    return lines
  }
}
