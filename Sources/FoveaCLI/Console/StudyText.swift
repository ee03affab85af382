import Fovea
import FoveaArray

/// A comparison as lines for people.
enum StudyText {
  static func lines(_ result: StudyResult) -> [String] {
    var lines = ["Verdict: \(result.verdict.rawValue)", ""]
    lines += TerminalText.wrapped(result.explanation)
    if let caveat = result.caveat { lines += TerminalText.wrapped(caveat) }
    var table = TextTable(
      [.text("seed"), .number("plain")]
        + (result.matchedAccuracy == nil ? [] : [.number("matched")])
        + [.number("augmented"), .number("difference"), .number("McNemar p")])
    for (seed, paired) in zip(result.seeds, result.againstPlain.seeds) {
      table.append(
        [seed.seed, NumberText.percent(seed.plain)]
          + (seed.matched.map { [NumberText.percent($0)] } ?? [])
          + [
            NumberText.percent(seed.augmented), NumberText.points(paired.difference),
            NumberText.bareP(paired.mcNemarPValue),
          ])
    }
    table.append(
      ["mean", NumberText.percent(result.plainAccuracy)]
        + (result.matchedAccuracy.map { [NumberText.percent($0)] } ?? [])
        + [
          NumberText.percent(result.augmentedAccuracy),
          NumberText.points(result.againstPlain.meanDifference), "",
        ])
    lines += [""] + table.lines() + [""]
    lines.append(difference("the plain twin", result.againstPlain))
    if let matched = result.againstMatched {
      lines.append(difference("the control of equal size", matched))
    }
    if let detectable = result.againstPlain.detectableDifference {
      lines += TerminalText.wrapped(
        "With \(NumberText.count(result.itemCount, "test picture")) and "
          + "\(NumberText.count(result.seedCount, "seed")), differences under "
          + "\(NumberText.unsignedPoints(detectable)) points can hardly be seen.")
    }
    return lines
  }

  private static func difference(_ other: String, _ comparison: PairedComparison) -> String {
    let interval =
      comparison.interval.map {
        "95 % interval \(NumberText.pointRange($0.lower, $0.upper))"
      } ?? comparison.intervalMissing ?? "no interval"
    let flip = comparison.signFlip
    return """
      Against \(other): \(NumberText.points(comparison.meanDifference)) points, \(interval), sign-flip \
      \(NumberText.pValue(flip.pValue)) (so few seeds reach \
      \(NumberText.bareP(flip.smallestPValue)) at best)
      """
  }

  static func networkLines(_ summary: StudySummary) -> [String] {
    var table = TextTable([
      .text("network"), .text("attention"), .number("accuracy"), .number("parameters"),
      .number("operations a picture"), .number("time a training"),
    ])
    for network in summary.networks {
      table.append([
        network.arm.rawValue, network.attention, NumberText.percent(network.accuracy),
        NumberText.count(network.trainedParameters),
        NumberText.prefixed(Double(network.floatingPointOperations), unit: "FLOP"),
        NumberText.duration(network.secondsPerTraining),
      ])
    }
    return [""] + table.lines()
  }
}
