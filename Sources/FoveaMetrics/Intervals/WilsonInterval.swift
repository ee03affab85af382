import FoveaArray

extension ConfidenceInterval {
  /// Wilson's 95 % interval for a share: `successes` of `trials` independent items.
  ///
  /// (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n) with z = 1.96. Wilson 1927, "Probable
  /// inference". Unlike p̂ ± z·s it stays within 0…1 and has a width where every item is right.
  /// No trials, or a count outside them, is a programmer's mistake and traps.
  public static func wilson(
    successes: Int, trials: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> ConfidenceInterval {
    wilson(successes: successes, trials: trials, bestOf: 1, file: file, line: line)
  }

  /// The same where the share is the best of several on the same items: each gets an interval of 1 − 0.05 / m,
  /// so that all of them together hold with 95 % (Bonferroni).
  package static func wilson(
    successes: Int, trials: Int, bestOf count: Int, file: StaticString = #fileID,
    line: UInt = #line
  ) -> ConfidenceInterval {
    require(
      trials > 0 && (0...trials).contains(successes),
      "Wilson interval: \(successes) of \(trials)", file: file, line: line)
    let n = Double(trials)
    let share = Double(successes) / n
    let z =
      count <= 1
      ? NormalDistribution.twoSided95 : NormalDistribution.quantile(1 - 0.025 / Double(count))
    let centre = share + z * z / (2 * n)
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // At 0 and n the formula's end is exactly 0 or 1; rounding must not move it.
    return ConfidenceInterval(
      successes == 0 ? 0 : (centre - half) / scale,
      successes == trials ? 1 : (centre + half) / scale)
  }
}
