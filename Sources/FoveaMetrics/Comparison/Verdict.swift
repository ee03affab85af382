/// Whether attention helped, from the intervals alone: each verdict is a claim, and holds where its own
/// interval, or both of its own, exclude zero.
public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
  /// Better than the plain twin and than the control of equal size.
  case attentionHelps = "attention helps"
  /// Better than the plain twin, and so is the control; not provably better than the control.
  case moreParametersHelp = "more parameters help"
  /// Better than the plain twin; whether by its attention or by its size is not told apart.
  case undecided
  /// Worse than the plain twin.
  case attentionHurts = "attention hurts"
  /// Nothing of that is proven: the interval holds zero, or there is none.
  case noProvenGain = "no proven gain"

  /// The verdict for people.
  public var title: String {
    self == .undecided
      ? "gain over the plain twin: attention or size not told apart" : rawValue
  }

  /// The verdict of these intervals of differences in accuracy.
  ///
  /// Better means that the whole interval is above zero, worse that it is below.
  ///
  /// - Parameters:
  ///   - plain: attention less the plain twin; `nil` where none can be told.
  ///   - matched: attention less the control; `nil` where none can be told or there is no control.
  ///   - matchedAgainstPlain: the control less the plain twin; `nil` likewise.
  public init(
    againstPlain plain: ConfidenceInterval?, againstMatched matched: ConfidenceInterval?,
    matchedAgainstPlain: ConfidenceInterval?
  ) {
    self =
      if let plain, plain.lower > 0 {
        if let matched, matched.lower > 0 {
          .attentionHelps
        } else if let matchedAgainstPlain, matchedAgainstPlain.lower > 0 {
          .moreParametersHelp
        } else {
          .undecided
        }
      } else if let plain, plain.upper < 0 {
        .attentionHurts
      } else {
        .noProvenGain
      }
  }
}
