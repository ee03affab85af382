/// What a network reached that stands beside a comparison: a simple one that whatever is compared should
/// beat.
public struct ControlResult: Hashable, Sendable, Codable {
  /// The network's name.
  public let name: String
  /// Its accuracy with each seed.
  public let accuracies: [Double]
  /// The network with attention against it.
  public let augmentedAgainst: PairedComparison

  /// The network for people.
  public var title: String {
    name == "bag" ? "a bag of words (the mean of the words' vectors, and a dense layer)" : name
  }

  /// The mean over seeds.
  public var accuracy: Double { accuracies.reduce(0, +) / Double(max(accuracies.count, 1)) }

  /// - Parameter isCorrect: for each seed and item of `results`, whether the network was right.
  package init?(_ name: String, _ isCorrect: [[Bool]], beside results: PairedResults) throws {
    guard let attending = results.outcomes(of: .augmented) else { return nil }
    let count = results.items.count
    let paired = try PairedResults(
      seeds: results.seeds, items: results.items, plain: isCorrect,
      augmented: results.seeds.indices.map { Array(attending[($0 * count)..<(($0 + 1) * count)]) })
    guard let against = PairedComparison(paired, against: .plain) else { return nil }
    self.name = name
    augmentedAgainst = against
    accuracies = isCorrect.map { row in Double(row.count { $0 }) / Double(max(row.count, 1)) }
  }
}
