import FoveaArray
import FoveaMetrics
import Glibc
import Testing

/// Golden numbers: `Tests/References/statistics.py`, from DeLong's definition over all pairs.
struct AreaUnderCurveTests {
  @Test func aSmallExampleWithOneTie() throws {
    let curve = try AreaUnderCurve(
      positives: [0.8, 0.4, 0.7, 0.9], negatives: [0.3, 0.5, 0.7, 0.1, 0.2])
    expectClose(curve.area, 0.875)
    expectClose(curve.standardError, 0.12332207155790618)
    expectClose(curve.interval?.lower, 0.6332931812476326)
    expectClose(curve.interval?.upper, 1)
  }

  @Test func manyTies() throws {
    let positives = (0..<200).map { Double($0 * 37 % 101 / 4 + 6) }
    let negatives = (0..<150).map { Double($0 * 53 % 89 / 4) }
    let curve = try AreaUnderCurve(positives: positives, negatives: negatives)
    expectClose(curve.area, 0.7614666666666666)
    expectClose(curve.standardError, 0.02471914780295085)
    expectClose(curve.interval?.lower, 0.7130180272443606)
    expectClose(curve.interval?.upper, 0.8099153060889727)
    let swapped = try AreaUnderCurve(positives: negatives, negatives: positives)
    expectClose(swapped.area, 1 - curve.area)
    expectClose(swapped.standardError, 0.02471914780295085)
  }

  @Test func groupsThatAreApartHaveAnIntervalAllTheSame() throws {
    let curve = try AreaUnderCurve(positives: [3, 4, 5], negatives: [0, 1, 2, 2.5])
    #expect(curve.area == 1)
    #expect(curve.standardError == 0)
    expectClose(curve.interval?.lower, pow(0.025, 1.0 / 3))
    #expect(curve.interval?.upper == 1)
    let mirrored = try AreaUnderCurve(positives: [0, 1, 2, 2.5], negatives: [3, 4, 5])
    #expect(mirrored.area == 0)
    expectClose(mirrored.interval?.upper, 1 - pow(0.025, 1.0 / 3))
  }

  @Test func aScoreThatSaysNothing() throws {
    let curve = try AreaUnderCurve(positives: [1, 1, 1], negatives: [1, 1])
    #expect(curve.area == 0.5)
  }

  @Test func oneItemGivesNoInterval() throws {
    let curve = try AreaUnderCurve(positives: [2], negatives: [1, 3])
    #expect(curve.area == 0.5)
    #expect(curve.standardError == nil)
    #expect(curve.interval == nil)
  }

  @Test func badScoresAreErrors() {
    #expect(throws: InputError.self) { try AreaUnderCurve(positives: [], negatives: [1]) }
    #expect(throws: InputError.self) { try AreaUnderCurve(positives: [1], negatives: []) }
    #expect(throws: InputError.self) { try AreaUnderCurve(positives: [.nan], negatives: [1]) }
  }

  /// Normal scores one deviation apart have an area of Φ(1/√2).
  @Test func intervalsHoldTheTrueArea() throws {
    let truth = NormalDistribution.cumulative(1 / 2.0.squareRoot())
    var held = 0
    for study in 0..<1000 {
      let key = RandomKey(seed: 4).folding(study)
      let curve = try AreaUnderCurve(
        positives: (0..<60).map { key.normal(at: $0) + 1 },
        negatives: (60..<160).map { key.normal(at: $0) })
      let interval = try #require(curve.interval)
      if interval.lower <= truth && truth <= interval.upper { held += 1 }
    }
    #expect((930...970).contains(held), "\(held) of 1,000 intervals hold \(truth)")
  }
}
