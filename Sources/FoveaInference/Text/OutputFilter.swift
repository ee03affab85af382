import FoveaArray
import FoveaText

/// Stops sentences of a written text that a classifier takes for what should not be said.
///
/// A classifier misses some and stops others wrongly: measure it on texts of your own with `rates(on:)`
/// before anybody relies on it.
///
/// ```swift
/// let filter = try OutputFilter(TextClassifier(contentsOf: run), stopping: "toxic", above: 0.5)
/// let checked = try await filter.checked(generated.text)
/// print(checked.text, checked.stopped.count)
/// ```
public struct OutputFilter: Sendable {
  /// Decides.
  public let classifier: TextClassifier
  /// The class that is stopped.
  public let label: String
  /// The probability of that class from which a sentence is stopped.
  public let threshold: Double
  private let classIndex: Int

  /// A filter.
  ///
  /// - Throws: `InputError` where the classifier has no such class, or the threshold is not above 0 and
  ///   at most 1.
  public init(
    _ classifier: TextClassifier, stopping label: String, above threshold: Double = 0.5
  ) throws {
    guard let index = classifier.classes.firstIndex(of: label) else {
      throw InputError(
        "the filter has no class called \(label)",
        advice: "It has \(classifier.classes.joined(separator: ", "))")
    }
    guard threshold > 0, threshold <= 1 else {
      throw InputError(
        "a filter cannot stop from a probability of \(threshold)",
        advice: "Give a number above 0, up to 1")
    }
    self.classifier = classifier
    self.label = label
    self.threshold = threshold
    classIndex = index
  }

  /// A text that was looked at.
  public struct Checked: Hashable, Sendable, Codable {
    /// What is left, with `mark` in the place of what was stopped.
    public let text: String
    /// What was stopped, in order.
    public let stopped: [Stop]

    /// A part that was stopped, without its words.
    public struct Stop: Hashable, Sendable, Codable {
      /// The first character in the text that was looked at.
      public let start: Int
      /// The one behind the last.
      public let end: Int
      /// How likely the part is of the class.
      public let probability: Double
    }
  }

  /// What stands in the place of a sentence that was stopped.
  public static let mark = "[stopped]"

  /// The text without the sentences that are stopped.
  ///
  /// Each sentence is judged by itself, and the text as a whole, all of them in half-overlapping parts as
  /// long as the classifier takes at once; the worst part counts. Where a part of the whole is of the class
  /// and none of its sentences is by itself, all that it touches are stopped.
  ///
  /// - Throws: `InputError` where the classifier has no finite answer; `CancellationError`.
  public func checked(_ text: String) async throws -> Checked {
    let segmented = SegmentedText(text)
    let scalars = text.unicodeScalars
    guard scalars.contains(where: { !$0.properties.isWhitespace }) else {
      return Checked(text: text, stopped: [])
    }
    // What stands between sentences, such as a line of signs, is judged with the one before it.
    let ranges = segmented.sentenceRanges
    let sentences = ranges.map { segmented.span($0).text }
    let judged = try await classifier.judgedParts(of: sentences + [text])
      .map { parts in parts.map { (range: $0.range, probability: $0.probabilities[classIndex]) } }
    var stops = zip(ranges, judged).compactMap { range, parts -> Checked.Stop? in
      let worst = parts.map(\.probability).max() ?? 0
      guard worst >= threshold else { return nil }
      return Checked.Stop(start: range.lowerBound, end: range.upperBound, probability: worst)
    }
    let ofSentences = stops
    for part in judged.last ?? [] where part.probability >= threshold {
      let touched = ranges.filter { $0.overlaps(part.range) }
      guard let first = touched.first, let last = touched.last else { continue }
      let whole = first.lowerBound..<last.upperBound
      guard !ofSentences.contains(where: { whole.overlaps($0.start..<$0.end) }) else { continue }
      stops.append(
        Checked.Stop(
          start: whole.lowerBound, end: whole.upperBound, probability: part.probability))
    }
    stops = Self.joined(stops)
    guard stops.first.map({ $0.start > 0 || $0.end < scalars.count }) ?? true else {
      return Checked(text: Self.mark, stopped: stops)
    }
    var kept = ""
    for (range, sentence) in zip(ranges, sentences) {
      let stop = stops.first { $0.start <= range.lowerBound && range.lowerBound < $0.end }
      if stop == nil { kept += sentence }
      if stop?.start == range.lowerBound { kept += "\(Self.mark) " }
    }
    return Checked(text: kept, stopped: stops)
  }

  /// Stops in the order of the text, those that overlap as one.
  private static func joined(_ stops: [Checked.Stop]) -> [Checked.Stop] {
    stops.sorted { ($0.start, $0.end) < ($1.start, $1.end) }.reduce(into: []) { joined, stop in
      guard let last = joined.last, stop.start < last.end else { return joined.append(stop) }
      joined[joined.count - 1] = Checked.Stop(
        start: last.start, end: max(last.end, stop.end),
        probability: max(last.probability, stop.probability))
    }
  }
}
