import FoundationEssentials
import FoveaArray

/// The rows of one table, or of one for training and one for testing, as examples with labels.
struct LabelledRows {
  /// A row before its label has a number.
  struct Row {
    let table: String
    let part: DataPart
    let label: String
    let example: LabelledExample
  }

  private let rows: [Row]
  private let training: URL
  private let test: URL?

  init(_ rows: [Row], training: URL, test: URL?) {
    self.rows = rows
    self.training = training
    self.test = test
  }

  /// Refuses labels of a table that a person would take for one.
  ///
  /// - Throws: `InputError` that names both.
  static func checkDistinct(_ rows: [Row], at place: String) throws {
    var firstRows: [String: Int] = [:]
    for row in rows where firstRows[row.label] == nil {
      firstRows[row.label] = row.example.row
    }
    try ClassNames.checkDistinct(
      firstRows.sorted { $0.value < $1.value }.map(\.key), at: place)
  }

  /// The examples, training and test apart.
  ///
  /// - Throws: `InputError` where no row is for training, a test row has a class of its own, or the
  ///   rows cannot train a classifier.
  func data(of medium: Medium, _ options: LabelledSourceOptions) throws -> LabelledData {
    var rows = rows
    let place = training.relativePath
    if options.purpose == .evaluation, !rows.contains(where: { $0.part == .training }) {
      rows = rows.map {
        Row(table: $0.table, part: .training, label: $0.label, example: $0.example)
      }
    }
    // Classes are taken from the training rows, so that a test row cannot add one unnoticed.
    let trainingLabels = Set(rows.filter { $0.part == .training }.map(\.label))
    guard !trainingLabels.isEmpty else {
      throw InputError("no row is for training", at: place)
    }
    let classes = ClassNames.ordered(trainingLabels)
    let indices = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var examples: [DataPart: [LabelledExample]] = [:]
    for row in rows {
      var example = row.example
      guard let label = indices[row.label] else {
        throw InputError(
          "the class \(row.label) has no training rows", at: row.table, row: example.row,
          advice: "The classes trained on are: \(classes.joined(separator: ", "))")
      }
      example.label = label
      example.isValidation = row.part == .validation
      examples[row.part, default: []].append(example)
    }
    var notes: [String] = []
    if let validation = examples[.validation] {
      notes.append(DataPart.validationNote(place, count: validation.count, of: medium))
    }
    let learned = LabelledDataset(
      name: place, medium: medium, classes: classes, examples: examples[.training] ?? [])
    if options.purpose == .training {
      notes += try ClassNames.notes(on: learned, advice: "Check the label column")
    }
    return LabelledData(
      training: LabelledDataset(
        name: place, medium: medium, classes: classes,
        examples: learned.examples + (examples[.validation] ?? []), notes: notes),
      test: try examples[.test].map {
        try DataPart.checkedTest(
          LabelledDataset(
            name: (test ?? training).relativePath, medium: medium, classes: classes, examples: $0),
          classes: classes)
      })
  }
}
