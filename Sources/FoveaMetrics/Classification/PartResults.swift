/// How results differ between parts of the items: speakers, clinics, years.
public struct PartResults: Hashable, Sendable, Codable {
  /// One part.
  public struct Part: Hashable, Sendable, Codable {
    /// What the items have in common.
    public let value: String
    /// How many items there are.
    public let itemCount: Int
    /// The share of items that are right; of transcripts, without any error.
    public let accuracy: Double
    /// Its 95 % interval, as of the whole.
    public let accuracyInterval: ConfidenceInterval
    /// Errors over words said; absent where items have classes, or nothing is said.
    public let wordErrorRate: Double?
    /// Its 95 % interval; absent with a single item or group.
    public let wordErrorRateInterval: ConfidenceInterval?
    /// The words said; absent where items have classes.
    public let wordCount: Int?
  }

  /// What tells the parts apart: the name of a column.
  public let column: String
  /// The parts in the order of their names, numbers in their own.
  public let parts: [Part]

  /// The results of items with these values.
  ///
  /// - Parameters:
  ///   - isCorrect: whether each item is right.
  ///   - words: the errors of each item's words; `nil` where items have classes.
  ///   - groups: what each item belongs to, if it does.
  package init(
    by column: String, values: [String], isCorrect: [Bool], words: [WordErrors]?,
    groups: [String?]?
  ) {
    self.column = column
    let members = Dictionary(grouping: values.indices) { values[$0] }
    let names = members.keys.sorted { first, second in
      if let one = Double(first), let other = Double(second), one != other { return one < other }
      return first < second
    }
    parts = names.map { name in
      let items = members[name] ?? []
      let units = ItemGroups(items.map { groups?[$0] })
      let right = items.map { isCorrect[$0] ? 1 : 0 }
      let errors = words.map { words in items.map { words[$0] } }
      let total = errors?.reduce(WordErrors(words: 0), +)
      let isSaid = (total?.words ?? 0) > 0
      return Part(
        value: name, itemCount: items.count,
        accuracy: Double(right.reduce(0, +)) / Double(items.count),
        accuracyInterval: RatioInterval.share(
          units.sums(right), of: units.sums(right.map { _ in 1 })),
        wordErrorRate: isSaid ? total.map { Double($0.count) / Double($0.words) } : nil,
        wordErrorRateInterval: isSaid
          ? errors.flatMap {
            RatioInterval.rate(units.sums($0.map(\.count)), of: units.sums($0.map(\.words)))
          } : nil,
        wordCount: total?.words)
    }
  }
}
