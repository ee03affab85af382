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
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var runFolder: String

  @OptionGroup var source: SourceOptions

  @Flag(help: "Go on when more than a tenth of the files are broken.")
  var allowBroken = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    let classifier = try TrainedClassifier(RunDirectory(URL(filePath: runFolder)))
    let data = try source.read(for: .evaluation)
    let part = data.test ?? data.training
    for note in part.notes { console.note(note) }
    let display = TrainingDisplay(console: console)
    var options = PreparedData.Options()
    options.allowsBroken = allowBroken
    let store = try PreparedData.store(
      part.relabelled(to: classifier.classes), options, classifier.configuration.classifier.input,
      progress: { display.showReading($0, $1) })
    let result = try await classifier.detailedEvaluation(on: store, indices: store.usable)
    console.endBar()
    for line in store.notes + store.broken.lines { console.note(line) }
    try output.printResult(
      result.report, EvaluationText.lines(result.report, of: classifier.medium))
  }
}

/// A classification report as lines for people.
enum EvaluationText {
  static func lines(_ report: ClassificationReport, of medium: Medium) -> [String] {
    let interval = report.accuracyInterval
    var lines = [
      """
      Accuracy \(NumberText.percent(report.accuracy)) on \
      \(NumberText.count(report.itemCount, medium.noun)), 95 % interval \
      \(NumberText.percentRange(interval.lower, interval.upper))
      """
    ]
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
