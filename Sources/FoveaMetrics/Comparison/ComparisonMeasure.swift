/// What the numbers of a comparison are shares of.
public enum ComparisonMeasure: String, Hashable, Sendable, Codable {
  /// Items that are right.
  case accuracy
  /// 1 less the word error rate: errors over words said. It is negative where there are more errors
  /// than words.
  case wordAccuracy

  /// A share as people are used to read it: the accuracy, or the word error rate.
  public func shown(_ share: Double) -> Double { self == .accuracy ? share : 1 - share }

  /// A difference as people are used to read it, of accuracies or of word error rates.
  public func shown(difference: Double) -> Double { self == .accuracy ? difference : -difference }

  /// The interval of such a difference.
  public func shown(interval: ConfidenceInterval) -> ConfidenceInterval {
    self == .accuracy ? interval : ConfidenceInterval(-interval.upper, -interval.lower)
  }

  /// The name of what `shown` gives.
  public var name: String { self == .accuracy ? "accuracy" : "word error rate" }
}
