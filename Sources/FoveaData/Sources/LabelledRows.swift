import FoundationEssentials
import FoveaArray

/// The rows of one table, or of one for training and one for testing, as examples with labels.
struct LabelledRows {
  /// A row before its labels have numbers.
  struct Row {
    let table: String
    let part: DataPart
    /// Its class, or its words.
    let labels: [String]
    let example: LabelledExample
  }

  private let rows: [Row]
  private let training: URL
  private let test: URL?
  private let notes: [String]

  /// - Parameter notes: what of the tables is not looked at.
  init(_ rows: [Row], training: URL, test: URL?, notes: [String] = []) {
    self.rows = rows
    self.notes = notes
    self.training = training
    self.test = test
  }

  /// Refuses labels of a table that a person would take for one.
  ///
  /// - Throws: `InputError` that names both.
  static func checkDistinct(_ rows: [Row], at place: String) throws {
    var firstRows: [String: Int] = [:]
    for row in rows {
      for label in row.labels where firstRows[label] == nil { firstRows[label] = row.example.row }
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
        Row(table: $0.table, part: .training, labels: $0.labels, example: $0.example)
      }
    }
    // Classes are taken from the training rows, so that a test row cannot add one unnoticed.
    let trainingLabels = Set(rows.filter { $0.part == .training }.flatMap(\.labels))
    guard !trainingLabels.isEmpty else {
      throw InputError("no row is for training", at: place)
    }
    let classes = ClassNames.ordered(trainingLabels)
    let indices = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var examples: [DataPart: [LabelledExample]] = [:]
    for row in rows {
      var example = row.example
      let labels = try row.labels.map { name in
        guard let label = indices[name] else {
          throw InputError(
            "the \(options.task.labelNoun) \(name) has no training rows", at: row.table,
            row: example.row,
            advice: "\(options.task.trainedOn): \(classes.joined(separator: ", "))")
        }
        return label
      }
      example.label = labels[0]
      example.words = options.task == .transcribe ? labels : nil
      example.isValidation = row.part == .validation
      examples[row.part, default: []].append(example)
    }
    var notes = notes
    let learned = LabelledDataset(
      name: place, medium: medium, classes: classes, made: examples[.training] ?? [])
    if options.purpose == .training, options.task == .classify {
      notes += try ClassNames.notes(on: learned, advice: "Check the label column")
    }
    return try LabelledData(
      training: LabelledDataset(
        name: place, medium: medium, classes: classes,
        made: learned.examples + (examples[.validation] ?? []), notes: notes),
      test: try examples[.test].map {
        try DataPart.checkedTest(
          LabelledDataset(
            name: (test ?? training).relativePath, medium: medium, classes: classes, made: $0),
          classes: classes)
      })
  }
}
