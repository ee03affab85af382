import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray
import FoveaMetrics

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the main job on pictures that Fovea makes itself.",
    discussion: """
      fovea demo --output runs/demo

      Noisy scenes of gratings, hard and easy to see: which way does the red–green one point? For
      each a comparison over three seeds, so that two verdicts stand side by side. Two to five
      minutes on two cores; interrupted, the same command goes on.
      """)

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "The folder for studies and report.",
    completion: .directory)
  var outputFolder: String

  @Option(parsing: .unconditional, help: "How many seeds; each trains three networks a search.")
  var seeds = Demonstration.Size().seedCount

  @Option(parsing: .unconditional, help: "Scenes to train on, for each search.")
  var count = Demonstration.Size().trainingCount

  @Option(parsing: .unconditional, help: "Scenes to test on, for each search.")
  var testCount = Demonstration.Size().testCount

  @Option(parsing: .unconditional, help: "Passes over the scenes.")
  var epochs = Demonstration.Size().epochs

  @Option(help: "Everything random follows from it.")
  var seed: UInt64 = 1

  @Flag(help: "Replace studies with other settings that are in the output folder.")
  var overwrite = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    var size = Demonstration.Size()
    size.seedCount = seeds
    size.trainingCount = count
    size.testCount = testCount
    size.epochs = epochs
    size.seed = seed
    let display = StudyDisplay(console: console)
    let demonstration = Demonstration(
      output: URL(filePath: outputFolder), size: size, overwrites: overwrite
    ) { event in
      switch event {
      case .began(let task):
        console.note("Search \(task.name): gratings of contrast \(task.contrast)")
      case .study(let event): display.show(event)
      }
    }
    do {
      let outcome = try await demonstration.run()
      console.endBar()
      try output.printResult(outcome.summary, DemoText.lines(outcome.summary))
    } catch let error as CancellationError {
      console.endBar()
      Console.error(
        "Stopped. What is trained is kept; go on with: "
          + CommandText.again(removing: "--overwrite"))
      throw error
    }
  }
}

/// The demonstration as lines for people.
enum DemoText {
  static func lines(_ summary: DemonstrationSummary) -> [String] {
    var lines: [String] = []
    for search in summary.searches {
      lines += ["== The \(search.name) search: contrast \(search.contrast) ==", ""]
      lines += StudyText.lines(search.study.result) + StudyText.networkLines(search.study)
      lines += [""] + slopeLines(search.slope) + [""]
      lines += TerminalText.wrapped(SearchHighlights.sentence(search.highlights)) + [""]
    }
    lines += TerminalText.wrapped(DemonstrationSummary.meaning)
    lines += ["", "The same by way of files:"]
    lines += summary.searches.flatMap(\.commands).map { "  \($0)" }
    return lines
  }

  private static func slopeLines(_ slope: SearchSlope) -> [String] {
    let arms: [Arm] = [.plain, .matched, .augmented]
    var table = TextTable(
      [.number("distractors"), .number("scenes")] + arms.map { .number($0.rawValue) }
        + [.number("fixed filter")])
    for point in slope.points {
      table.append(
        [NumberText.count(point.distractors), NumberText.count(point.sceneCount)]
          + arms.map { share(point.accuracy[$0]) } + [share(point.filterAccuracy)])
    }
    table.append(
      ["points for each", ""] + arms.map { points(slope.changePerDistractor[$0]) }
        + [points(slope.filterChangePerDistractor)])
    return [
      "Accuracy by number of distractors; the fixed filter, untrained, answers "
        + "\(NumberText.percent(slope.filterAccuracy)) of all:"
    ] + table.lines()
  }

  private static func share(_ value: Double?) -> String {
    value.map { NumberText.percent($0) } ?? NumberText.missing
  }

  private static func points(_ value: Double?) -> String {
    value.map { NumberText.points($0) } ?? NumberText.missing
  }
}
