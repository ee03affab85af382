import FoveaMetrics
import Testing

/// Golden numbers: `Tests/References/statistics.py` (scipy, and all sign patterns one by one).
struct McNemarTestTests {
  @Test(
    arguments: [
      (0, 0, 1), (1, 0, 1), (5, 0, 0.0625), (2, 9, 0.0654296875), (30, 31, 1),
      (100, 160, 0.00023894190306813953),
    ] as [(Int, Int, Double)])
  func pValue(onlyFirst: Int, onlySecond: Int, expected: Double) {
    let test = McNemarTest(onlyFirst: onlyFirst, onlySecond: onlySecond)
    expectClose(test.pValue, expected)
    expectClose(McNemarTest(onlyFirst: onlySecond, onlySecond: onlyFirst).pValue, expected)
  }
}

struct SignFlipTestTests {
  @Test(
    arguments: [
      ([3, 5, 2], 0.25), ([3, -5, 2], 1), ([4, 4, 4, -4], 0.625), ([0, 0, 0], 1),
      ([7, 1, 3, 0, 9, -2, 5], 0.09375), ([-12], 1),
    ] as [([Int], Double)])
  func pValue(differences: [Int], expected: Double) {
    #expect(SignFlipTest(differences: differences).pValue == expected)
    #expect(SignFlipTest(differences: differences.map { -$0 }).pValue == expected)
  }

  @Test func seedsThatAllAgreeReachTheSmallestP() {
    for count in 1...12 {
      let test = SignFlipTest(differences: (1...count).map { $0 })
      #expect(test.pValue == test.smallestPValue)
      #expect(test.smallestPValue == 2 / Double(1 << count))
    }
  }

  @Test func manySeedsAreCountedToo() {
    // 200 seeds of ±1 each: the binomial's two tails.
    let test = SignFlipTest(differences: (0..<200).map { $0 < 120 ? 1 : -1 })
    let tail = BinomialDistribution.cumulative(80, trials: 200, probability: 0.5)
    expectClose(test.pValue, 2 * tail)
  }
}
