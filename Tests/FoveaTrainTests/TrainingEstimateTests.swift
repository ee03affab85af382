import FoveaTrain
import Testing

/// How long training is said to take.
struct TrainingEstimateTests {
  @Test func aRangeReachesFromTheEarliestStopToTheLastEpoch() {
    let estimate = TrainingEstimate(
      epochSeconds: 2, epochs: 6...30, preparationSeconds: 1, laterSeconds: 12)
    // 1 + 6 · 2 + 12 and 1 + 30 · 2 + 12, each uncertain by 1.3.
    #expect(abs(estimate.seconds.lowerBound - 25 / 1.3) < 1e-12)
    #expect(abs(estimate.seconds.upperBound - 73 * 1.3) < 1e-12)
    let fixed = TrainingEstimate(
      epochSeconds: 2, epochs: 10...10, preparationSeconds: 0, laterSeconds: 0)
    #expect(fixed.seconds.upperBound / fixed.seconds.lowerBound < 2)
  }
}
