import Fovea
import FoveaArray
import FoveaExplain
import FoveaMetrics

extension MarkedText {
  /// The text in parts with the strength of each: words as they count, in tenths, and what lies between
  /// not at all.
  static func shaded(
    _ text: String, _ words: [TextHighlight.Word]
  ) -> [(String, strength: Float)] {
    let scalars = Array(text.unicodeScalars)
    func part(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
    var result: [(String, strength: Float)] = []
    var place = 0
    for word in words {
      if word.start > place { result.append((part(place..<word.start), 0)) }
      result.append((part(word.start..<word.end), (10 * word.value).rounded() / 10))
      place = word.end
    }
    if place < scalars.count { result.append((part(place..<scalars.count), 0)) }
    return result
  }
}

/// Highlights of texts as lines for people.
enum TextHighlightText {
  /// A line on what was read, the text with its words marked, and what speaks against it.
  static func lines(_ name: String, _ text: String, _ highlight: TextHighlight) -> [StyledLine] {
    var head = HighlightTables.head(
      name, highlight.prediction, highlight.explained, highlight.method)
    if let truth = highlight.scores.truth, let f1 = highlight.characterF1 {
      head.append(
        "points \(truth.pointsInside ? "inside" : "outside") the truth, F1 \(HighlightTables.number(f1))"
      )
    }
    var lines = scores(highlight).map { "  \($0)" }
    if highlight.sentences.count > 1,
      let best = highlight.sentences.max(by: { $0.strength < $1.strength })
    {
      let number = 1 + (highlight.sentences.firstIndex(of: best) ?? 0)
      lines.append(
        "  sentence \(number) of \(highlight.sentences.count) holds "
          + NumberText.percent(best.strength, decimals: 0))
    }
    lines += HighlightTables.lines(highlight.verdict).map { "  \($0)" }
    return [StyledLine(head.joined(separator: "  ")), marked(text, highlight)]
      + lines.map { StyledLine($0) }
  }

  /// What the highlight scored on this very text, beside its controls: a line for each score.
  static func scores(_ highlight: TextHighlight) -> [String] {
    func controls(_ score: (TextHighlight.Control) -> Double) -> [(name: String, value: Double)] {
      highlight.controls.map { ($0.kind.words, score($0)) }
    }
    return [
      HighlightTables.score(
        "deletion", highlight.scores.deletion, controls: controls(\.deletion)),
      HighlightTables.score(
        "insertion", highlight.scores.insertion, controls: controls(\.insertion)),
    ]
  }

  /// In colours on a terminal, else with the strongest words between » and «.
  private static func marked(_ text: String, _ highlight: TextHighlight) -> StyledLine {
    var line = StyledLine("  ")
    guard MarkedText.isBold else {
      let ranges = highlight.spans.map { $0.start..<$0.end }.sorted {
        $0.lowerBound < $1.lowerBound
      }
      for (part, isMarked) in MarkedText.parts(text, ranges) {
        line.append(isMarked ? "»\(part)«" : part)
      }
      return line
    }
    // From the terminal's own ground to full yellow: the cube's colours with red and green alike.
    let shades = [234, 58, 100, 142, 184, 226]
    for (part, strength) in MarkedText.shaded(text, highlight.words) {
      let level = Int((Float(shades.count) * strength).rounded(.down))
      let shade = shades[min(level, shades.count - 1)]
      line.append(part, level > 0 ? .shade(shade, ink: shade > 120 ? 16 : 231) : .plain)
    }
    return line
  }

  /// What is said after all texts.
  static func summary(_ results: TextExplanationResults) -> [String] {
    let summaries = results.summaries
    guard !summaries.isEmpty else { return [] }
    var lines = [""] + HighlightTables.scores(summaries.map(\.highlights), counted: "highlights")
    if summaries.contains(where: { $0.characterF1 != nil }) {
      var truths = TextTable([
        .text("method"), .number("texts"), .number("points inside"), .number("shifted"),
        .number("character F1"), .number("controls' F1: random"), .number("beginning"),
        .number("rare"), .number("they point inside: random"), .number("beginning"),
        .number("rare"),
      ])
      for summary in summaries {
        guard let truth = summary.highlights.truth, let f1 = summary.characterF1 else { continue }
        truths.append(
          [
            summary.method.rawValue, NumberText.count(truth.pointing.total),
            HighlightTables.share(truth.pointing),
            NumberText.percent(truth.shiftedPointing), HighlightTables.mean(f1),
          ] + summary.controls.map { $0.characterF1.map { HighlightTables.number($0.mean) } ?? "–" }
            + summary.controls.map { $0.pointing.map { NumberText.percent($0.share) } ?? "–" })
      }
      lines += [""] + truths.lines()
    }
    return lines + [""] + HighlightTables.legend("highlights", in: results.output)
  }

}

/// All highlights of a call on texts, as they are shown and summed up.
struct TextExplanationResults {
  let run: String
  let output: String
  let methods: [HighlightMethod]
  var notes: [String] = []
  var broken: [InputError] = []
  private var all: [HighlightMethod: [TextHighlight]] = [:]
  private var texts: [Text] = []

  init(run: String, output: String, methods: [HighlightMethod]) {
    self.run = run
    self.output = output
    self.methods = methods
  }

  /// What is said of one text.
  struct Text: Encodable {
    let text: String
    let file: String
    let highlights: [TextHighlight]
  }

  /// How a method did, with what maps reach that know nothing.
  struct Summary: Encodable {
    struct Control: Encodable {
      let kind: TextHighlight.Control.Kind
      let characterF1: MeanInterval?
      let pointing: HighlightSummary.Share?
    }

    let method: HighlightMethod
    let highlights: HighlightSummary
    let characterF1: MeanInterval?
    let controls: [Control]
  }

  mutating func add(_ found: [TextHighlight], named name: String, file: String) {
    for highlight in found { all[highlight.method, default: []].append(highlight) }
    texts.append(Text(text: name, file: file, highlights: found))
  }

  /// A summary of each method.
  var summaries: [Summary] {
    methods.compactMap { method in
      let found = all[method] ?? []
      return HighlightSummary(method, found).map { summary in
        Summary(
          method: method, highlights: summary,
          characterF1: MeanInterval(found.compactMap(\.characterF1)),
          controls: TextHighlight.Control.Kind.allCases.map { kind in
            let controls = found.flatMap(\.controls).filter { $0.kind == kind }
            let pointing = controls.compactMap(\.pointsInside)
            return Summary.Control(
              kind: kind, characterF1: MeanInterval(controls.compactMap(\.characterF1)),
              pointing: HighlightSummary.Share(pointing.count { $0 }, of: pointing.count))
          })
      }
    }
  }

  /// What `--json` prints.
  struct Object: Encodable {
    let schemaVersion = 1
    let run: String
    let output: String
    let methods: [Summary]
    let texts: [Text]
    let broken: [String]
    let notes: [String]
  }

  var object: Object {
    Object(
      run: run, output: output, methods: summaries, texts: texts,
      broken: broken.map(\.description), notes: notes)
  }
}
