import FoveaArray

/// The part of a source that some examples are for, by the names that people give it.
enum DataPart: Hashable, Sendable {
  case training, test, validation

  /// The part that `name` means, in any case: a folder's name, a value of a split column.
  init?(_ name: String) {
    switch name.lowercased() {
    case "train", "training": self = .training
    case "test", "testing": self = .test
    case "val", "valid", "validation", "dev": self = .validation
    default: return nil
    }
  }

  /// The part that a value of a split column means.
  ///
  /// - Throws: `InputError` where it means none.
  init(_ text: String, at place: String, row: Int) throws {
    guard let part = DataPart(text) else {
      throw InputError(
        "the split is \(text.isEmpty ? "empty" : text)", at: place, row: row,
        advice: "It should be train, test or valid")
    }
    self = part
  }

  /// `test` with the classes of the training part, and a note on classes it has none of.
  ///
  /// - Throws: `InputError` that names a class which training does not know.
  static func checkedTest(_ test: LabelledDataset, classes: [String]) throws -> LabelledDataset {
    let test = try test.relabelled(to: classes)
    let counts = test.countsByClass
    let missing = classes.indices.filter { counts[$0] == 0 }.map { classes[$0] }
    guard !missing.isEmpty else { return test }
    return test.adding(notes: [
      "\(test.name): there are no test \(test.medium.nouns) of \(missing.joined(separator: ", "))."
    ])
  }
}
