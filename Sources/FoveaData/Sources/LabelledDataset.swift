import FoveaArray

/// Labelled examples of one medium in a fixed order.
public struct LabelledDataset: Sendable {
  /// What a person calls it: the path as given.
  public let name: String
  /// What the examples are.
  public let medium: Medium
  /// The names of the classes; a label is an index into them.
  public let classes: [String]
  /// The examples, in an order that depends on the data alone.
  public let examples: [LabelledExample]
  /// What was ignored, and what to mind, as sentences for people.
  public let notes: [String]

  /// A dataset of these examples.
  ///
  /// A label outside `classes` is a programmer's mistake and traps.
  public init(
    name: String, medium: Medium = .picture, classes: [String], examples: [LabelledExample],
    notes: [String] = []
  ) {
    for example in examples {
      precondition(
        classes.indices.contains(example.label),
        "dataset: \(example.name) has label \(example.label), there are \(classes.count) classes")
    }
    self.name = name
    self.medium = medium
    self.classes = classes
    self.examples = examples
    self.notes = notes
  }

  /// The same examples with one more note.
  func adding(notes: [String]) -> LabelledDataset {
    LabelledDataset(
      name: name, medium: medium, classes: classes, examples: examples, notes: self.notes + notes)
  }

  /// How many examples each class has.
  public var countsByClass: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for example in examples { counts[example.label] += 1 }
    return counts
  }

  /// The same examples with labels that are indices into `classes`, which another dataset or a
  /// trained model has.
  ///
  /// - Throws: `InputError` that names a class of this dataset which `classes` has not.
  public func relabelled(to classes: [String]) throws -> LabelledDataset {
    let positions = Dictionary(
      classes.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    let counts = countsByClass
    let mapping = try self.classes.enumerated().map { index, name in
      guard let position = positions[name] else {
        if counts[index] == 0 { return -1 }
        throw InputError(
          "the class \(name) is unknown", at: self.name,
          advice: "The classes trained on are: \(classes.joined(separator: ", "))")
      }
      return position
    }
    let examples = examples.map { example in
      var example = example
      example.label = mapping[example.label]
      return example
    }
    return LabelledDataset(
      name: name, medium: medium, classes: classes, examples: examples, notes: notes)
  }
}

/// What a source holds: examples to train on and, where it says which, examples to test on.
public struct LabelledData: Sendable {
  /// The examples to train on; some of them may be marked for validation.
  public let training: LabelledDataset
  /// The examples to test on, with the same classes.
  public let test: LabelledDataset?

  /// Data with these parts.
  ///
  /// Parts with different classes or media are a programmer's mistake and trap.
  public init(training: LabelledDataset, test: LabelledDataset? = nil) {
    if let test {
      precondition(test.classes == training.classes, "data: training and test classes differ")
      precondition(test.medium == training.medium, "data: training and test media differ")
    }
    self.training = training
    self.test = test
  }

  /// The same training examples, tested on another dataset's.
  ///
  /// - Throws: `InputError` that names a class of `test` which there is no training for.
  public func tested(on test: LabelledDataset) throws -> LabelledData {
    guard test.medium == training.medium else {
      throw InputError(
        "holds \(test.medium.nouns), and training \(training.medium.nouns)", at: test.name)
    }
    return LabelledData(
      training: training, test: try DataPart.checkedTest(test, classes: training.classes))
  }

  /// What the examples are.
  public var medium: Medium { training.medium }

  /// The notes of both parts.
  public var notes: [String] { training.notes + (test?.notes ?? []) }
}
