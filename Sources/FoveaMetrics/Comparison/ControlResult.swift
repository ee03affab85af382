/// What a network reached that stands beside a comparison: a simple one that whatever is compared should
/// beat.
public struct ControlResult: Hashable, Sendable, Codable {
  /// The network's name.
  public let name: String
  /// Its accuracy with each seed.
  public let accuracies: [Double]
  /// The network with attention against it.
  public let augmentedAgainst: PairedComparison

  /// The seeds with which it diverged and has no answers; absent where there are none.
  public let diverged: [String]?

  /// What is said of the seeds with which it diverged; `nil` where there are none.
  package var divergedSentence: String? {
    diverged.map {
      "It diverged with \($0.count == 1 ? "seed" : "seeds") \($0.joined(separator: ", ")), "
        + "where every item counts as wrong."
    }
  }

  /// The mean over seeds.
  public var accuracy: Double { accuracies.reduce(0, +) / Double(max(accuracies.count, 1)) }

  /// - Parameters:
  ///   - isCorrect: for each seed and item of `results`, whether the network was right.
  ///   - diverged: the seeds with which it diverged and has no answers.
  package init?(
    _ name: String, _ isCorrect: [[Bool]], beside results: PairedResults, diverged: [String] = []
  ) throws {
    guard let attending = results.outcomes(of: .augmented) else { return nil }
    let count = results.items.count
    let paired = try PairedResults(
      seeds: results.seeds, items: results.items, plain: isCorrect,
      augmented: results.seeds.indices.map { Array(attending[($0 * count)..<(($0 + 1) * count)]) },
      groups: results.groups)
    guard let against = PairedComparison(paired, against: .plain) else { return nil }
    self.name = name
    self.diverged = diverged.isEmpty ? nil : diverged
    augmentedAgainst = against
    accuracies = isCorrect.map { row in Double(row.count { $0 }) / Double(max(row.count, 1)) }
  }
}
