import FoveaMetrics
import Glibc
import Testing

/// Golden numbers: `Tests/References/statistics.py`, from the formula as `coverage.py` has it.
struct CrossedMeanTests {
  @Test func threeSeeds() throws {
    let rows: [[Int8]] = [
      [1, 0, 0, 1, -1, 0, 1, 0], [1, 0, 0, 0, 0, 0, 1, 0], [1, 1, 0, 1, 0, -1, 1, 0],
    ]
    let mean = CrossedMean(differences: rows.flatMap { $0 }, seedCount: 3, itemCount: 8)
    expectClose(mean.mean, 7.0 / 24)
    #expect(mean.seedTotals == [2, 2, 3])
    let spread = try #require(mean.spread)
    expectClose(spread.halfWidth, 0.48559197771333124, tolerance: 1e-6)
    expectClose(spread.detectableDifference, 0.6657567641231159, tolerance: 1e-6)
    // By hand: mean squares 1/24, 151/168 and 31/168; six of the eight items differ.
    let a = 1.0 / 24 / 24
    let unseen = (itemMeanSquares(rows) + 2) / (6 + 2) / 64
    let b = (151.0 / 168 - 31.0 / 168) / 24 + unseen
    expectClose(spread.standardError, (a + b).squareRoot())
    expectClose(spread.degreesOfFreedom, (a + b) * (a + b) / (a * a / 2 + b * b / 7))
  }

  /// Σ d̄ᵢ²
  private func itemMeanSquares(_ rows: [[Int8]]) -> Double {
    rows[0].indices.reduce(0) { sum, item in
      let mean = rows.reduce(0.0) { $0 + Double($1[item]) } / Double(rows.count)
      return sum + mean * mean
    }
  }

  @Test func swappingTheNetworksMirrorsTheInterval() throws {
    let differences: [Int8] = [1, 0, 0, -1, 1, 1, 0, 0, 1, 1, 0, -1]
    let one = CrossedMean(differences: differences, seedCount: 3, itemCount: 4)
    let other = CrossedMean(differences: differences.map { -$0 }, seedCount: 3, itemCount: 4)
    #expect(one.mean == -other.mean)
    #expect(one.spread == other.spread)
  }

  @Test func seedsThatAgreeOnTheMeanStillHaveAWidth() throws {
    // Both seeds gain one item, but not the same one: MS_seed is 0 and MS_rest above MS_item.
    let mean = CrossedMean(
      differences: [1, 0, 0, 0, 0, 0, 1, 0, 0, 0], seedCount: 2, itemCount: 5)
    let spread = try #require(mean.spread)
    expectClose(spread.halfWidth, 0.4389945165425414, tolerance: 1e-6)
    expectClose(spread.detectableDifference, 0.5877740796225713, tolerance: 1e-6)
  }

  /// Both seeds gain exactly 10 of 100 items, mostly different ones. That they agree is chance: the
  /// interval stays at 0.6 of the width that the items alone would give.
  @Test func seedsThatAgreeByChanceDoNotMakeTheNoiseVanish() throws {
    var differences = [Int8](repeating: 0, count: 200)
    for item in 0..<16 { differences[item] = 1 }
    for item in 50..<56 { differences[item] = -1 }
    for item in 10..<30 { differences[100 + item] = 1 }
    for item in 60..<70 { differences[100 + item] = -1 }
    let mean = CrossedMean(differences: differences, seedCount: 2, itemCount: 100)
    #expect(mean.seedTotals == [10, 10])
    let items = (0..<100).map { Double(differences[$0] + differences[100 + $0]) / 2 }
    let variance = items.reduce(0) { $0 + ($1 - 0.1) * ($1 - 0.1) } / 99
    let rest = (0..<100).reduce(0.0) {
      let half = Double(differences[$1] - differences[100 + $1]) / 2
      return $0 + 2 * half * half / 99
    }
    let noise = (max(2 * variance, rest) / 200).squareRoot()
    let t = StudentDistribution.quantile(0.975, degreesOfFreedom: 99)
    expectClose(try #require(mean.spread).halfWidth, 0.6 * t * noise)
  }

  /// 43 equal items do not rule out the 8 % of items that are otherwise.
  @Test(arguments: [0, 1, -1] as [Int8])
  func equalDifferencesHaveTheExactBound(difference: Int8) throws {
    let mean = CrossedMean(
      differences: [Int8](repeating: difference, count: 3 * 43), seedCount: 3, itemCount: 43)
    #expect(mean.mean == Double(difference))
    expectClose(try #require(mean.spread).halfWidth, 1 - pow(0.025, 1.0 / 43))
  }

  @Test func oneSeedOrOneItemHasNoSpread() {
    #expect(CrossedMean(differences: [1, 0, 1], seedCount: 1, itemCount: 3).spread == nil)
    #expect(CrossedMean(differences: [1, 0, 1], seedCount: 3, itemCount: 1).spread == nil)
  }

  @Test func twoSeedsAndTwoItemsAreEnough() throws {
    let spread = try #require(
      CrossedMean(differences: [1, 0, 0, 1], seedCount: 2, itemCount: 2).spread)
    #expect(spread.halfWidth.isFinite && spread.halfWidth > 1)
  }
}
