import FoveaMetrics
import Testing

/// Golden numbers: `Tests/References/statistics.py` (scipy).
struct DistributionTests {
  @Test(
    arguments: [
      (0.5, 0.5, 0.3, 0.36901011956554536),
      (2, 3, 0.25, 0.26171875),
      (5, 0.5, 0.9, 0.3166429150200122),
      (40, 60, 0.37, 0.27327172080292333),
      (0.7, 300, 0.001, 0.4204174576886159),
      (3, 2, 1e-8, 3.9999999700000005e-24),
    ] as [(Double, Double, Double, Double)])
  func incompleteBeta(a: Double, b: Double, x: Double, expected: Double) {
    let value = IncompleteBeta.regularized(x, complement: 1 - x, a: a, b: b)
    #expect(abs(value - expected) < 1e-12 * expected)
    let mirrored = IncompleteBeta.regularized(1 - x, complement: x, a: b, b: a)
    #expect(abs(mirrored + expected - 1) < 1e-12)
  }

  /// The logarithm of Γ is subtracted from itself there, which costs digits.
  @Test(
    arguments: [
      (1e5, 0.5, 0.99998, 0.04549945402685975),
      (1e6, 1e6, 0.4995, 0.07864957758091215),
    ] as [(Double, Double, Double, Double)])
  func incompleteBetaOfLargeParameters(a: Double, b: Double, x: Double, expected: Double) {
    let value = IncompleteBeta.regularized(x, complement: 1 - x, a: a, b: b)
    #expect(abs(value - expected) < 1e-8 * expected)
  }

  @Test func incompleteBetaAtItsEnds() {
    #expect(IncompleteBeta.regularized(0, complement: 1, a: 2, b: 3) == 0)
    #expect(IncompleteBeta.regularized(1, complement: 0, a: 2, b: 3) == 1)
  }

  @Test(
    arguments: [
      (1e-12, -7.034483825301131),
      (0.001, -3.090232306167813),
      (0.025, -1.9599639845400545),
      (0.2, -0.8416212335729142),
      (0.5, 0),
      (0.8, 0.8416212335729143),
      (0.975, 1.959963984540054),
      (0.999999, 4.753424308817087),
    ] as [(Double, Double)])
  func normalQuantile(probability: Double, expected: Double) {
    // Near 1 the probability itself holds only so many digits of the tail.
    let tolerance = 1e-15 + (probability > 0.5 ? 1e-16 / (1 - probability) : 0)
    let value = NormalDistribution.quantile(probability)
    #expect(abs(value - expected) <= tolerance * max(abs(expected), 1))
  }

  @Test(
    arguments: [
      (-8.0, 6.22096057427174e-16),
      (-1.5, 0.06680720126885807),
      (0, 0.5),
      (0.3, 0.6179114221889526),
      (2.5, 0.9937903346742238),
    ] as [(Double, Double)])
  func normalCumulative(z: Double, expected: Double) {
    #expect(abs(NormalDistribution.cumulative(z) - expected) < 1e-13 * expected)
  }

  @Test(
    arguments: [
      (0.975, 1, 12.706204736174694),
      (0.975, 2, 4.302652729749462),
      (0.975, 2.37, 3.7189208397974567),
      (0.8, 2.37, 1.0209331751034898),
      (0.975, 4, 2.7764451051977934),
      (0.9, 11.5, 1.3596578367644265),
      (0.975, 299, 1.9679296690656698),
      (0.975, 1e6, 1.959966356814107),
      (0.025, 3.5, -2.9400886379827296),
      (0.999999, 1, 318_309.88617359026),
      (0.51, 7, 0.025977941569516962),
      (0.5, 7, 0),
    ] as [(Double, Double, Double)])
  func studentQuantile(probability: Double, degreesOfFreedom: Double, expected: Double) {
    let value = StudentDistribution.quantile(probability, degreesOfFreedom: degreesOfFreedom)
    #expect(abs(value - expected) <= 1e-9 * abs(expected))
  }

  @Test(
    arguments: [
      (0, 10, 0.5, 0.0009765625),
      (3, 10, 0.5, 0.171875),
      (40, 100, 0.5, 0.028443966820490444),
      (499, 1000, 0.5, 0.48738749091081973),
      (1, 43, 0.05, 0.3595448860300172),
      (100, 1000, 0.5, 6.701717790006182e-162),
    ] as [(Int, Int, Double, Double)])
  func binomialCumulative(successes: Int, trials: Int, probability: Double, expected: Double) {
    let value = BinomialDistribution.cumulative(
      successes, trials: trials, probability: probability)
    #expect(abs(value - expected) < 1e-11 * expected)
  }

  @Test func binomialCumulativeOutsideItsRange() {
    #expect(BinomialDistribution.cumulative(-1, trials: 4, probability: 0.5) == 0)
    #expect(BinomialDistribution.cumulative(4, trials: 4, probability: 0.5) == 1)
    #expect(BinomialDistribution.cumulative(0, trials: 0, probability: 0.5) == 1)
  }
}
