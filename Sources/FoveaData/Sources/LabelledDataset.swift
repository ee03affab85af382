package import FoundationEssentials
import FoveaArray

/// Labelled examples of one medium in a fixed order.
public struct LabelledDataset: Sendable {
  /// What a person calls it: the path as given.
  public let name: String
  /// What the examples are.
  public let medium: Medium
  /// The names of the classes, or the words of transcripts; a label is an index into them.
  public let classes: [String]
  /// The examples, in an order that depends on the data alone.
  public let examples: [LabelledExample]
  /// What was ignored, and what to mind, as sentences for people.
  public let notes: [String]

  /// A dataset of these examples.
  ///
  /// - Throws: `InputError` when two classes have one name or one has none, or when the label or a
  ///   word of an example is no index into `classes`; the example is named.
  public init(
    name: String, medium: Medium = .picture, classes: [String], examples: [LabelledExample],
    notes: [String] = []
  ) throws {
    var seen: Set<String> = []
    for (index, name) in classes.enumerated() {
      guard !name.isEmpty else {
        throw InputError("class \(index) has no name", at: name, advice: "Give each class a name")
      }
      guard seen.insert(name).inserted else {
        throw InputError(
          "two classes are called \(name)", at: name,
          advice: "Give each class once, and its index as the label of all its examples")
      }
    }
    for example in examples {
      for label in [example.label] + (example.words ?? [])
      where !(classes.indices.contains(label)) {
        throw InputError(
          "the label \(label) is none of \(NumberText.count(classes.count, "class", plural: "classes"))",
          at: example.name, row: example.row,
          advice: "A label is an index into the classes, from 0")
      }
    }
    self.init(name: name, medium: medium, classes: classes, made: examples, notes: notes)
  }

  /// A dataset that Fovea made itself: whoever calls this has the labels right.
  package init(
    name: String, medium: Medium = .picture, classes: [String], made examples: [LabelledExample],
    notes: [String] = []
  ) {
    self.name = name
    self.medium = medium
    self.classes = classes
    self.examples = examples
    self.notes = notes
  }

  /// The same examples with one more note.
  func adding(notes: [String]) -> LabelledDataset {
    LabelledDataset(
      name: name, medium: medium, classes: classes, made: examples, notes: self.notes + notes)
  }

  /// - Throws: `InputError` that names an index which no example has.
  func checkExamples(_ indices: [Int]) throws {
    for index in indices where !examples.indices.contains(index) {
      throw InputError("there is no example \(index), only \(examples.count) from 0", at: name)
    }
  }

  /// What is known of the examples: a class of each, or its words.
  public var task: LearningTask {
    examples.contains { $0.words != nil } ? .transcribe : .classify
  }

  /// How many examples each class has, or how often each word is said.
  public var countsByClass: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for index in examples.flatMap(\.labels) { counts[index] += 1 }
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
    let unknown = self.classes.indices.filter {
      counts[$0] > 0 && positions[self.classes[$0]] == nil
    }
    .map { self.classes[$0] }
    guard unknown.isEmpty else {
      throw ClassNames.unknown(unknown, among: classes, task, at: self.name)
    }
    let mapping = self.classes.map { positions[$0] ?? -1 }
    let examples = examples.map { example in
      var example = example
      example.words = example.words?.map { mapping[$0] }
      example.label = example.words.map { $0.first ?? 0 } ?? mapping[example.label]
      return example
    }
    return LabelledDataset(
      name: name, medium: medium, classes: classes, made: examples, notes: notes)
  }
}

/// What a source holds: examples to train on and, where it says which, examples to test on.
public struct LabelledData: Sendable {
  /// The examples to train on; some of them may be marked for validation.
  public let training: LabelledDataset
  /// The examples to test on, with the same classes.
  public let test: LabelledDataset?

  /// Data to train on.
  public init(training: LabelledDataset) {
    self.training = training
    test = nil
  }

  /// Data with these parts.
  ///
  /// - Throws: `InputError` when the parts have different classes or media.
  public init(training: LabelledDataset, test: LabelledDataset?) throws {
    if let test {
      try Self.checkMedium(of: test, training)
      guard test.classes == training.classes else {
        throw InputError(
          "the test part has the classes \(test.classes.joined(separator: ", ")), and "
            + "training \(training.classes.joined(separator: ", "))",
          at: test.name,
          advice: "Give both the same in the same order, or use relabelled(to:)")
      }
    }
    self.training = training
    self.test = test
  }

  /// The same training examples, tested on another dataset's.
  ///
  /// - Throws: `InputError` that names a class of `test` which there is no training for.
  public func tested(on test: LabelledDataset) throws -> LabelledData {
    try Self.checkMedium(of: test, training)
    return try LabelledData(
      training: training, test: try DataPart.checkedTest(test, classes: training.classes))
  }

  /// The same with notes on what to mind, for data that no source has looked at.
  ///
  /// - Throws: `InputError` when there is nothing to train on or to test on, or only one class.
  package func checkedForTraining() throws -> LabelledData {
    let learned = LabelledDataset(
      name: training.name, medium: medium, classes: training.classes,
      made: training.examples.filter { !$0.isValidation })
    let advice = "Give examples of two classes at least, and do not mark all for validation"
    var notes: [String] = []
    if training.task == .classify {
      notes = try ClassNames.notes(on: learned, advice: advice)
    } else if learned.examples.isEmpty {
      throw InputError("there are no \(medium.nouns)", at: training.name, advice: advice)
    }
    if let test, test.examples.isEmpty {
      throw InputError(
        "there are no \(medium.nouns) to test on", at: test.name, advice: "Leave the part out")
    }
    return try LabelledData(training: training.adding(notes: notes), test: test)
  }

  private static func checkMedium(of test: LabelledDataset, _ training: LabelledDataset) throws {
    guard test.medium == training.medium else {
      throw InputError(
        "holds \(test.medium.nouns), and training \(training.medium.nouns)", at: test.name)
    }
  }

  /// What the examples are.
  public var medium: Medium { training.medium }

  /// The files that examples are in.
  package var files: [URL] {
    (training.examples + (test?.examples ?? [])).compactMap { example in
      if case .file(let url) = example.content { url } else { nil }
    }
  }

  /// The notes of both parts.
  public var notes: [String] { training.notes + (test?.notes ?? []) }
}
