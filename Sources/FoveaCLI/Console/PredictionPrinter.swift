import ArgumentParser
import Fovea
import FoveaArray

/// Prints predictions in one of the formats, as they come.
struct PredictionPrinter {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

  /// What is printed of one file.
  struct Item {
    let name: String
    /// The class, or the transcript.
    let label: String
    /// That of the class.
    var probability: Double?
    let probabilities: [Double]
    /// Of a recording or text that is looked at in several.
    var windows: [Window]?
    /// What was heard, and when.
    var words: [SpeechRecognizer.Prediction.Word]?
    /// What a person should know of it, as ends of a sentence: that it is silent.
    var notes: [String] = []
  }

  /// A part of what is looked at.
  struct Window: Encodable {
    /// Seconds of a recording, characters of a text.
    let start: Double
    let end: Double
    let label: String
    let probability: Double

    init(_ window: SoundClassifier.Prediction.Window) {
      (start, end) = (window.start, window.end)
      (label, probability) = (window.label, window.probability)
    }

    init(_ window: TextClassifier.Prediction.Window) {
      (start, end) = (Double(window.start), Double(window.end))
      (label, probability) = (window.label, window.probability)
    }
  }

  /// A transcript as one line of JSON.
  private struct TranscriptLine: Encodable {
    let schemaVersion = 1
    let path: String
    let transcript: String
    let words: [SpeechRecognizer.Prediction.Word]
    /// Left out where there is nothing to mind.
    let notes: [String]?
  }

  /// A file's result as one line of JSON.
  private struct Line: Encodable {
    let schemaVersion = 1
    let path: String
    let label: String
    let probability: Double?
    let probabilities: [String: Double]
    let windows: [Window]?
    /// Left out where there is nothing to mind.
    let notes: [String]?
  }

  /// A file that cannot be read, as one line of JSON.
  private struct BrokenLine: Encodable {
    let schemaVersion = 1
    let path: String?
    let error: ErrorObject.Content
  }

  private let format: Format
  private let classes: [String]
  private let medium: Medium
  private let task: LearningTask
  private var table: TextTable
  private var hasHeader = false
  private var broken: [InputError] = []

  init(_ format: Format, classes: [String], medium: Medium, task: LearningTask) {
    self.format = format
    self.classes = classes
    self.medium = medium
    self.task = task
    table = TextTable([
      .text(medium.noun, limit: 60), .text(task == .classify ? "label" : "words"),
      .number("probability"),
    ])
  }

  mutating func print(_ item: Item) throws {
    let notes = item.notes.isEmpty ? nil : item.notes
    switch format {
    case .table:
      table.append([
        item.name, item.label, item.probability.map { NumberText.percent($0) } ?? "",
      ])
      for window in item.windows ?? [] {
        table.append([
          place(window.start, window.end, decimals: medium == .text ? 0 : 1), window.label,
          NumberText.percent(window.probability),
        ])
      }
      for word in item.words ?? [] {
        table.append([
          place(word.start, word.end, decimals: 2), word.word,
          NumberText.percent(word.probability),
        ])
      }
    case .csv:
      var rows =
        item.words.map { words in
          words.map { [item.name, $0.word, "\($0.start)", "\($0.end)", "\($0.probability)"] }
        } ?? [
          [item.name, item.label, item.probability.map { "\($0)" } ?? ""]
            + item.probabilities.map { "\($0)" }
        ]
      let columns =
        task == .transcribe
        ? ["path", "word", "start", "end", "probability"]
        : ["path", "label", "probability"] + classes.map { "probability \($0)" }
      if !hasHeader { rows.insert(columns, at: 0) }
      hasHeader = true
      for row in rows {
        StandardOutput.csv(row)
      }
    case .json:
      if let words = item.words {
        let line = TranscriptLine(
          path: item.name, transcript: item.label, words: words, notes: notes)
        return try StandardOutput.json(line)
      }
      let line = Line(
        path: item.name, label: item.label, probability: item.probability,
        probabilities: Dictionary(
          zip(classes, item.probabilities), uniquingKeysWith: { first, _ in first }),
        windows: item.windows, notes: notes)
      try StandardOutput.json(line)
    }
  }

  private func place(_ start: Double, _ end: Double, decimals: Int) -> String {
    "  \(NumberText.fixed(start, decimals: decimals))–\(NumberText.fixed(end, decimals: decimals)) "
      + (medium == .text ? "characters" : "s")
  }

  /// Where every line is an object, so is that of a file that cannot be read.
  mutating func print(_ error: InputError) throws {
    broken.append(error)
    guard format == .json else { return }
    let line = BrokenLine(path: error.place, error: ErrorObject.Content(error))
    try StandardOutput.json(line)
  }

  /// Prints what had to wait, and names what could not be read.
  ///
  /// - Throws: `ExitCode.failure` where something could not.
  func finish() throws {
    if format == .table, !table.rows.isEmpty { StandardOutput.lines(table.lines()) }
    for error in broken.prefix(20) { Console.error(error) }
    if broken.count > 20 {
      Console.error(
        "fovea: \(NumberText.count(broken.count - 20, "more \(medium.noun)")) could not be read")
    }
    if !broken.isEmpty { throw ExitCode.failure }
  }
}
