import FoveaArray

/// The plain words of a comparison, built from its numbers.
struct ComparisonWords {
  private let measure: ComparisonMeasure
  private let seedCount: Int
  private let itemCount: Int
  private let groupCount: Int?
  private let plain: PairedComparison
  private let matched: PairedComparison?
  private let matchedAgainstPlain: PairedComparison?
  private let diverged: [DivergedNetwork]

  init(
    _ results: PairedResults, plain: PairedComparison, matched: PairedComparison?,
    matchedAgainstPlain: PairedComparison?
  ) {
    measure = results.measure
    seedCount = results.seeds.count
    itemCount = results.items.count
    groupCount = results.groupCount
    self.plain = plain
    self.matched = matched
    self.matchedAgainstPlain = matchedAgainstPlain
    diverged = results.diverged
  }

  /// One sentence that says why.
  func explanation(of verdict: Verdict) -> String {
    let silent = diverged.filter { !$0.isScored }
    guard silent.isEmpty else {
      return "\(NumberText.count(silent.count, "network")) diverged and"
        + " \(silent.count == 1 ? "has" : "have") no answers, so nothing is proven: accuracies and"
        + " differences below count \(silent.count == 1 ? "it" : "them") as wrong on every item."
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
      guard let matchedAgainstPlain, let interval = matchedAgainstPlain.interval else {
        return "Over \(size) \(twin)."
      }
      return "Over \(size) \(twin), but \(notBetter); the control alone "
        + "\(gain(matchedAgainstPlain.meanDifference, "the plain twin", verb: true))"
        + " (\(range(interval, of: matchedAgainstPlain))), so additional parameters help without attention."
    case .undecided:
      guard let matchedAgainstPlain, let interval = matchedAgainstPlain.interval else {
        return "Over \(size) \(twin)."
      }
      return
        "Over \(size) \(twin), but \(notBetter), nor is the control provably better than the plain "
        + "twin (\(difference(matchedAgainstPlain)), interval \(shown(interval))): whether the attention "
        + "or the additional parameters made the difference is not told apart."
    case .attentionHurts:
      return "Over \(size) \(twin)."
    case .noProvenGain:
      let limit = NumberText.unsignedPoints(plain.detectableDifference ?? 1) + " points"
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
      let unit = groupCount == nil ? "item" : "group"
      return seedCount == 1
        ? "With one seed it cannot be told whether another start would say the same;"
          + " train three or more."
        : "With one \(unit) it cannot be told what other \(unit)s would say."
    }
    if matched == nil && verdict == .undecided {
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
      + (groupCount.map { " in \(NumberText.count($0, "group"))" } ?? "")
  }

  /// Of attention and the control.
  private var notBetter: String {
    guard let matched, let interval = matched.interval else { return "" }
    return "not provably \(better) the control of equal size (\(difference(matched)), "
      + "interval \(shown(interval)))"
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

  /// `3.2 points more often than the other`, `3.2 points lower than that of the other`; with a verb
  /// `was right 3.2 points …`, `has a rate 3.2 points …`.
  private func gain(_ difference: Double, _ other: String, verb: Bool = false) -> String {
    let points = NumberText.unsignedPoints(abs(difference)) + " points"
    switch measure {
    case .accuracy:
      let before = verb ? "was right " : ""
      if difference == 0 { return "\(before)exactly as often as \(other)" }
      return "\(before)\(points) \(difference > 0 ? "more" : "less") often than \(other)"
    case .wordAccuracy:
      let before = verb ? "has a rate " : ""
      if difference == 0 { return "\(before)exactly that of \(other)" }
      return "\(before)\(points) \(difference > 0 ? "lower" : "higher") than that of \(other)"
    }
  }

  /// An interval in the direction that the sentence gives the difference: of what is called less often or
  /// higher, how much less often or higher.
  private func range(_ interval: ConfidenceInterval, of comparison: PairedComparison) -> String {
    comparison.meanDifference < 0
      ? NumberText.pointRange(-interval.upper, -interval.lower)
      : NumberText.pointRange(interval.lower, interval.upper)
  }

  /// A difference as tables have it: of word error rates below 0 where there are fewer errors.
  private func difference(_ comparison: PairedComparison) -> String {
    NumberText.points(measure.shown(difference: comparison.meanDifference)) + " points"
  }

  private func shown(_ interval: ConfidenceInterval) -> String {
    let shown = measure.shown(interval: interval)
    return NumberText.pointRange(shown.lower, shown.upper)
  }
}
