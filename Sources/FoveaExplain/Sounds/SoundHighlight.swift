/// Which seconds of a recording a network's answer rests on, how good that highlight is, and whether
/// the network did use what it marks.
///
/// ```swift
/// let highlight = try await classifier.explanation(of: URL(filePath: "yard.wav"))
/// for span in highlight.spans { print(span.start, span.end, span.strength) }
/// ```
public struct SoundHighlight: Hashable, Sendable, Encodable {
  /// A moment worth hearing, in seconds from the beginning of the recording.
  public struct Span: Hashable, Sendable, Encodable {
    /// Where it begins.
    public let start: Double
    /// Where it ends.
    public let end: Double
    /// The share of the whole map that lies in it, 0…1.
    public let strength: Double
    /// Where the map is highest within it.
    public let peak: Double

    package init(start: Double, end: Double, strength: Double, peak: Double) {
      (self.start, self.end, self.strength, self.peak) = (start, end, strength, peak)
    }
  }

  /// Evidence over time.
  public struct Map: Hashable, Sendable, Encodable {
    /// The middle of the first value, in seconds from the beginning of the recording.
    public let start: Double
    /// Seconds from a value to the next.
    public let step: Double
    /// A number for each frame, not negative, the largest 1; all 0 where the map says nothing.
    public let values: [Float]

    package init(start: Double, step: Double, values: [Float]) {
      (self.start, self.step, self.values) = (start, step, values)
    }
  }

  /// Where the part of the recording begins that the network heard, in seconds.
  public let start: Double
  /// Where it ends.
  public let end: Double
  /// The class with the highest probability.
  public let prediction: Highlight.Answer
  /// The class whose evidence the map shows: the predicted one, unless another was asked for.
  public let explained: Highlight.Answer
  /// How the map was found.
  public let method: HighlightMethod
  /// How much each moment speaks for the explained class.
  public let map: Map
  /// The moments worth hearing, strongest first.
  public let spans: [Span]
  /// How good the map is, measured on this very recording.
  public let scores: HighlightScores
  /// What a map of loudness reaches instead: the root of the mean square of the samples around each frame.
  public let loudness: HighlightControl
  /// Whether the network did use the marked moments.
  public let verdict: HighlightVerdict
  /// What it took.
  public let cost: HighlightCost

  package init(
    start: Double, end: Double, prediction: Highlight.Answer, explained: Highlight.Answer,
    method: HighlightMethod, map: Map, spans: [Span], scores: HighlightScores,
    loudness: HighlightControl, verdict: HighlightVerdict, cost: HighlightCost
  ) {
    (self.start, self.end) = (start, end)
    (self.prediction, self.explained) = (prediction, explained)
    (self.method, self.map, self.spans) = (method, map, spans)
    (self.scores, self.loudness) = (scores, loudness)
    (self.verdict, self.cost) = (verdict, cost)
  }
}

extension SoundHighlight {
  /// The stretches of a recording that a shortened one holds: the spans with a margin on both sides,
  /// in time, those that meet made one.
  package func stretches(margin: Double) -> [ClosedRange<Double>] {
    let wide = spans.map { max($0.start - margin, start)...min($0.end + margin, end) }
      .sorted { $0.lowerBound < $1.lowerBound }
    return wide.reduce(into: []) { joined, next in
      if let last = joined.last, next.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, next.upperBound)
      } else {
        joined.append(next)
      }
    }
  }
}
