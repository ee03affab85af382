public import FoveaArray

/// Some examples set aside, class by class, with groups kept whole.
///
/// Every class gives the same share, rounded, but at least one example and never all. Groups (a
/// patient's pictures) go to one side: in random order, a group is set aside if no class then
/// exceeds its share; then, from the smallest, if that brings the shares closer. So shares of
/// grouped data are close but not exact.
public struct StratifiedSplit: Hashable, Sendable {
  /// The examples that stay, in ascending order.
  public let kept: [Int]
  /// The examples set aside, in ascending order.
  public let heldOut: [Int]
  /// What people are told of it, as sentences: a validation part of the source's own, and classes of which
  /// nothing could be set aside.
  public let notes: [String]

  /// Sets `fraction` of the examples with these `indices` aside.
  ///
  /// - Throws: `InputError` when the fraction is not at least 0 and below 1.
  public init(
    of dataset: LabelledDataset, among indices: [Int], fraction: Double, key: RandomKey
  ) throws {
    guard fraction >= 0, fraction < 1 else {
      throw InputError(
        "a share of \(fraction) cannot be set aside",
        advice: "Give a number from 0 up to, not including, 1")
    }
    try dataset.checkExamples(indices)
    let groups = Self.groups(of: dataset, among: indices)
    let counts = Self.counts(indices, dataset)
    let wanted = counts.map { Self.wanted(of: $0, fraction) }
    var taken = [Int](repeating: 0, count: counts.count)
    var isTaken = [Bool](repeating: false, count: groups.count)
    func take(_ group: Int, _ members: [Int: Int]) {
      isTaken[group] = true
      for (label, count) in members { taken[label] += count }
    }
    let members = groups.map { group in
      group.reduce(into: [Int: Int]()) { $0[dataset.examples[$1].label, default: 0] += 1 }
    }
    let order = key.permutation(of: groups.count)
    for group in order
    where members[group].allSatisfy({ taken[$0.key] + $0.value <= wanted[$0.key] }) {
      take(group, members[group])
    }
    for group in order.filter({ !isTaken[$0] }).sorted(by: { groups[$0].count < groups[$1].count })
    {
      var change = 0
      for (label, count) in members[group] {
        // A class must not leave training altogether.
        guard taken[label] + count < counts[label] else {
          change = .max
          break
        }
        change += abs(taken[label] + count - wanted[label]) - abs(taken[label] - wanted[label])
      }
      if change < 0 { take(group, members[group]) }
    }
    kept = groups.indices.filter { !isTaken[$0] }.flatMap { groups[$0] }.sorted()
    heldOut = groups.indices.filter { isTaken[$0] }.flatMap { groups[$0] }.sorted()
    if fraction > 0, groups.count < indices.count, !isTaken.contains(true) {
      // One sentence for all classes, and the one that counts.
      let share = NumberText.fixed(100 * fraction, decimals: 0)
      notes = [
        "Nothing could be set aside: each of the \(NumberText.count(groups.count, "group")) holds more than "
          + "\(share) % of a class. A larger share, more groups or a part of your own would change that."
      ]
      return
    }
    notes =
      fraction == 0 || dataset.task == .transcribe
      ? []
      : dataset.classes.indices.filter { counts[$0] > 0 && taken[$0] == 0 }.map { label in
        let name = dataset.classes[label]
        return counts[label] == 1
          ? "Class \(name) has one \(dataset.medium.noun) only; it stays in training."
          : "Nothing of class \(name) could be set aside without tearing a group apart."
      }
  }

  private init(kept: [Int], heldOut: [Int], notes: [String]) {
    self.kept = kept
    self.heldOut = heldOut
    self.notes = notes
  }

  /// The validation part: what the source itself sets aside, or else `fraction` of the examples
  /// drawn with `key`; nothing when the fraction is 0.
  ///
  /// - Throws: `InputError` when the fraction is not at least 0 and below 1.
  public static func validation(
    of dataset: LabelledDataset, among indices: [Int], fraction: Double, key: RandomKey
  ) throws -> StratifiedSplit {
    try dataset.checkExamples(indices)
    let given = indices.filter { dataset.examples[$0].isValidation }
    if fraction > 0, !given.isEmpty {
      return StratifiedSplit(
        kept: indices.filter { !dataset.examples[$0].isValidation }.sorted(),
        heldOut: given.sorted(),
        // Said here and not where the source is read: who evaluates or splits nothing off does not use it.
        notes: [
          "The data set \(NumberText.count(given.count, dataset.medium.noun)) aside for validation; no "
            + "other validation part is split off."
        ])
    }
    return try StratifiedSplit(
      of: dataset, among: indices, fraction: fraction, key: key.folding("validation"))
  }

  /// A test part for data that has none: a fifth of the examples, unless told otherwise.
  ///
  /// - Throws: `InputError` when the fraction is not at least 0 and below 1.
  public static func test(
    of dataset: LabelledDataset, among indices: [Int], fraction: Double = 0.2, key: RandomKey
  ) throws -> StratifiedSplit {
    try StratifiedSplit(
      of: dataset, among: indices, fraction: fraction, key: key.folding("test"))
  }

  /// How many of a class are set aside where no groups are to be kept whole.
  private static func wanted(of count: Int, _ fraction: Double) -> Int {
    fraction == 0 || count < 2
      ? 0 : min(max(Int((Double(count) * fraction).rounded()), 1), count - 1)
  }

  /// How many examples a tenth is, of classes of these sizes without groups.
  static func tenth(of counts: [Int]) -> Int {
    counts.reduce(0) { $0 + wanted(of: $1, 0.1) }
  }

  /// Groups in the order of their first members; an example without a group is one by itself.
  private static func groups(of dataset: LabelledDataset, among indices: [Int]) -> [[Int]] {
    var groups: [[Int]] = []
    var positions: [String: Int] = [:]
    for index in indices.sorted() {
      if let name = dataset.examples[index].group {
        if let position = positions[name] {
          groups[position].append(index)
          continue
        }
        positions[name] = groups.count
      }
      groups.append([index])
    }
    return groups
  }

  private static func counts(_ indices: [Int], _ dataset: LabelledDataset) -> [Int] {
    var counts = [Int](repeating: 0, count: dataset.classes.count)
    for index in indices { counts[dataset.examples[index].label] += 1 }
    return counts
  }
}
