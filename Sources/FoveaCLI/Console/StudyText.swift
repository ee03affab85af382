import Fovea
import FoveaArray

/// A comparison as lines for people.
enum StudyText {
  static func lines(_ result: StudyResult) -> [String] {
    var lines = ["Verdict: \(result.verdict.title)", ""]
    lines += TerminalText.wrapped(result.explanation)
    if let caveat = result.caveat { lines += TerminalText.wrapped(caveat) }
    var table = TextTable(
      [.text("seed"), .number("plain")]
        + (result.matchedAccuracy == nil ? [] : [.number("matched")])
        + [.number("augmented"), .number("difference"), .number("McNemar p")])
    let measure = result.measure
    func share(_ value: Double) -> String { NumberText.percent(measure.shown(value)) }
    func points(_ value: Double) -> String { NumberText.points(measure.shown(difference: value)) }
    for (seed, paired) in zip(result.seeds, result.againstPlain.seeds) {
      func cell(_ arm: Arm) -> String {
        result.isUnscored(arm, seed: seed.seed)
          ? "diverged" : seed.accuracy(of: arm).map(share) ?? NumberText.missing
      }
      table.append(
        [seed.seed, cell(.plain)] + (seed.matched == nil ? [] : [cell(.matched)])
          + [
            cell(.augmented), points(paired.difference),
            NumberText.bareP(paired.mcNemarPValue),
          ])
    }
    table.append(
      ["mean", share(result.plainAccuracy)]
        + (result.matchedAccuracy.map { [share($0)] } ?? [])
        + [share(result.augmentedAccuracy), points(result.againstPlain.meanDifference), ""])
    if measure == .wordAccuracy { lines += ["", "Word error rates:"] }
    lines += [""] + table.lines() + [""]
    for (arm, other, comparison) in result.differences {
      lines.append(
        difference(
          other == .plain ? "the plain twin" : "the control of equal size",
          of: arm == .matched ? "The control against" : "Against", comparison, measure))
    }
    if let sentence = result.detectableSentence { lines += TerminalText.wrapped(sentence) }
    if result.againstPlain.interval != nil { lines += TerminalText.wrapped(StudyResult.coverage) }
    return lines
  }

  private static func difference(
    _ other: String, of what: String = "Against", _ comparison: PairedComparison,
    _ measure: ComparisonMeasure
  ) -> String {
    let interval =
      comparison.interval.map { measure.shown(interval: $0) }.map {
        "95 % interval \(NumberText.pointRange($0.lower, $0.upper))"
      } ?? comparison.intervalMissing ?? "no interval"
    let flip = comparison.signFlip
    return """
      \(what) \(other): \(NumberText.points(measure.shown(difference: comparison.meanDifference))) points, \(interval), sign-flip \
      \(NumberText.pValue(flip.pValue)) (so few seeds reach \
      \(NumberText.bareP(flip.smallestPValue)) at best)
      """
  }

  static func networkLines(_ summary: StudySummary) -> [String] {
    var table = TextTable([
      .text("network"), .text("attention"), .number(summary.result.measure.name),
      .number("parameters"), .number("operations an item"), .number("time a training"),
    ])
    for network in summary.networks {
      table.append([
        network.arm.rawValue, network.attention,
        NumberText.percent(summary.result.measure.shown(network.accuracy)),
        NumberText.count(network.trainedParameters),
        NumberText.prefixed(Double(network.floatingPointOperations), unit: "FLOP"),
        NumberText.duration(network.secondsPerTraining),
      ])
    }
    let warnings = summary.warnings.flatMap { [""] + TerminalText.wrapped("Warning: \($0)") }
    return [""] + table.lines() + warnings + (summary.control.map(controlLines) ?? [])
  }

  /// The control beside: how good it is, and what attention adds to that.
  private static func controlLines(_ control: ControlResult) -> [String] {
    let accuracies = control.accuracies.map { NumberText.percent($0) }.joined(separator: ", ")
    return [
      "",
      "Control beside, \(control.title): accuracy "
        + "\(NumberText.percent(control.accuracy)) (\(accuracies))",
      difference("it", control.augmentedAgainst, .accuracy),
    ] + (control.divergedSentence.map { [$0] } ?? [])
  }
}
