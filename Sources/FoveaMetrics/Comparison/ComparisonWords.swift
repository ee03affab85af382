import FoveaArray
import Glibc

/// The plain words of a comparison, built from its numbers.
struct ComparisonWords {
  let measure: ComparisonMeasure
  let seedCount: Int
  let itemCount: Int
  let plain: PairedComparison
  let matched: PairedComparison?
  let diverged: [DivergedNetwork]

  /// One sentence that says why.
  func explanation(of verdict: Verdict) -> String {
    let silent = diverged.filter { !$0.isScored }
    guard silent.isEmpty else {
      return "\(NumberText.count(silent.count, "network")) diverged and"
        + " \(silent.count == 1 ? "has" : "have") no answers, so nothing is proven: what is below counts"
        + " \(silent.count == 1 ? "it" : "them") as wrong on every item."
    }
    guard let interval = plain.interval else {
      let reason = plain.intervalMissing ?? ""
      return "\(reason), so nothing is proven: over \(size) \(subject)"
        + " \(gain(plain.meanDifference, "its plain twin"))."
    }
    let twin =
      "\(subject) \(gain(plain.meanDifference, "its plain twin"))"
      + " (95 % interval \(range(interval, of: plain)))"
    switch verdict {
    case .attentionHelps:
      guard let matched, let range = matched.interval else { return "Over \(size) \(twin)." }
      return
        "Over \(size) \(twin) and \(gain(matched.meanDifference, "the control of equal size"))"
        + " (\(self.range(range, of: matched)))."
    case .moreParametersHelp:
      guard let matched, let range = matched.interval else { return "Over \(size) \(twin)." }
      return "Over \(size) \(twin), but not provably \(better) the control of equal size"
        + " (\(Self.points(matched.meanDifference)), interval \(Self.range(range))), so the"
        + " parameters explain the gain as well as the attention."
    case .attentionHurts:
      return "Over \(size) \(twin)."
    case .noProvenGain:
      let limit = Self.points(plain.detectableDifference ?? 1)
      return "Over \(size) \(twin), an interval that holds zero: a study of this size and spread"
        + " easily misses a true difference under \(limit)."
    }
  }

  /// What the results leave open, if anything.
  func caveat(of verdict: Verdict) -> String? {
    let sentences = [diverged.sentence, missing(for: verdict)].compactMap { $0 }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }

  /// What was not given, or not enough of.
  private func missing(for verdict: Verdict) -> String? {
    if plain.interval == nil {
      return seedCount == 1
        ? "With one seed it cannot be told whether another start would say the same;"
          + " train three or more."
        : "With one item it cannot be told what other items would say."
    }
    if matched == nil && verdict == .attentionHelps {
      return "No control of equal size (`matched`) was given, so it cannot be told whether the"
        + " attention or merely its additional parameters made the difference."
    }
    if matched == nil && verdict == .noProvenGain {
      return "No control of equal size (`matched`) was given."
    }
    return nil
  }

  private var size: String {
    NumberText.count(seedCount, "seed") + " and " + NumberText.count(itemCount, "item")
  }

  private var subject: String {
    switch measure {
    case .accuracy: "attention was right"
    case .wordAccuracy: "the word error rate with attention was"
    }
  }

  private var better: String {
    switch measure {
    case .accuracy: "more often than"
    case .wordAccuracy: "lower than that of"
    }
  }

  /// `3.2 points more often than the other`, `3.2 points lower than that of the other`
  private func gain(_ difference: Double, _ other: String) -> String {
    let points = Self.points(abs(difference))
    switch measure {
    case .accuracy:
      if difference == 0 { return "exactly as often as \(other)" }
      return "\(points) \(difference > 0 ? "more" : "less") often than \(other)"
    case .wordAccuracy:
      if difference == 0 { return "exactly that of \(other)" }
      return "\(points) \(difference > 0 ? "lower" : "higher") than that of \(other)"
    }
  }

  /// An interval in the direction that the sentence gives the difference: of word error rates that are
  /// called higher, how much higher.
  private func range(_ interval: ConfidenceInterval, of comparison: PairedComparison) -> String {
    guard measure == .wordAccuracy, comparison.meanDifference < 0 else {
      return Self.range(interval)
    }
    return Self.range(ConfidenceInterval(-interval.upper, -interval.lower))
  }

  /// `3.2 points`
  static func points(_ difference: Double) -> String { number(difference) + " points" }

  /// `-1.2 to 3.4`
  static func range(_ interval: ConfidenceInterval) -> String {
    "\(number(interval.lower)) to \(number(interval.upper))"
  }

  /// Hundredths with one decimal, or as many up to four as it takes not to read as zero.
  private static func number(_ difference: Double) -> String {
    let hundredths = 100 * difference
    var digits = 1
    while digits < 4 && hundredths != 0 && abs(hundredths) * pow(10, Double(digits)) < 0.5 {
      digits += 1
    }
    let scale = pow(10, Double(digits))
    let scaled = Int((abs(hundredths) * scale).rounded())
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    let sign = hundredths < 0 && scaled != 0 ? "-" : ""
    return "\(sign)\(scaled / Int(scale)).\(zeros)\(fraction)"
  }
}
