package import FoveaArray

/// How far the expected calibration error can be trusted.
///
/// The error of a sample is above that of the whole even where probabilities are right, as the distance
/// of every bin counts, whichever way it goes. With e the sample's error, ē and s the mean and deviation of
/// errors of samples drawn again (whole groups where items belong together), the 95 % interval is
///
///     max(e − (ē − e) − 1.96 s, 0) … e + 1.96 s,
///
/// and begins at 0 where e is within what right probabilities would give in 97.5 % of such samples: outcomes
/// drawn from the probabilities themselves (Bröcker and Smith 2007, "Increasing the reliability of
/// reliability diagrams"). `docs/numerics.md` has the coverage.
public struct CalibrationInterval: Hashable, Sendable, Codable {
  /// With fewer items, or groups of them, nothing is said.
  package static let fewestUnits = 50

  /// The interval of the expected calibration error.
  public let interval: ConfidenceInterval
  /// What right probabilities would give by chance, on as many items, in 97.5 % of samples at most.
  public let chance: Double

  /// The interval of `Calibration.expectedError`; `nil` with fewer than 50 items or groups.
  package init?(
    confidences: [Double], correct: [Bool], groups: ItemGroups, bins: Int = 15,
    key: RandomKey = RandomKey(seed: 1)
  ) {
    guard groups.count >= Self.fewestUnits,
      let error = Calibration.expectedError(
        confidences: confidences, correct: correct, bins: bins)
    else { return nil }
    let n = confidences.count
    // About 20 million draws at most: the mean and deviation of fewer samples are near enough then.
    let samples = min(1000, max(200, 20_000_000 / n))
    let bin = confidences.map { Calibration.bin(of: $0, bins) }
    let surplus = zip(confidences, correct).map { ($1 ? 1 : 0) - $0 }
    var members = [[Int]](repeating: [], count: groups.count)
    for (item, group) in groups.indices.enumerated() { members[group].append(item) }
    let drawn = (0..<samples).map { sample -> Double in
      let draws = key.folding(sample)
      var sums = [Double](repeating: 0, count: bins)
      var size = 0
      for draw in 0..<groups.count {
        let group = members[draws.integer(below: groups.count, at: UInt64(draw))]
        for item in group { sums[bin[item]] += surplus[item] }
        size += group.count
      }
      return sums.reduce(0) { $0 + abs($1) } / Double(size)
    }
    let mean = drawn.reduce(0, +) / Double(samples)
    let deviation =
      (drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples - 1)).squareRoot()
    let right = key.folding("right")
    let chances = (0..<samples).map { sample -> Double in
      let draws = right.folding(sample)
      var sums = [Double](repeating: 0, count: bins)
      for item in 0..<n {
        let isRight = Double(draws.uniform(at: UInt64(item))) < confidences[item]
        sums[bin[item]] += (isRight ? 1 : 0) - confidences[item]
      }
      return sums.reduce(0) { $0 + abs($1) } / Double(n)
    }.sorted()
    chance = chances[min(samples - 1, Int(0.975 * Double(samples)))]
    let reach = NormalDistribution.twoSided95 * deviation
    interval = ConfidenceInterval(
      error <= chance ? 0 : max(2 * error - mean - reach, 0), min(error + reach, 1))
  }
}
