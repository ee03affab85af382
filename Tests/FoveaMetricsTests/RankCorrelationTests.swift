import FoveaMetrics
import Testing

struct RankCorrelationTests {
  @Test func orderAloneCounts() {
    #expect(rankCorrelation([1, 2, 30, 4], [10, 20, 99, 40]) == 1)
    #expect(rankCorrelation([1, 2, 3], [3, 2, 1]) == -1)
    #expect(rankCorrelation([1, 1, 1], [3, 2, 1]) == 0)
  }

  @Test func tiesShareTheirRank() {
    // Ranks (0, 1.5, 1.5, 3) and (0, 1, 2, 3): Σ = 4.5, over √(4.5 · 5).
    let expected = 4.5 / (4.5 * 5).squareRoot()
    #expect(abs(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4]) - expected) < 1e-12)
  }

  @Test func meanWithStudentsInterval() throws {
    // 1, 2, 3: mean 2, s = 1, t(2) = 4.3027, half-width 4.3027 / √3 = 2.4841.
    let mean = try #require(MeanInterval([1, 2, 3]))
    let interval = try #require(mean.interval)
    #expect(mean.mean == 2)
    #expect(abs(interval.upper - 4.4841) < 1e-3)
    #expect(MeanInterval([5])?.interval == nil)
    #expect(MeanInterval([]) == nil)
  }
}
