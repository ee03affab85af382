import FoveaArray
import Glibc

/// The area under the ROC curve of a score for two groups, with a 95 % interval.
///
/// AUC = P(X > Y) + P(X = Y)/2 for a score X of a positive and Y of a negative item: 0.5 where the
/// score tells nothing, 1 where every positive item scores above every negative one. Its variance S² is
/// that of DeLong et al. 1988, "Comparing the areas under two or more correlated ROC curves", in
/// O(n log n) by the ranks of Sun and Xu 2014, "Fast implementation of DeLong's algorithm", equations 5
/// to 10; of items that belong together that of Obuchowski 1997, "Nonparametric analysis of clustered
/// ROC curve data".
///
/// area ± 1.96 S covers 80 to 93 % with up to 50 items. So the interval solves
///
///     (A − θ)² = z² r V(θ),   r = max(1, (S² + w V(A)) / ((1 + w) V(A))),   w = 3/min(m, n),
///
/// with V(θ) of Newcombe 2006, "Confidence intervals for an effect size measure based on the
/// Mann–Whitney statistic. Part 2", method 5, which needs no estimate, made larger where S² is.
/// `docs/numerics.md` has the coverage.
public struct AreaUnderCurve: Hashable, Sendable, Codable {
  /// With fewer items in one of the groups there is no interval: two positive items are covered by as
  /// few as 82 %.
  public static let fewestItems = 3

  /// The area.
  public let area: Double
  /// S; absent where a group holds one item, from which no variance can be told.
  public let standardError: Double?
  /// The interval; absent where a group holds fewer than three items.
  public let interval: ConfidenceInterval?

  /// The area for these scores.
  ///
  /// - Throws: `InputError` where a group is empty or a score is not a number.
  public init(positives: [Double], negatives: [Double]) throws {
    try self.init(positives: positives, negatives: negatives, belonging: nil)
  }

  /// - Parameter units: what positives and then negatives belong to, if some belong together.
  package init(positives: [Double], negatives: [Double], belonging units: ItemGroups?) throws {
    guard !positives.isEmpty && !negatives.isEmpty else {
      let empty = positives.isEmpty ? "first" : "second"
      throw InputError("the \(empty) group holds no item, so the two cannot be told apart")
    }
    guard positives.allSatisfy({ !$0.isNaN }) && negatives.allSatisfy({ !$0.isNaN }) else {
      throw InputError("a score is not a number")
    }
    let m = Double(positives.count)
    let n = Double(negatives.count)
    let all = Self.midranks(positives + negatives)
    let within = (Self.midranks(positives), Self.midranks(negatives))
    // Of the other group, the share that each item is on the right side of.
    let overNegatives = positives.indices.map { (all[$0] - within.0[$0]) / n }
    let underPositives = negatives.indices.map {
      1 - (all[positives.count + $0] - within.1[$0]) / m
    }
    let area = overNegatives.reduce(0, +) / m
    self.area = area
    guard positives.count > 1 && negatives.count > 1 else {
      standardError = nil
      interval = nil
      return
    }
    var variance: Double?
    var quantile = NormalDistribution.twoSided95
    if let units, !units.areSingle {
      let parts = units.sums(
        overNegatives.map { ($0 - area) / m } + underPositives.map { ($0 - area) / n })
      let count = Double(units.count)
      if units.count > 1 {
        variance = count / (count - 1) * parts.reduce(0) { $0 + $1 * $1 }
        quantile = StudentDistribution.quantile(0.975, degreesOfFreedom: count - 1)
      }
    } else {
      variance =
        Self.variance(overNegatives, mean: area) / m + Self.variance(underPositives, mean: area) / n
    }
    standardError = variance?.squareRoot()
    interval =
      min(positives.count, negatives.count) < Self.fewestItems
      ? nil : variance.map { Self.interval(area, $0, m, n, quantile: quantile) }
  }

  /// The ends are found by halving: between 0 and the area, and between it and 1, the difference of the
  /// two sides changes its sign once.
  private static func interval(
    _ area: Double, _ variance: Double, _ m: Double, _ n: Double, quantile: Double
  ) -> ConfidenceInterval {
    func modelled(_ theta: Double) -> Double {
      let half = (m + n) / 2 - 1
      return theta * (1 - theta) / (m * n)
        * (1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta)))
    }
    let weight = 3 / min(m, n)
    let here = modelled(area)
    let factor = here > 0 ? max(1, (variance + weight * here) / ((1 + weight) * here)) : 1
    func end(_ outside: Double) -> Double {
      if area == outside { return outside }
      var (far, near) = (outside, area)
      for _ in 0..<60 {
        let middle = (far + near) / 2
        let distance = (area - middle) * (area - middle)
        if distance > quantile * quantile * factor * modelled(middle) {
          far = middle
        } else {
          near = middle
        }
      }
      return (far + near) / 2
    }
    return ConfidenceInterval(end(0), end(1))
  }

  /// Ranks from 1; equal numbers share the mean of their ranks.
  private static func midranks(_ numbers: [Double]) -> [Double] {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var ranks = [Double](repeating: 0, count: numbers.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count && numbers[order[end]] == numbers[order[start]] { end += 1 }
      for index in order[start..<end] { ranks[index] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  private static func variance(_ numbers: [Double], mean: Double) -> Double {
    numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count - 1)
  }
}
