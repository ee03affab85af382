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
        guard stratum.positives.count >= 2, stratum.negatives.count >= 2 else { return nil }
        let (area, squaredError) = Self.delong(stratum)
        let weight = Double(stratum.positives.count) * Double(stratum.negatives.count)
        pairs += weight
        sum += weight * area
        variance += weight * weight * squaredError
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

    /// The area of one stratum and the squared standard error of it.
    private static func delong(_ stratum: Stratum) -> (area: Double, squaredError: Double) {
      let positives = placements(of: stratum.positives, among: stratum.negatives)
      let negatives = placements(of: stratum.negatives, among: stratum.positives)
      let area = positives.reduce(0, +) / Double(positives.count)
      return (
        area,
        variance(positives) / Double(positives.count) + variance(negatives)
          / Double(negatives.count)
      )
    }

    /// For each score the share of `others` below it; ties count half.
    private static func placements(of scores: [Double], among others: [Double]) -> [Double] {
      let others = others.sorted()
      return scores.map { score in
        let below = others.partitioningIndex { $0 >= score }
        let notAbove = others.partitioningIndex { $0 > score }
        return Double(below + notAbove) / 2 / Double(others.count)
      }
    }

    private static func variance(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
  }
}

extension [Double] {
  /// The first index at which `isPast` holds, in an array sorted by it.
  fileprivate func partitioningIndex(_ isPast: (Double) -> Bool) -> Int {
    var range = 0..<count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = isPast(self[middle]) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
    }
    return range.lowerBound
  }
}
