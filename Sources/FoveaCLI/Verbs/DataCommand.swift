public import ArgumentParser
import FoundationEssentials
public import Fovea
import FoveaArray

struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Looks at data, and makes data whose truth is known.",
    subcommands: [Check.self, Scenes.self, DigitStrings.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Looks for trouble in labelled pictures before anything is trained on them.",
      discussion: """
        fovea data check flowers

        Sizes, classes, broken files, copies (also mirrored left to right, or shifted or cropped by \
        up to 4 pixels) within and across training and test, labels that disagree on copies, groups \
        on both sides, and whether test pictures look different.

        Of recordings and texts train and compare say themselves which are exact copies.
        """)

    @Argument(
      help: ArgumentHelp(
        "A folder with a folder of pictures for each class, or with train/ and test/; a CSV file of "
          + "paths and labels; or a folder of idx files.", valueName: "data"), completion: .file())
    var data: String

    @OptionGroup(title: "Data") var table: TableOptions

    @Option(help: "Other labelled pictures that are to be tested on.", completion: .file())
    var test: String?

    @Option(help: "Decides which pictures of a large set are compared.")
    var seed: UInt64 = 1

    @Flag(help: "Exit with 1 where there is something to mind.")
    var strict = false

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
      let console = output.console
      var options = table.options(for: .training)
      options.picturesAlone = true
      let data = try options.read(data, test: test)
      let display = TrainingDisplay(console: console)
      let report = try DataCheck.run(
        data, key: RandomKey(seed: seed), progress: { display.showReading($0, $1) },
        comparing: { display.show(.checking(done: $0, of: $1)) })
      console.endBar()
      try output.printResult(report, report.lines)
      if strict, !report.warnings.isEmpty { throw ExitCode.failure }
    }
  }

  struct Scenes: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes noisy scenes of gratings, with labels and the box of what matters.",
      discussion: """
        fovea data scenes --kind feature --count 4000 --contrast 0.3 --output scenes

        feature: one red–green grating among luminance gratings; its orientation is the label.
        match: a framed sample and tinted gratings; the tint of the one that points the same way is \
        the label.
        """)

    @Option(help: "feature or match.")
    var kind = SceneOptions.Kind.feature

    @Option(parsing: .unconditional, help: "Scenes to train on.")
    var count = 4000

    @Option(parsing: .unconditional, help: "More scenes, to test on.")
    var testCount = 0

    @Option(parsing: .unconditional, help: "How far a grating's peak lies from grey, up to 1.")
    var contrast = 0.3

    @Option(parsing: .unconditional, help: "The deviation of the noise, on the scale of 0 to 1.")
    var noise = 0.25

    @Option(parsing: .unconditional, help: "Other gratings: a number, or two like 0-11.")
    var distractors: String?

    @Option(help: "Everything random follows from it.")
    var seed: UInt64 = 1

    @Option(
      name: [.customShort("o"), .customLong("output")], help: "The folder for the scenes.",
      completion: .directory)
    var outputFolder: String

    @Flag(help: "Replace scenes that are in the output folder.")
    var overwrite = false

    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Summary: Encodable {
      let schemaVersion = 1
      let folder: String
      let trainingCount: Int
      let testCount: Int
      let classes: [String]
      let boxes: String
    }

    func run() throws {
      let options = try UsageError.checking {
        try SceneOptions(
          kind: kind, count: count, contrast: contrast, noise: noise,
          distractors: distractors.map(range), seed: seed)
      }
      let set = try UsageError.checking { try SceneSet(options, testCount: testCount) }
      try SceneWriter.write(set, to: URL(filePath: outputFolder), overwrite: overwrite)
      let boxes = "\(outputFolder)/boxes.csv"
      let summary = Summary(
        folder: outputFolder, trainingCount: set.training.count, testCount: set.test.count,
        classes: kind.classes, boxes: boxes)
      try output.printResult(
        summary,
        [
          "\(NumberText.count(count + testCount, "scene")) in \(outputFolder), boxes in \(boxes)"
        ])
    }

    private func range(_ text: String) throws -> ClosedRange<Int> {
      let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        first <= last
      else {
        throw InputError(
          "--distractors cannot be \(text)", advice: "Give a number, or two like 0-11")
      }
      return first...last
    }
  }
}

extension SceneOptions.Kind: ExpressibleByArgument {}
