import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray

struct Predict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what a trained network sees in pictures.",
    discussion: """
      fovea predict runs/flowers rose.jpg
      fovea predict runs/flowers photos --format csv > labels.csv
      """)

  @Argument(
    help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var runFolder: String

  @Argument(
    help: ArgumentHelp("Pictures, or folders of pictures.", valueName: "path"),
    completion: .file())
  var paths: [String]

  @Option(help: "table, csv, or json: one object a line.")
  var format = Format.table

  @Flag(name: .shortAndLong, help: "The same as --format json.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress, no notes.")
  var quiet = false

  /// A picture that cannot be read, as one line of JSON.
  private struct BrokenLine: Encodable {
    let schemaVersion = 1
    let path: String?
    let error: ErrorObject.Content
  }

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

  /// A picture's result as one line of JSON.
  private struct Line: Encodable {
    let schemaVersion = 1
    let path: String
    let label: String
    let probability: Double
    let probabilities: [String: Double]
  }

  func run() async throws {
    let format = json ? .json : format
    let console = Console(isQuiet: quiet || json)
    let classifier = try ImageClassifier(contentsOf: URL(filePath: runFolder))
    let files = try PictureFiles.files(at: paths, console)
    let decoder = PictureDecoder(channels: classifier.configuration.classifier.input.channels)
    var broken: [InputError] = []
    var printer = Printer(format: format, classes: classifier.classes)
    var rest = files[...]
    while !rest.isEmpty {
      try Task.checkCancellation()
      // A chunk at a time: results come early, and any number of pictures fits into memory.
      let chunk = rest.prefix(256)
      rest = rest.dropFirst(256)
      var errors: [Int: InputError] = [:]
      var pictures: [Picture] = []
      for (position, file) in chunk.enumerated() {
        do {
          let picture = try decoder.decode(contentsOf: file.url)
          pictures.append(try classifier.configuration.classifier.input.prepared(picture))
        } catch let error as InputError {
          errors[position] = InputError(error.problem, at: file.name, advice: error.advice)
        }
      }
      var predictions = try await classifier.predictions(from: pictures)[...]
      for (position, file) in chunk.enumerated() {
        if let error = errors[position] {
          broken.append(error)
          try printer.print(error)
        } else if let prediction = predictions.popFirst() {
          try printer.print(file.name, prediction)
        }
      }
    }
    printer.finish()
    for error in broken.prefix(20) { Console.error("fovea: \(error)") }
    if broken.count > 20 {
      Console.error("fovea: \(broken.count - 20) more pictures could not be read")
    }
    if !broken.isEmpty { throw ExitCode.failure }
  }

  /// Prints results in one of the formats, as they come.
  private struct Printer {
    let format: Format
    let classes: [String]
    private var table = TextTable([
      .text("picture", limit: 60), .text("label"), .number("probability"),
    ])
    private var hasHeader = false

    init(format: Format, classes: [String]) {
      self.format = format
      self.classes = classes
    }

    mutating func print(_ name: String, _ prediction: ImageClassifier.Prediction) throws {
      switch format {
      case .table:
        table.append([name, prediction.label, NumberText.percent(prediction.probability)])
      case .csv:
        var rows = [
          [name, prediction.label, "\(prediction.probability)"]
            + prediction.probabilities.map { "\($0)" }
        ]
        let columns = ["path", "label", "probability"] + classes.map { "probability \($0)" }
        if !hasHeader { rows.insert(columns, at: 0) }
        hasHeader = true
        for row in rows {
          let text = CSVTable.encoded(columns: row, rows: [])
          Swift.print(String(decoding: text, as: UTF8.self), terminator: "")
        }
      case .json:
        let line = Line(
          path: name, label: prediction.label, probability: prediction.probability,
          probabilities: Dictionary(
            zip(classes, prediction.probabilities), uniquingKeysWith: { first, _ in first }))
        Swift.print(String(decoding: try JSONText.encoded(line, isCompact: true), as: UTF8.self))
      }
    }

    /// Where every line is an object, so is that of a picture that cannot be read.
    func print(_ error: InputError) throws {
      guard format == .json else { return }
      let line = BrokenLine(path: error.place, error: ErrorObject.Content(error))
      Swift.print(String(decoding: try JSONText.encoded(line, isCompact: true), as: UTF8.self))
    }

    func finish() {
      if format == .table, !table.rows.isEmpty { for line in table.lines() { Swift.print(line) } }
    }
  }
}
