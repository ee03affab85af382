/// A whole comparison: each seed, all seeds together, and the verdict with its reason.
public struct StudyResult: Hashable, Sendable, Codable {
  /// The accuracies of the networks that one seed trained.
  public struct Accuracies: Hashable, Sendable, Codable {
    /// The seed's name.
    public let seed: String
    /// With attention.
    public let augmented: Double
    /// Of the plain twin.
    public let plain: Double
    /// Of the control; absent where there is none.
    public let matched: Double?
  }

  /// What is measured: accuracies of what below is called so, or word accuracies.
  public let measure: ComparisonMeasure
  /// How many seeds were trained.
  public let seedCount: Int
  /// How many test items every network met.
  public let itemCount: Int
  /// The accuracies by seed.
  public let seeds: [Accuracies]
  /// The mean accuracy with attention.
  public let augmentedAccuracy: Double
  /// The mean accuracy of the plain twin.
  public let plainAccuracy: Double
  /// The mean accuracy of the control; absent where there is none.
  public let matchedAccuracy: Double?
  /// Attention against the plain twin.
  public let againstPlain: PairedComparison
  /// Attention against the control of equal size; absent where there is none.
  public let againstMatched: PairedComparison?
  /// The networks that diverged; absent where none did.
  public let diverged: [DivergedNetwork]?
  /// The verdict, from the intervals of the two comparisons alone; where a network diverged and has no
  /// answers nothing is proven.
  public let verdict: Verdict
  /// The verdict's reason in one sentence, in numbers.
  public let explanation: String
  /// What these results cannot tell, as a sentence; absent where nothing is left open.
  public let caveat: String?

  /// The comparison of these results.
  public init(_ results: PairedResults) {
    guard let plain = PairedComparison(results, against: .plain) else {
      fatalError("comparison: results without a plain twin")
    }
    let matched = PairedComparison(results, against: .matched)
    let itemCount = results.items.count
    func accuracies(_ arm: Arm) -> [Double]? {
      results.errors(of: arm).map { errors in
        results.seeds.indices.map { seed in
          let row = errors[(seed * itemCount)..<((seed + 1) * itemCount)]
          return Double(results.worth - row.reduce(0, +)) / Double(results.worth)
        }
      }
    }
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
    let augmentedBySeed = accuracies(.augmented) ?? []
    let plainBySeed = accuracies(.plain) ?? []
    let matchedBySeed = accuracies(.matched)
    measure = results.measure
    seedCount = results.seeds.count
    self.itemCount = itemCount
    seeds = results.seeds.enumerated().map { index, seed in
      Accuracies(
        seed: seed, augmented: augmentedBySeed[index], plain: plainBySeed[index],
        matched: matchedBySeed?[index])
    }
    augmentedAccuracy = mean(augmentedBySeed)
    plainAccuracy = mean(plainBySeed)
    matchedAccuracy = matchedBySeed.map(mean)
    againstPlain = plain
    againstMatched = matched
    diverged = results.diverged.isEmpty ? nil : results.diverged
    verdict =
      results.diverged.leavesOpen
      ? .noProvenGain
      : Verdict(
        againstPlain: plain.interval, againstMatched: matched?.interval,
        hasMatched: results.hasMatched)
    let words = ComparisonWords(
      measure: results.measure, seedCount: results.seeds.count, itemCount: itemCount,
      plain: plain, matched: matched, diverged: results.diverged)
    explanation = words.explanation(of: verdict)
    caveat = words.caveat(of: verdict)
  }
}

extension StudyResult {
  /// Whether the network of an arm and a seed diverged and has no answers.
  package func isUnscored(_ arm: Arm, seed: String) -> Bool {
    diverged?.contains { $0.arm == arm && $0.seed == seed && !$0.isScored } ?? false
  }

  /// The mean accuracy of an arm; `nil` where there is no such network.
  package func accuracy(of arm: Arm) -> Double? {
    switch arm {
    case .augmented: augmentedAccuracy
    case .plain: plainAccuracy
    case .matched: matchedAccuracy
    }
  }
}

extension StudyResult.Accuracies {
  /// The accuracy of an arm; `nil` where there is no such network.
  package func accuracy(of arm: Arm) -> Double? {
    switch arm {
    case .augmented: augmented
    case .plain: plain
    case .matched: matched
    }
  }
}
