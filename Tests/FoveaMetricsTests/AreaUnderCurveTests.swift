import FoveaArray
import FoveaMetrics
import Testing

/// Golden areas and errors: `Tests/References/statistics.py`, from DeLong's definition over all pairs. Ends of
/// intervals are put into the equation that they solve.
struct AreaUnderCurveTests {
  @Test func aSmallExampleWithOneTie() throws {
    let curve = try AreaUnderCurve(
      positives: [0.8, 0.4, 0.7, 0.9], negatives: [0.3, 0.5, 0.7, 0.1, 0.2])
    expectClose(curve.area, 0.875)
    expectClose(curve.standardError, 0.12332207155790618)
    try Self.expectSolved(curve, 4, 5)
  }

  @Test func manyTies() throws {
    let positives = (0..<200).map { Double($0 * 37 % 101 / 4 + 6) }
    let negatives = (0..<150).map { Double($0 * 53 % 89 / 4) }
    let curve = try AreaUnderCurve(positives: positives, negatives: negatives)
    expectClose(curve.area, 0.7614666666666666)
    expectClose(curve.standardError, 0.02471914780295085)
    try Self.expectSolved(curve, 200, 150)
    let swapped = try AreaUnderCurve(positives: negatives, negatives: positives)
    expectClose(swapped.area, 1 - curve.area)
    expectClose(swapped.standardError, 0.02471914780295085)
  }

  @Test func groupsThatAreApartHaveAnIntervalAllTheSame() throws {
    let curve = try AreaUnderCurve(positives: [3, 4, 5], negatives: [0, 1, 2, 2.5])
    #expect(curve.area == 1)
    #expect(curve.standardError == 0)
    #expect(curve.interval?.upper == 1)
    let lower = try #require(curve.interval?.lower)
    #expect(lower > 0.4 && lower < 0.8)
    let mirrored = try AreaUnderCurve(positives: [0, 1, 2, 2.5], negatives: [3, 4, 5])
    #expect(mirrored.area == 0)
    expectClose(mirrored.interval?.upper, 1 - lower)
    #expect(mirrored.interval?.lower == 0)
  }

  /// Two positive items say too little for an interval.
  @Test func twoItemsGiveNoInterval() throws {
    let curve = try AreaUnderCurve(positives: [2, 4], negatives: [1, 3, 0, 5])
    #expect(curve.standardError != nil && curve.interval == nil)
  }

  /// Ten copies of each item tell no more than the items: with copies as groups the error stays, by
  /// √(n/(n − 1)) of the groups.
  @Test func copiesInOneGroupTellNothingMore() throws {
    let positives = [0.8, 0.4, 0.7, 0.9, 0.6]
    let negatives = [0.3, 0.5, 0.7, 0.1, 0.2]
    func copied(_ scores: [Double]) -> [Double] {
      scores.flatMap { [Double](repeating: $0, count: 10) }
    }
    let alone = try AreaUnderCurve(
      positives: copied(positives), negatives: copied(negatives))
    let grouped = try AreaUnderCurve(
      positives: copied(positives), negatives: copied(negatives),
      belonging: ItemGroups((0..<100).map { "\($0 / 10)" }))
    let single = try #require(
      AreaUnderCurve(positives: positives, negatives: negatives).standardError)
    // DeLong divides by 5 − 1 in each group, sums over all ten by 10 − 1.
    expectClose(grouped.standardError, single * (10.0 / 9 * 4 / 5).squareRoot())
    let narrow = try #require(alone.standardError)
    #expect(narrow < single / 3)
  }

  /// (A − θ)² = z² r V(θ)
  private static func expectSolved(_ curve: AreaUnderCurve, _ m: Double, _ n: Double) throws {
    func modelled(_ theta: Double) -> Double {
      let q1 = theta / (1 + theta)
      let q2 = (1 - theta) / (2 - theta)
      return theta * (1 - theta) * (1 + ((m + n) / 2 - 1) * (q1 + q2)) / (m * n)
    }
    let error = try #require(curve.standardError)
    let (weight, here) = (3 / min(m, n), modelled(curve.area))
    let factor = max(1, (error * error + weight * here) / ((1 + weight) * here))
    let interval = try #require(curve.interval)
    for end in [interval.lower, interval.upper] {
      let distance = abs(end - curve.area)
      expectClose(
        distance, 1.959963984540054 * (factor * modelled(end)).squareRoot(), tolerance: 1e-9)
    }
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
