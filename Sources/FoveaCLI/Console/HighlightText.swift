import Fovea
import FoveaArray
import FoveaExplain
import FoveaMetrics

/// Highlights as lines for people.
enum HighlightText {
  /// One line on one highlight.
  static func line(_ name: String, _ highlight: Highlight) -> String {
    var parts = [
      TerminalText.printable(name),
      "\(TerminalText.printable(highlight.prediction.label)) "
        + NumberText.percent(highlight.prediction.probability),
    ]
    if highlight.explained.label != highlight.prediction.label {
      parts.append(
        "why not \(TerminalText.printable(highlight.explained.label)) "
          + NumberText.percent(highlight.explained.probability))
    }
    parts.append(highlight.method.rawValue)
    parts.append(
      highlight.regions.first.map { "at \($0.x),\($0.y) \($0.width)×\($0.height)" } ?? "nowhere")
    parts.append("deletion \(score(highlight.scores.deletion))")
    parts.append("insertion \(score(highlight.scores.insertion))")
    if let truth = highlight.scores.truth {
      parts.append(
        "points \(truth.pointsInside ? "inside" : "outside") the truth, "
          + "\(NumberText.percent(truth.shareInside, decimals: 0)) inside")
    }
    let reason = highlight.verdict.reasons.first.map { ": \($0)" } ?? ""
    let more =
      highlight.verdict.reasons.count > 1
      ? " (and \(highlight.verdict.reasons.count - 1) more)" : ""
    parts.append("\(highlight.verdict)\(reason)\(more)")
    let cost = highlight.cost
    parts.append(
      "\(NumberText.fixed(cost.forwardPasses, decimals: 1)) forward passes in "
        + "\(NumberText.fixed(cost.seconds, decimals: 2)) s, scored in "
        + "\(NumberText.fixed(cost.scoringSeconds, decimals: 1)) s")
    return parts.joined(separator: "  ")
  }

  /// `0.31 (shifted 0.52, middle 0.49)`
  private static func score(_ score: ControlledScore) -> String {
    "\(number(score.value)) (shifted \(number(score.shiftedMean)), middle \(number(score.centred)))"
  }

  /// What is said after all pictures.
  static func summary(_ results: ExplanationResults) -> [String] {
    let summaries = results.summaries
    guard !summaries.isEmpty else { return [] }
    var table = TextTable([
      .text("method"), .number("pictures"), .number("not trustworthy"), .number("deletion"),
      .number("less than shifted"), .number("insertion"), .number("more than shifted"),
      .number("stability"), .number("forward passes"), .number("seconds"),
    ])
    for summary in summaries {
      table.append([
        summary.method.rawValue, NumberText.count(summary.pictureCount), share(summary.refused),
        number(summary.deletion.mean), mean(summary.deletionGain),
        number(summary.insertion.mean), mean(summary.insertionGain),
        number(summary.stability.mean), NumberText.fixed(summary.forwardPasses, decimals: 1),
        NumberText.fixed(summary.seconds, decimals: 3),
      ])
    }
    var lines = [""] + table.lines()
    if summaries.contains(where: { $0.truth != nil }) {
      var truths = TextTable([
        .text("method"), .number("pictures"), .number("points inside"), .number("shifted"),
        .number("middle"), .number("share inside"), .number("truth's share"),
      ])
      for summary in summaries {
        guard let truth = summary.truth else { continue }
        truths.append([
          summary.method.rawValue, NumberText.count(truth.pointing.total), share(truth.pointing),
          NumberText.percent(truth.shiftedPointing),
          NumberText.percent(truth.centredPointing.share), mean(truth.shareInside),
          number(truth.truthShare),
        ])
      }
      lines += [""] + truths.lines()
    }
    lines += [""]
    if let counts = results.truthCounts { lines.append(truthLine(counts)) }
    lines.append(
      "95 % intervals: Wilson's for shares of pictures, Student's over pictures for means. "
        + "Highlights: \(results.output)")
    return lines
  }

  private static func truthLine(_ counts: ExplanationResults.TruthCounts) -> String {
    var parts = ["Truth is known for \(NumberText.count(counts.known, "picture"))"]
    if counts.blank > 0 {
      parts.append("\(NumberText.count(counts.blank)) with nothing marked left out")
    }
    if counts.unknown > 0 {
      parts.append("\(NumberText.count(counts.unknown)) without truth left out")
    }
    if counts.outOfSight > 0 {
      parts.append("\(NumberText.count(counts.outOfSight)) whose mark is cut off left out")
    }
    return parts.joined(separator: ", ") + "."
  }

  private static func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 3) }

  private static func mean(_ value: MeanInterval) -> String {
    guard let interval = value.interval else { return number(value.mean) }
    return "\(number(value.mean)) [\(number(interval.lower)), \(number(interval.upper))]"
  }

  private static func share(_ value: HighlightSummary.Share) -> String {
    "\(NumberText.percent(value.share)) "
      + "[\(NumberText.percentRange(value.interval.lower, value.interval.upper))]"
  }
}
