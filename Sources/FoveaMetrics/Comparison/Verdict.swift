/// Whether attention helped, from the intervals alone.
public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
  /// Better than the plain twin and than the control of equal size.
  case attentionHelps = "attention helps"
  /// Better than the plain twin, not provably better than the control of equal size.
  case moreParametersHelp = "more parameters help"
  /// Worse than the plain twin.
  case attentionHurts = "attention hurts"
  /// Nothing of that is proven: the interval holds zero, or there is none.
  case noProvenGain = "no proven gain"

  /// The verdict of these intervals for accuracy with attention less accuracy without.
  ///
  /// Better means that the whole interval is above zero, worse that it is below.
  ///
  /// - Parameters:
  ///   - plain: against the plain twin; `nil` where none can be told.
  ///   - matched: against the control; `nil` where none can be told.
  ///   - hasMatched: whether there is a control. Without one, better than the twin is all that can
  ///     be asked, and `StudyResult.caveat` says so.
  public init(
    againstPlain plain: ConfidenceInterval?, againstMatched matched: ConfidenceInterval?,
    hasMatched: Bool
  ) {
    self =
      if let plain, plain.lower > 0 {
        !hasMatched || (matched?.lower ?? 0) > 0 ? .attentionHelps : .moreParametersHelp
      } else if let plain, plain.upper < 0 {
        .attentionHurts
      } else {
        .noProvenGain
      }
  }
}
