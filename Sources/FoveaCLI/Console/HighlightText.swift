import Fovea
import FoveaArray
import FoveaExplain
import FoveaMetrics

/// Highlights as lines for people.
enum HighlightText {
  /// What was seen and where, the scores, the verdict with what speaks against it.
  static func lines(_ name: String, _ highlight: Highlight) -> [String] {
    var head = HighlightTables.head(
      name, highlight.prediction, highlight.explained, highlight.method)
    head.append(HighlightTables.place(highlight.regions))
    if let truth = highlight.scores.truth {
      head.append(
        "points \(truth.pointsInside ? "inside" : "outside") the truth, "
          + "\(NumberText.percent(truth.shareInside, decimals: 0)) inside")
    }
    let contrast = highlight.localContrast
    return [head.joined(separator: "  ")]
      + [
        HighlightTables.score(
          "deletion", highlight.scores.deletion,
          controls: [("local contrast", contrast.deletion)]),
        HighlightTables.score(
          "insertion", highlight.scores.insertion,
          controls: [("local contrast", contrast.insertion)]),
      ].map { "  \($0)" } + HighlightTables.lines(highlight.verdict).map { "  \($0)" }
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
          NumberText.percent(truth.middlePointing.share), HighlightTables.mean(truth.shareInside),
          HighlightTables.number(truth.truthShare),
        ])
      }
      lines += [""] + truths.lines()
    }
    lines += [""]
    if let counts = results.truthCounts { lines.append(truthLine(counts)) }
    return lines + HighlightTables.legend("pictures", in: results.output)
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
