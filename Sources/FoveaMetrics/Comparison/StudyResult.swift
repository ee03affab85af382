import FoveaArray

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
  /// How many groups of items that belong together there are among them; absent where items have no
  /// groups. Intervals are over groups then.
  public let groupCount: Int?
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
  /// The control of equal size against the plain twin; absent where there is no control.
  public let matchedAgainstPlain: PairedComparison?
  /// The networks that diverged; absent where none did.
  public let diverged: [DivergedNetwork]?
  /// The verdict, from the intervals of the three comparisons alone; where a network diverged and has no
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
    let control = PairedComparison(results, of: .matched, against: .plain)
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
    groupCount = results.groupCount
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
    matchedAgainstPlain = control
    diverged = results.diverged.isEmpty ? nil : results.diverged
    verdict =
      results.diverged.leavesOpen
      ? .noProvenGain
      : Verdict(
        againstPlain: plain.interval, againstMatched: matched?.interval,
        matchedAgainstPlain: control?.interval)
    let words = ComparisonWords(
      results, plain: plain, matched: matched, matchedAgainstPlain: control)
    explanation = words.explanation(of: verdict)
    caveat = words.caveat(of: verdict)
  }
}

extension StudyResult {
  /// The seeds whose network of an arm diverged and has no answers.
  private func unscoredSeeds(of arm: Arm) -> [String] {
    (diverged ?? []).filter { $0.arm == arm && !$0.isScored }.map(\.seed)
  }

  /// Whether the network of an arm and a seed diverged and has no answers.
  package func isUnscored(_ arm: Arm, seed: String) -> Bool {
    unscoredSeeds(of: arm).contains(seed)
  }

  /// What is said where a network's answers are shown, of an arm's seeds that have none; `nil` where all
  /// have some.
  package func unscoredSentence(of arm: Arm) -> String? {
    let seeds = unscoredSeeds(of: arm)
    return switch seeds.count {
    case 0: nil
    case 1: "Without seed \(seeds[0]), whose network has no answers."
    default: "Without seeds \(seeds.joined(separator: ", ")), whose networks have no answers."
    }
  }

  /// The three differences that the verdict follows from, with words for whom and against whom.
  package var differences: [(of: Arm, against: Arm, comparison: PairedComparison)] {
    [(Arm.augmented, Arm.plain, againstPlain)]
      + (againstMatched.map { [(.augmented, .matched, $0)] } ?? [])
      + (matchedAgainstPlain.map { [(.matched, .plain, $0)] } ?? [])
  }

  /// What such a study can see, in a sentence; `nil` where it has no interval, and where it sees nothing
  /// as a network has no answers.
  package var detectableSentence: String? {
    guard diverged?.leavesOpen != true, let plain = againstPlain.detectableDifference else {
      return nil
    }
    let control =
      againstMatched?.detectableDifference.map {
        " from the plain twin, and under \(NumberText.unsignedPoints($0)) from the control,"
      } ?? ""
    let groups = groupCount.map { " in \(NumberText.count($0, "group"))" } ?? ""
    return "With \(NumberText.count(itemCount, "test item"))\(groups) and "
      + "\(NumberText.count(seedCount, "seed")), differences under "
      + "\(NumberText.unsignedPoints(plain)) points\(control) are easily missed."
  }

  /// What the intervals are about, and what they do not cover.
  package static let coverage =
    "A 95 % interval says what the difference may be over other seeds and other items of the kind. It does "
    + "not cover what another training set would change, nor items of another kind."

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
