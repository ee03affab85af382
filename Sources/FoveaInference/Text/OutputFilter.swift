import FoveaArray
import FoveaText

/// Stops sentences of a written text that a classifier takes for what should not be said.
///
/// A classifier misses some and stops others wrongly: measure it on texts of your own with
/// `TextClassifier.evaluation(on:)` before anybody relies on it.
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

  /// The text without the sentences that are stopped. Each sentence is judged by itself, and the text as
  /// a whole: where only the whole is of the class, nothing of it is left.
  ///
  /// - Throws: `CancellationError`.
  public func checked(_ text: String) async throws -> Checked {
    let segmented = SegmentedText(text)
    let scalars = Array(text.unicodeScalars)
    guard scalars.contains(where: { !$0.properties.isWhitespace }) else {
      return Checked(text: text, stopped: [])
    }
    // What stands between sentences, such as a line of signs, is judged with the one before it.
    var ranges = segmented.sentences.map(\.range)
    for index in ranges.indices.dropLast() {
      ranges[index] = ranges[index].lowerBound..<ranges[index + 1].lowerBound
    }
    if let first = ranges.first, let last = ranges.last {
      ranges[0] = 0..<first.upperBound
      ranges[ranges.count - 1] = (ranges.count == 1 ? 0 : last.lowerBound)..<scalars.count
    } else {
      ranges = [0..<scalars.count]
    }
    let parts = ranges.map { segmented.span($0).text }
    let found = try await classifier.predictions(from: parts + [text])
      .map { $0.probabilities[classIndex] }
    var stopped = zip(ranges, found).filter { $1 >= threshold }.map { range, probability in
      Checked.Stop(start: range.lowerBound, end: range.upperBound, probability: probability)
    }
    if stopped.isEmpty, let whole = found.last, whole >= threshold {
      stopped = [Checked.Stop(start: 0, end: scalars.count, probability: whole)]
      return Checked(text: Self.mark, stopped: stopped)
    }
    let starts = Set(stopped.map(\.start))
    let kept = zip(ranges, parts).map { range, part in
      starts.contains(range.lowerBound) ? "\(Self.mark) " : part
    }
    return Checked(text: kept.joined(), stopped: stopped)
  }
}
