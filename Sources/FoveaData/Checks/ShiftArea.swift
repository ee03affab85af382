import FoveaMetrics

extension ShiftCheck {
  /// The area under the receiver operating characteristic: the chance that a score tells a positive
  /// from a negative item, with a 95 % interval.
  public struct Area: Hashable, Sendable, Codable {
    /// 0.5 where the scores tell nothing, 1 where every positive scores above every negative.
    public let value: Double
    /// The lower end of the 95 % interval.
    public let lower: Double
    /// The upper end of the 95 % interval.
    public let upper: Double

    /// Scores of items that may be compared with each other: those of one fold.
    package struct Stratum {
      package let positives: [Double]
      package let negatives: [Double]

      package init(positives: [Double], negatives: [Double]) {
        self.positives = positives
        self.negatives = negatives
      }
    }

    /// The area over all pairs of a positive and a negative item of the same stratum; `nil` where a
    /// stratum has fewer than two items of a kind.
    ///
    /// DeLong, DeLong and Clarke-Pearson 1988, "Comparing the areas under two or more correlated
    /// receiver operating characteristic curves", with the ranks of Sun and Xu 2014. Strata are
    /// weighed by their pairs; the interval is the normal one.
    ///
    /// - Parameters:
    ///   - strata: the scores.
    ///   - isCrossValidated: whether each stratum was scored by a model fitted to the others. Such
    ///     strata are not independent, and the variance is multiplied by
    ///     1 + folds · (scored / fitted) = 1 + k / (k − 1). Nadeau and Bengio 2003, "Inference for
    ///     the generalization error".
    package init?(_ strata: [Stratum], isCrossValidated: Bool = false) {
      var pairs = 0.0
      var sum = 0.0
      var variance = 0.0
      for stratum in strata {
        guard
          let area = try? AreaUnderCurve(
            positives: stratum.positives, negatives: stratum.negatives),
          let standardError = area.standardError
        else { return nil }
        let weight = Double(stratum.positives.count) * Double(stratum.negatives.count)
        pairs += weight
        sum += weight * area.area
        variance += weight * weight * standardError * standardError
      }
      guard pairs > 0 else { return nil }
      if isCrossValidated {
        variance *= 1 + Double(strata.count) / Double(max(1, strata.count - 1))
      }
      value = sum / pairs
      // 1.96: 97.5 % of the normal distribution lie below.
      let margin = 1.96 * variance.squareRoot() / pairs
      lower = max(0, value - margin)
      upper = min(1, value + margin)
    }
  }
}
