import FoveaArray
import Glibc

/// The area under the ROC curve of a score for two groups, with DeLong's 95 % interval.
///
/// AUC = P(X > Y) + P(X = Y)/2 for a score X of a positive and Y of a negative item: 0.5 where the
/// score tells nothing, 1 where every positive item scores above every negative one. DeLong et al.
/// 1988, "Comparing the areas under two or more correlated ROC curves", in O(n log n) by the ranks
/// of Sun and Xu 2014, "Fast implementation of DeLong's algorithm", equations 5 to 10.
public struct AreaUnderCurve: Hashable, Sendable, Codable {
  /// The area.
  public let area: Double
  /// √(S₁₀/m + S₀₁/n); absent where a group holds one item, from which no variance can be told.
  public let standardError: Double?
  /// area ± 1.96 standard errors, cut to 0…1; absent where there is no standard error.
  ///
  /// DeLong's variance is 0 where the groups are apart altogether. The interval then ends at
  /// 0.025^(1/k), k the size of the smaller group: the exact bound from its k disjoint pairs.
  public let interval: ConfidenceInterval?

  /// The area for these scores.
  ///
  /// - Throws: `InputError` where a group is empty or a score is not a number.
  public init(positives: [Double], negatives: [Double]) throws {
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
    area = overNegatives.reduce(0, +) / m
    guard positives.count > 1 && negatives.count > 1 else {
      standardError = nil
      interval = nil
      return
    }
    let variance =
      Self.variance(overNegatives, mean: area) / m + Self.variance(underPositives, mean: area) / n
    let error = variance.squareRoot()
    standardError = error
    if variance == 0 && (area == 0 || area == 1) {
      let bound = pow(0.025, 1 / min(m, n))
      interval = area == 1 ? ConfidenceInterval(bound, 1) : ConfidenceInterval(0, 1 - bound)
    } else {
      let half = NormalDistribution.twoSided95 * error
      interval = ConfidenceInterval(max(area - half, 0), min(area + half, 1))
    }
  }

  /// Ranks from 1; equal numbers share the mean of their ranks.
  private static func midranks(_ numbers: [Double]) -> [Double] {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var ranks = [Double](repeating: 0, count: numbers.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count && numbers[order[end]] == numbers[order[start]] { end += 1 }
      for index in start..<end { ranks[order[index]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  private static func variance(_ numbers: [Double], mean: Double) -> Double {
    numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count - 1)
  }
}
