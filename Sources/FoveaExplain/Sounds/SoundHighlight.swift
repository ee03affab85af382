/// Which seconds of a recording a network's answer rests on, how good that highlight is, and whether
/// it may be shown as an explanation.
///
/// ```swift
/// let highlight = try await classifier.explanation(of: URL(filePath: "yard.wav"))
/// for span in highlight.spans { print(span.start, span.end, span.strength) }
/// ```
public struct SoundHighlight: Hashable, Sendable, Codable {
  /// A moment worth hearing, in seconds from the beginning of the recording.
  public struct Span: Hashable, Sendable, Codable {
    /// Where it begins.
    public let start: Double
    /// Where it ends.
    public let end: Double
    /// The share of the whole map that lies in it, 0…1.
    public let strength: Double
    /// Where the map is highest within it.
    public let peak: Double
  }

  /// Evidence over time.
  public struct Map: Hashable, Sendable, Codable {
    /// The middle of the first value, in seconds from the beginning of the recording.
    public let start: Double
    /// Seconds from a value to the next.
    public let step: Double
    /// A number for each frame, not negative, the largest 1; all 0 where the map says nothing.
    public let values: [Float]
  }

  /// What a map of loudness reaches: the root of the mean square of the samples around each frame.
  public struct Loudness: Hashable, Sendable, Codable {
    /// Its area of deletion.
    public let deletion: Double
    /// Its area of insertion.
    public let insertion: Double
    /// Whether the loudest moment lies in the truth; `nil` where none is known.
    public let pointsInside: Bool?
    /// The share of loudness inside the truth.
    public let shareInside: Double?
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
  /// What a map of loudness reaches instead.
  public let loudness: Loudness
  /// Whether the map may be shown as an explanation.
  public let verdict: HighlightVerdict
  /// What it took.
  public let cost: HighlightCost
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
