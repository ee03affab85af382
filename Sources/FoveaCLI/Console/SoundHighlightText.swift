import Fovea
import FoveaArray
import FoveaDrawing
import FoveaExplain
import FoveaMetrics

/// Highlights of recordings as lines for people.
enum SoundHighlightText {
  private static let timelineWidth = 60
  private static let bars = Array(" ▁▂▃▄▅▆▇█")

  /// A line on what was heard, a timeline, and the moments.
  static func lines(_ name: String, _ highlight: SoundHighlight) -> [String] {
    var head = HighlightTables.head(
      name, highlight.prediction, highlight.explained, highlight.method)
    if let truth = highlight.scores.truth {
      head.append(
        "points \(truth.pointsInside ? "inside" : "outside") the truth, "
          + "\(NumberText.percent(truth.shareInside, decimals: 0)) inside")
    }
    var lines = [head.joined(separator: "  "), "  \(timeline(highlight))"]
    let moments = highlight.spans.map {
      "\($0.text) (\(NumberText.percent($0.strength, decimals: 0)))"
    }
    lines.append("  " + (moments.isEmpty ? "nowhere" : moments.joined(separator: ", ")))
    lines.append(
      "  "
        + HighlightTables.score(
          "deletion", highlight.scores.deletion,
          controls: [("loudest", highlight.loudness.deletion)]))
    lines.append(
      "  "
        + HighlightTables.score(
          "insertion", highlight.scores.insertion,
          controls: [("loudest", highlight.loudness.insertion)]))
    return lines + HighlightTables.lines(highlight.verdict).map { "  \($0)" }
  }

  /// `0.0 s │   ▂▇█▅ │ 5.0 s`: the largest value of the map in each cell.
  static func timeline(_ highlight: SoundHighlight) -> String {
    let values = highlight.map.values
    let width = min(timelineWidth, max(values.count, 1))
    let cells = (0..<width).map { cell -> Character in
      let start = cell * values.count / width
      let range = start..<max((cell + 1) * values.count / width, start + 1)
      let value = range.reduce(Float(0)) { max($0, $1 < values.count ? values[$1] : 0) }
      return bars[min(Int((value * Float(bars.count - 1)).rounded()), bars.count - 1)]
    }
    return "\(NumberText.fixed(highlight.start, decimals: 1)) s │\(String(cells))│ "
      + "\(NumberText.fixed(highlight.end, decimals: 1)) s"
  }

  /// What is said after all recordings.
  static func summary(_ results: SoundExplanationResults) -> [String] {
    let summaries = results.summaries
    guard !summaries.isEmpty else { return [] }
    var lines = [""] + HighlightTables.scores(summaries.map(\.highlights), counted: "highlights")
    if summaries.contains(where: { $0.highlights.truth != nil }) {
      var truths = TextTable([
        .text("method"), .number("highlights"), .number("points inside"), .number("shifted"),
        .number("loudest moment"), .number("share inside"), .number("loudness's share"),
        .number("truth's share"),
      ])
      for summary in summaries {
        guard let truth = summary.highlights.truth else { continue }
        truths.append([
          summary.method.rawValue, NumberText.count(truth.pointing.total),
          HighlightTables.share(truth.pointing),
          NumberText.percent(truth.shiftedPointing),
          summary.loudnessPointing.map { NumberText.percent($0.share) } ?? "–",
          HighlightTables.mean(truth.shareInside),
          summary.loudnessShareInside.map { HighlightTables.number($0.mean) } ?? "–",
          HighlightTables.number(truth.truthShare),
        ])
      }
      lines += [""] + truths.lines()
    }
    return lines + [""] + HighlightTables.legend("highlights", in: results.output)
  }

}

/// All highlights of a call on recordings, as they are shown and summed up.
struct SoundExplanationResults {
  let run: String
  let output: String
  let methods: [HighlightMethod]
  var notes: [String] = []
  var broken: [InputError] = []
  private var all: [HighlightMethod: [SoundHighlight]] = [:]
  private var current: [SoundHighlight] = []
  private var recordings: [Recording] = []

  init(run: String, output: String, methods: [HighlightMethod]) {
    self.run = run
    self.output = output
    self.methods = methods
  }

  /// What is said of one recording; maps are in its file.
  struct Recording: Encodable {
    struct Entry: Encodable {
      let start: Double
      let end: Double
      let method: HighlightMethod
      let prediction: Highlight.Answer
      let explained: Highlight.Answer
      let spans: [SoundHighlight.Span]
      let scores: HighlightScores
      let loudness: HighlightControl
      let verdict: HighlightVerdict
      let cost: HighlightCost
    }

    let recording: String
    let file: String
    let highlights: [Entry]
  }

  /// How a method did, with what loudness reaches.
  struct Summary: Encodable {
    let method: HighlightMethod
    let highlights: HighlightSummary
    let loudnessPointing: HighlightSummary.Share?
    let loudnessShareInside: MeanInterval?
  }

  mutating func add(_ found: [SoundHighlight]) {
    for highlight in found { all[highlight.method, default: []].append(highlight) }
    current += found
  }

  mutating func end(_ name: String, file: String) {
    recordings.append(
      Recording(
        recording: name, file: file,
        highlights: current.map {
          Recording.Entry(
            start: $0.start, end: $0.end, method: $0.method, prediction: $0.prediction,
            explained: $0.explained, spans: $0.spans, scores: $0.scores, loudness: $0.loudness,
            verdict: $0.verdict, cost: $0.cost)
        }))
    current = []
  }

  /// A summary of each method.
  var summaries: [Summary] {
    methods.compactMap { method in
      let found = all[method] ?? []
      return HighlightSummary(method, found).map { summary in
        let pointing = found.compactMap(\.loudness.pointsInside)
        return Summary(
          method: method, highlights: summary,
          loudnessPointing: HighlightSummary.Share(pointing.count { $0 }, of: pointing.count),
          loudnessShareInside: MeanInterval(found.compactMap(\.loudness.shareInside)))
      }
    }
  }

  /// What `--json` prints.
  struct Object: Encodable {
    let schemaVersion = 1
    let run: String
    let output: String
    let methods: [Summary]
    let recordings: [Recording]
    let broken: [String]
    let notes: [String]
  }

  var object: Object {
    Object(
      run: run, output: output, methods: summaries, recordings: recordings,
      broken: broken.map(\.description), notes: notes)
  }
}
