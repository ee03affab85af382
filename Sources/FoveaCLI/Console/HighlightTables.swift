import Fovea
import FoveaArray
import FoveaExplain
import FoveaMetrics

/// What is printed of highlights whatever they are highlights of.
enum HighlightTables {
  /// A file's name, what was predicted, the class that was asked for instead, and the method.
  static func head(
    _ name: String, _ prediction: Highlight.Answer, _ explained: Highlight.Answer,
    _ method: HighlightMethod
  ) -> [String] {
    func answer(_ answer: Highlight.Answer) -> String {
      "\(answer.label) \(NumberText.percent(answer.probability))"
    }
    let question = explained.label == prediction.label ? [] : ["why not \(answer(explained))"]
    return [name, answer(prediction)] + question + [method.rawValue]
  }

  /// `deletion 0.31 (shifted 0.52, middle 0.49)`, with more controls where there are some.
  static func score(
    _ name: String, _ score: ControlledScore, controls: [(name: String, value: Double)] = []
  ) -> String {
    let all = [("shifted", score.shiftedMean), ("middle", score.middle)] + controls
    let beside = all.map { "\($0.0) \(number($0.1))" }.joined(separator: ", ")
    return "\(name) \(number(score.value)) (\(beside))"
  }

  /// The verdict with what speaks against the highlight, a line each. Why a run's highlights are not judged
  /// is said once, for the run.
  static func lines(_ verdict: HighlightVerdict) -> [String] {
    guard verdict.faithful == false, let first = verdict.reasons.first else {
      return ["\(verdict)"]
    }
    return ["\(verdict): \(first)"] + verdict.reasons.dropFirst()
  }

  /// `90×42 pixels at x 215, y 114`, of the strongest region.
  static func place(_ regions: [HighlightRegion]) -> String { regions.first?.place ?? "nowhere" }

  /// A row a method on how highlights scored; `counted` heads the column of their number.
  static func scores(_ summaries: [HighlightSummary], counted: String) -> [String] {
    var table = TextTable([
      .text("method"), .number(counted), .number("faithful"), .number("deletion"),
      .number("less than shifted"), .number("insertion"), .number("more than shifted"),
      .number("stability"), .number("forward passes"), .number("seconds"),
    ])
    for summary in summaries {
      table.append([
        summary.method.rawValue, NumberText.count(summary.pictureCount),
        summary.faithful.map(share) ?? "not judged",
        number(summary.deletion.mean), mean(summary.deletionGain),
        number(summary.insertion.mean), mean(summary.insertionGain),
        number(summary.stability.mean), NumberText.fixed(summary.forwardPasses, decimals: 1),
        NumberText.fixed(summary.seconds, decimals: 3),
      ])
    }
    return table.lines()
  }

  /// What the intervals in the tables are, what the verdict is on, and where the highlights lie.
  static func legend(_ counted: String, in output: String) -> [String] {
    [
      "95 % intervals: Wilson's for shares of \(counted), Student's over \(counted) for means.",
      HighlightVerdict.meaning, "Highlights: \(output)",
    ]
  }

  static func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 3) }

  /// `0.31 [0.28, 0.34]`
  static func mean(_ value: MeanInterval) -> String {
    guard let interval = value.interval else { return number(value.mean) }
    return "\(number(value.mean)) [\(number(interval.lower)), \(number(interval.upper))]"
  }

  /// `31.0 % [22.8–40.6 %]`
  static func share(_ value: HighlightSummary.Share) -> String {
    "\(NumberText.percent(value.share)) "
      + "[\(NumberText.percentRange(value.interval.lower, value.interval.upper))]"
  }
}
