import FoveaArray

/// McNemar's exact test: whether two networks that met the same items are right equally often.
///
/// Items on which both are right, or both wrong, say nothing. Of the n = b + c others, under the
/// hypothesis each is as likely to favour either, so p = min(1, 2 P(X ≤ min(b, c))) with X binomial
/// (n, ½). McNemar 1947; the exact form in Fagerland et al. 2013, "The McNemar test for binary
/// matched-pairs data". It is about these two trained networks, not about how they were trained.
public struct McNemarTest: Hashable, Sendable, Codable {
  /// Items that only the first network has right.
  public let onlyFirst: Int
  /// Items that only the second network has right.
  public let onlySecond: Int
  /// Two-sided; 1 where no item is answered differently.
  public let pValue: Double

  /// The test for these counts; a negative one is a programmer's mistake and traps.
  public init(
    onlyFirst: Int, onlySecond: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      (0...Int(Int32.max)).contains(onlyFirst) && (0...Int(Int32.max)).contains(onlySecond),
      "McNemar: counts \(onlyFirst) and \(onlySecond)", file: file, line: line)
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    let tail = BinomialDistribution.cumulative(
      min(onlyFirst, onlySecond), trials: onlyFirst + onlySecond, probability: 0.5)
    pValue = min(1, 2 * tail)
  }
}
