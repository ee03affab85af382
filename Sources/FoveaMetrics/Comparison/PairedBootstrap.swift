public import FoveaArray

/// The mean of paired differences with an interval from drawing the pairs again.
///
/// Efron and Tibshirani 1993, section 13.3: percentiles of the means of samples drawn with
/// replacement.
public struct PairedBootstrap: Hashable, Sendable, Codable {
  /// The mean difference.
  public let mean: Double
  /// The 95 % interval; with one pair it is that pair.
  public let interval: ConfidenceInterval

  /// The differences of pairs; there must be one at least.
  public init(
    _ differences: [Double], samples: Int = 10_000, key: RandomKey = RandomKey(seed: 1),
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      !differences.isEmpty && samples >= 1,
      "bootstrap: \(samples) samples of \(differences.count) differences", file: file, line: line)
    let count = differences.count
    mean = differences.reduce(0, +) / Double(count)
    let means = (0..<samples).map { sample in
      var sum = 0.0
      for draw in 0..<count {
        sum += differences[key.integer(below: count, at: UInt64(sample * count + draw))]
      }
      return sum / Double(count)
    }.sorted()
    func percentile(_ share: Double) -> Double {
      means[min(samples - 1, max(0, Int((share * Double(samples)).rounded(.down))))]
    }
    interval = ConfidenceInterval(percentile(0.025), percentile(0.975))
  }
}
