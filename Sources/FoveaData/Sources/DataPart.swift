import FoveaArray

/// The part of a source that some pictures are for, by the names that people give it.
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

  /// What people are told about pictures that the source sets aside for validation.
  static func validationNote(_ name: String, count: Int) -> String {
    "\(name): \(counted(count, "picture")) for validation; no other validation part is split off."
  }

  /// `test` with the classes of the training part, and a note on classes it has no pictures of.
  ///
  /// - Throws: `InputError` that names a class which training does not know.
  static func checkedTest(_ test: PictureDataset, classes: [String]) throws -> PictureDataset {
    let test = try test.relabelled(to: classes)
    let counts = test.countsByClass
    let missing = classes.indices.filter { counts[$0] == 0 }.map { classes[$0] }
    guard !missing.isEmpty else { return test }
    let note = "\(test.name): there are no test pictures of \(missing.joined(separator: ", "))."
    return PictureDataset(
      name: test.name, classes: classes, examples: test.examples, notes: test.notes + [note])
  }
}
