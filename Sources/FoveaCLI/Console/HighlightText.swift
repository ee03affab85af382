import Fovea
import FoveaArray
import FoveaExplain
import FoveaMetrics

/// Highlights as lines for people.
enum HighlightText {
  /// One line on one highlight.
  static func line(_ name: String, _ highlight: Highlight) -> String {
    var parts = HighlightTables.head(
      name, highlight.prediction, highlight.explained, highlight.method)
    parts.append(
      highlight.regions.first.map { "at \($0.x),\($0.y) \($0.width)×\($0.height)" } ?? "nowhere")
    parts.append(HighlightTables.score("deletion", highlight.scores.deletion))
    parts.append(HighlightTables.score("insertion", highlight.scores.insertion))
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

  /// What is said after all pictures.
  static func summary(_ results: ExplanationResults) -> [String] {
    let summaries = results.summaries
    guard !summaries.isEmpty else { return [] }
    var lines = [""] + HighlightTables.scores(summaries, counted: "pictures")
    if summaries.contains(where: { $0.truth != nil }) {
      var truths = TextTable([
        .text("method"), .number("pictures"), .number("points inside"), .number("shifted"),
        .number("middle"), .number("share inside"), .number("truth's share"),
      ])
      for summary in summaries {
        guard let truth = summary.truth else { continue }
        truths.append([
          summary.method.rawValue, NumberText.count(truth.pointing.total),
          HighlightTables.share(truth.pointing),
          NumberText.percent(truth.shiftedPointing),
          NumberText.percent(truth.centredPointing.share), HighlightTables.mean(truth.shareInside),
          HighlightTables.number(truth.truthShare),
        ])
      }
      lines += [""] + truths.lines()
    }
    lines += [""]
    if let counts = results.truthCounts { lines.append(truthLine(counts)) }
    lines.append(HighlightTables.legend("pictures", in: results.output))
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

}
