/// One network against another, over all seeds and items: mostly the one with attention against the plain
/// twin or the control.
///
/// Differences are accuracies of the first less accuracies of the second, within −1…1; of words, word
/// accuracies. Items of one group are added up before anything else, as what happens to them goes together.
public struct PairedComparison: Hashable, Sendable, Codable {
  /// The two networks of one seed, on the same items.
  public struct SeedResult: Hashable, Sendable, Codable {
    /// The seed's name.
    public let seed: String
    /// The first network's accuracy, mostly that with attention, less the other's.
    public let difference: Double
    /// Items that only the first network has right; of words, and of groups, those in which it has fewer
    /// errors.
    public let onlyAugmented: Int
    /// Items that only the other network has right, in the same way.
    public let onlyOther: Int
    /// McNemar's exact two-sided p: these two networks alone, on these items.
    public let mcNemarPValue: Double
  }

  /// The mean over seeds and items.
  public let meanDifference: Double
  /// The 95 % interval for the difference over all seeds and all items of the kind.
  ///
  /// Absent with one seed or one item, see `intervalMissing`. Its method and measured coverage are
  /// in `docs/numerics.md`.
  public let interval: ConfidenceInterval?
  /// Why there is no interval.
  public let intervalMissing: String?
  /// The estimated deviation of `meanDifference` from study to study.
  public let standardError: Double?
  /// Satterthwaite's degrees of freedom of the standard error.
  public let degreesOfFreedom: Double?
  /// The smallest true difference that a study like this one, with as many seeds and items and as
  /// much variation, proves about three times in four; smaller ones are easily missed.
  public let detectableDifference: Double?
  /// The sign-flip test over the seeds' differences.
  public let signFlip: SignFlipTest
  /// Each seed by itself.
  public let seeds: [SeedResult]

  /// The comparison of an arm, mostly that with attention, with `other`; `nil` where the results have no
  /// such network.
  package init?(_ results: PairedResults, of arm: Arm = .augmented, against other: Arm) {
    guard let first = results.unitErrors(of: arm), let second = results.unitErrors(of: other)
    else { return nil }
    let itemCount = results.unitWorths.count
    // What an item or a group is worth on average: 1, its items, or the words said in it.
    let worth = Double(results.worth) / Double(itemCount)
    var differences = [Int](repeating: 0, count: first.count)
    var onlyFirst = [Int](repeating: 0, count: results.seeds.count)
    var onlySecond = onlyFirst
    for index in first.indices where first[index] != second[index] {
      differences[index] = second[index] - first[index]
      if first[index] < second[index] {
        onlyFirst[index / itemCount] += 1
      } else {
        onlySecond[index / itemCount] += 1
      }
    }
    // Accuracies differ by 1 at most; word accuracies know no such bound.
    let most = results.words == nil ? worth : Double.infinity
    let mean = CrossedMean(
      differences: differences, seedCount: results.seeds.count, itemCount: itemCount,
      worths: results.unitWorths, most: results.words == nil ? worth : 1)
    meanDifference = mean.mean / worth
    interval = mean.spread.map {
      ConfidenceInterval(
        max(mean.mean - $0.halfWidth, -most) / worth, min(mean.mean + $0.halfWidth, most) / worth)
    }
    intervalMissing =
      if mean.spread != nil {
        nil
      } else if results.seeds.count == 1 {
        "One seed cannot show how much results vary from seed to seed"
      } else {
        results.groups == nil
          ? "One item cannot show how much results vary from item to item"
          : "One group cannot show how much results vary from group to group"
      }
    standardError = mean.spread.map { $0.standardError / worth }
    degreesOfFreedom = mean.spread?.degreesOfFreedom
    detectableDifference = mean.spread.map { min($0.detectableDifference, most) / worth }
    signFlip = SignFlipTest(differences: mean.seedTotals)
    seeds = results.seeds.enumerated().map { index, seed in
      SeedResult(
        seed: seed, difference: Double(mean.seedTotals[index]) / Double(results.worth),
        onlyAugmented: onlyFirst[index], onlyOther: onlySecond[index],
        mcNemarPValue: McNemarTest(onlyFirst: onlyFirst[index], onlySecond: onlySecond[index])
          .pValue)
    }
  }
}
