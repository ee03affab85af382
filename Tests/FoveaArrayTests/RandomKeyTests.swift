import FoveaArray
import Testing

struct RandomKeyTests {
  /// The vectors published with the paper (file `kat_vectors` of Random123).
  @Test func philoxGivesThePublishedVectors() {
    #expect(
      RandomKey.philox(counter: .zero, key: .zero)
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      RandomKey.philox(counter: .init(repeating: .max), key: .init(repeating: .max))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    #expect(
      RandomKey.philox(
        counter: SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
        key: SIMD2(0xA409_3822, 0x299F_31D0))
        == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test func numbersFollowFromKeyAndPositionAlone() {
    let key = RandomKey(seed: 7).folding("shuffle").folding(3)
    #expect(key == RandomKey(seed: 7).folding("shuffle").folding(3))
    #expect(key != RandomKey(seed: 7).folding("shuffle").folding(4))
    #expect(key != RandomKey(seed: 7).folding("dropout").folding(3))
    #expect(key.words(at: 5) == key.words(at: 5))
    #expect(key.words(at: 5) != key.words(at: 6))
  }

  @Test func uniformNumbersFillTheUnitInterval() {
    let key = RandomKey(seed: 1)
    let draws = (0..<40_000).map { Double(key.uniform(at: $0)) }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    // Standard errors: mean 0.0014, mean of squares 0.0015; four of each allowed.
    #expect(abs(moment(1, of: draws) - 0.5) < 0.006)
    #expect(abs(moment(2, of: draws) - 1.0 / 3) < 0.006)
  }

  @Test func normalNumbersHaveUnitDeviation() {
    let key = RandomKey(seed: 2)
    let draws = (0..<40_000).map { key.normal(at: $0) }
    // Standard errors: mean 0.005, variance 0.0071, fourth moment 0.049.
    #expect(abs(moment(1, of: draws)) < 0.02)
    #expect(abs(moment(2, of: draws) - 1) < 0.03)
    #expect(abs(moment(4, of: draws) - 3) < 0.2)
  }

  private func moment(_ power: Int, of draws: [Double]) -> Double {
    var sum = 0.0
    for draw in draws { sum += (0..<power).reduce(1.0) { product, _ in product * draw } }
    return sum / Double(draws.count)
  }

  @Test func permutationsHoldEveryIndexOnceAndAreFair() {
    #expect(RandomKey(seed: 3).permutation(of: 100).sorted() == Array(0..<100))
    #expect(RandomKey(seed: 3).permutation(of: 0).isEmpty)
    #expect(RandomKey(seed: 3).permutation(of: 1) == [0])
    var counts: [[Int]: Int] = [:]
    for seed in 0..<6000 {
      counts[RandomKey(seed: UInt64(seed)).permutation(of: 3), default: 0] += 1
    }
    // 1,000 expected of each of the six orders, deviation 29.
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 120 })
  }
}
