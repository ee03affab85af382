import FoveaArray

/// The exact sign-flip permutation test over seeds.
///
/// If attention made no difference, each seed's difference could as well have had the other sign.
/// p is the share of the 2ˢ ways of giving signs whose sum is at least as far from zero as the one
/// seen: Fisher 1935, "The design of experiments", section 21. It treats the test items as given.
public struct SignFlipTest: Hashable, Sendable, Codable {
  /// Two-sided.
  public let pValue: Double
  /// 2¹⁻ˢ: even where all seeds agree, p cannot be smaller. With 5 seeds that is 0.0625.
  public let smallestPValue: Double

  /// The test for one whole-number difference a seed: items only the first network has right, less
  /// items only the second has right.
  ///
  /// The sums are whole numbers too, so all 2ˢ are counted by adding one seed at a time.
  public init(differences: [Int], file: StaticString = #fileID, line: UInt = #line) {
    require(!differences.isEmpty, "sign flip: no seeds", file: file, line: line)
    for difference in differences where !(-(1 << 24)...(1 << 24)).contains(difference) {
      fatalError("sign flip: a difference of \(difference) items", file: file, line: line)
    }
    let reach = differences.reduce(0) { $0 + abs($1) }
    let observed = abs(differences.reduce(0, +))
    // shares[sum + reach]: the share of sign patterns so far with that sum.
    var shares = [Double](repeating: 0, count: 2 * reach + 1)
    shares[reach] = 1
    var width = 0
    for difference in differences where difference != 0 {
      let size = abs(difference)
      width += size
      var next = [Double](repeating: 0, count: shares.count)
      for sum in (reach - width)...(reach + width) {
        let lower = sum - size >= 0 ? shares[sum - size] : 0
        let upper = sum + size < shares.count ? shares[sum + size] : 0
        next[sum] = (lower + upper) / 2
      }
      shares = next
    }
    // Each share is a whole number of halvings, so the sums are exact up to 53 seeds.
    let extreme = shares.indices.filter { abs($0 - reach) >= observed }
    pValue = min(1, extreme.reduce(0) { $0 + shares[$1] })
    smallestPValue = differences.indices.dropFirst().reduce(1) { p, _ in p / 2 }
  }
}
