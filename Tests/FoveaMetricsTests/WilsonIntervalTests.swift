import FoveaMetrics
import Testing

/// Golden numbers: `Tests/References/statistics.py` (scipy).
struct WilsonIntervalTests {
  @Test(
    arguments: [
      (0, 43, 0, 0.08200980322579116),
      (43, 43, 0.9179901967742088, 1),
      (30, 43, 0.5489463582227039, 0.8139799986415182),
      (623, 1000, 0.5925457108141823, 0.652512906598371),
      (1, 2, 0.09453120573423074, 0.9054687942657693),
    ] as [(Int, Int, Double, Double)])
  func wilsonInterval(successes: Int, trials: Int, lower: Double, upper: Double) {
    let interval = ConfidenceInterval.wilson(successes: successes, trials: trials)
    #expect(abs(interval.lower - lower) < 1e-14)
    #expect(abs(interval.upper - upper) < 1e-14)
  }

  @Test func theEndsAreExactWhereAllOrNoneAreRight() {
    for trials in 1...500 {
      #expect(ConfidenceInterval.wilson(successes: 0, trials: trials).lower == 0)
      #expect(ConfidenceInterval.wilson(successes: trials, trials: trials).upper == 1)
    }
  }

  @Test func noTrialsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = ConfidenceInterval.wilson(successes: 0, trials: 0)
    }
  }
}
