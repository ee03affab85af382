import FoveaArray

/// The number of successes in independent trials.
package enum BinomialDistribution {
  /// P(X ≤ successes) = I_{1−p}(n − k, k + 1)
  package static func cumulative(
    _ successes: Int, trials: Int, probability: Double
  ) -> Double {
    require(trials >= 0, "binomial: \(trials) trials")
    require((0...1).contains(probability), "binomial: probability \(probability)")
    if successes < 0 { return 0 }
    if successes >= trials { return 1 }
    return IncompleteBeta.regularized(
      1 - probability, complement: probability,
      a: Double(trials - successes), b: Double(successes) + 1)
  }
}
