import FoveaArray

/// The order of classes and the rules for their names, in one place for all sources.
enum ClassNames {
  /// Class names in order: by value where all are whole numbers, else by their bytes, so that the
  /// order depends neither on the machine nor on the language.
  static func ordered(_ names: some Collection<String>) -> [String] {
    let numbers = Dictionary(
      names.compactMap { name in wholeNumber(name).map { (name, $0) } },
      uniquingKeysWith: { first, _ in first })
    return names.sorted { left, right in
      if numbers.count == names.count, let first = numbers[left], let second = numbers[right],
        first != second
      {
        return first < second
      }
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
  }

  private static func wholeNumber(_ name: String) -> Int? {
    name.utf8.allSatisfy { (48...57).contains($0) } ? Int(name) : nil
  }

  /// Refuses classes that a person would take for one: `Cat` and `cat`, or the same accented
  /// letter encoded in two ways.
  ///
  /// - Throws: `InputError` that names both.
  static func checkDistinct(_ names: some Sequence<String>, at place: String) throws {
    var seen: [String: String] = [:]
    for name in names {
      if let other = seen.updateValue(name, forKey: name.lowercased()) {
        throw InputError(
          other == name
            ? "the class \(name) occurs twice, with its letters encoded in two ways"
            : "the classes \(other) and \(name) differ only in letter case",
          at: place, advice: "Rename one, or merge the two")
      }
    }
  }

  /// What is said of classes that are not among those known: all of them, and what was probably meant.
  static func unknown(
    _ names: [String], among classes: [String], _ task: LearningTask, at place: String
  ) -> InputError {
    let some = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    let meant = names.prefix(5).compactMap { name in
      Spelling.nearest(to: name, among: classes).map { "\($0) for \(name)" }
    }
    let question = meant.isEmpty ? "" : "Did you mean \(meant.joined(separator: ", "))? "
    return InputError(
      names.count == 1
        ? "the \(task.labelNoun) \(some) is unknown"
        : "\(NumberText.count(names.count)) \(task.labelNouns) are unknown: \(some)", at: place,
      advice: "\(question)\(task.trainedOn): \(classes.joined(separator: ", "))")
  }

  /// Refuses data that cannot train a classifier, and says what to mind about the rest.
  ///
  /// - Throws: `InputError` when there is no example, or fewer than two classes have any.
  static func notes(on dataset: LabelledDataset, advice: String) throws -> [String] {
    let counts = dataset.countsByClass
    guard !dataset.examples.isEmpty else {
      throw InputError("there are no \(dataset.medium.nouns)", at: dataset.name, advice: advice)
    }
    let present = dataset.classes.indices.filter { counts[$0] > 0 }
    guard present.count >= 2 else {
      throw InputError(
        "all \(dataset.medium.nouns) are of one class: \(dataset.classes[present[0]])",
        at: dataset.name,
        advice: "A classifier needs two classes at least. \(advice)")
    }
    return present.filter { counts[$0] == 1 }.map {
      "\(dataset.name): class \(dataset.classes[$0]) has one \(dataset.medium.noun) only; "
        + "it is trained on and cannot be validated."
    }
  }
}
