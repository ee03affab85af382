import ArgumentParser
import FoundationEssentials
import Fovea

extension DataCommand {
  struct DigitStrings: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "digit-strings",
      abstract: "Makes strings of spoken digits whose words and times are known.",
      discussion: """
        fovea data digit-strings spoken-digits --count 1000 --output strings
        fovea data digit-strings spoken-digits --test-speaker jackson --test-count 200 --output strings

        From recordings of single digits, or other words, with a column of speakers. Each string is \
        said by one speaker, 1 to 7 words with pauses and noise. In the folder are clips, strings.csv \
        (what is said) and times.csv (when).
        """)

    @Argument(
      help: ArgumentHelp(
        "A table of recordings with a column of speakers, or a folder with a recordings.csv.",
        valueName: "recordings"), completion: .file())
    var recordings: String

    @Option(help: "The column of speakers.")
    var groupColumn = "speaker"

    @Option(parsing: .unconditional, help: "Strings to train on.")
    var count = 1000

    @Option(parsing: .unconditional, help: "More strings, to test on.")
    var testCount = 0

    @Option(help: "Who says the strings to test on, and no other.")
    var testSpeaker: String?

    @Option(
      parsing: .unconditional, help: "Decibels between what is said and the noise over it.")
    var noise = 20.0

    @Option(help: "Everything random follows from it.")
    var seed: UInt64 = 1

    @Option(
      name: [.customShort("o"), .customLong("output")], help: "The folder for the strings.",
      completion: .directory)
    var outputFolder: String

    @Flag(help: "Replace strings that are in the output folder.")
    var overwrite = false

    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Summary: Encodable {
      let schemaVersion = 1
      let folder: String
      let trainingCount: Int
      let testCount: Int
      let transcripts: String
      let times: String
    }

    func run() throws {
      var options = WordStrings.Options()
      options.count = count
      options.testCount = testCount
      options.testSpeaker = testSpeaker
      options.signalToNoiseRatio = noise
      options.seed = seed
      let table = URL(filePath: recordings).appending(path: "recordings.csv")
      let source =
        FileManager.default.fileExists(atPath: table.path) ? table : URL(filePath: recordings)
      let data = try LabelledSource.read(
        source, options: LabelledSourceOptions(groupColumn: groupColumn, medium: .sound))
      let strings = try WordStrings(
        [data.training] + (data.test.map { [$0] } ?? []), options: options)
      try WordStringWriter.write(
        strings, to: URL(filePath: outputFolder), overwrite: overwrite,
        inputs: { InputFiles(data.files + [source]) })
      let transcripts = "\(outputFolder)/\(WordStringWriter.tableName)"
      let times = "\(outputFolder)/\(WordStringWriter.timesName)"
      try output.printResult(
        Summary(
          folder: outputFolder, trainingCount: count, testCount: testCount,
          transcripts: transcripts, times: times),
        [
          "\(NumberText.count(count + testCount, "string")) in \(outputFolder): what is said in "
            + "\(transcripts), when in \(times)"
        ])
    }
  }
}
