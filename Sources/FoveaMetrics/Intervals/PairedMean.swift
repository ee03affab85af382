/// The mean of paired differences, such as those of ROUGE over documents, with a 95 % interval.
///
///     mean ± t₍n₋₁₎ √(s²/n + q/n²),   q the mean square of the differences that are not 0
///
/// Student's interval, as the percentiles of a bootstrap cover 82 to 92 % with eight documents, and q
/// for the document that was not met: where two methods often choose the same, s alone is too small.
/// `docs/numerics.md` has the coverage.
public struct PairedMean: Hashable, Sendable, Codable {
  /// With fewer pairs that differ nothing is said: what they are decides too much.
  public static let fewestDiffering = 6

  /// How many pairs.
  public let count: Int
  /// How many of them differ.
  public let differing: Int
  /// The mean difference.
  public let mean: Double
  /// The interval; absent where fewer than six pairs differ.
  public let interval: ConfidenceInterval?

  /// The mean of the differences of pairs; `nil` for none.
  public init?(_ differences: [Double]) {
    guard let plain = MeanInterval(differences) else { return nil }
    count = plain.count
    mean = plain.mean
    differing = differences.count { $0 != 0 }
    guard differing >= Self.fewestDiffering, let interval = plain.interval else {
      interval = nil
      return
    }
    let n = Double(count)
    let t = StudentDistribution.quantile(0.975, degreesOfFreedom: n - 1)
    let half = (interval.upper - interval.lower) / 2
    let unseen = differences.reduce(0) { $0 + $1 * $1 } / Double(differing) / (n * n)
    let wider = (half * half + t * t * unseen).squareRoot()
    self.interval = ConfidenceInterval(mean - wider, mean + wider)
  }

  /// The mean difference per item of groups of items, a ratio of two sums: of a group with the difference dᵤ
  /// and nᵤ items it is taken as (dᵤ − R (nᵤ − n̄)) / n̄, R = Σ dᵤ / Σ nᵤ (Cochran 1977, section 6.3).
  package init?(sums: [Double], worths: [Int]) {
    let (units, total) = (Double(worths.count), Double(worths.reduce(0, +)))
    guard sums.count == worths.count, total > 0 else { return nil }
    let (ratio, size) = (sums.reduce(0, +) / total, total / units)
    let differing = sums.count { $0 != 0 }
    let values = zip(sums, worths).map { ($0 - ratio * (Double($1) - size)) / size }
    guard let made = PairedMean(values) else { return nil }
    (count, mean, self.differing) = (made.count, ratio, differing)
    interval = differing >= Self.fewestDiffering ? made.interval : nil
  }
}
