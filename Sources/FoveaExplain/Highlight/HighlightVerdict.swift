/// Whether a network did use the places that a highlight marks, and why not.
///
/// It says nothing of the answer: a network that looks at the wrong places, and is wrong, can have faithful
/// highlights. Jacovi and Goldberg 2020, "Towards faithfully interpretable NLP systems". Only Fovea makes
/// verdicts, from scores that it measured.
public struct HighlightVerdict: Hashable, Sendable, Encodable, CustomStringConvertible {
  /// Whether the map beats all that knows nothing of the network by more than chance gives; `nil` where it
  /// was not judged.
  public let faithful: Bool?
  /// What speaks against it, or against judging it, as sentences without a full stop; empty for a faithful
  /// one.
  public let reasons: [String]

  /// What the word means, for wherever highlights are shown.
  public static let meaning =
    "Faithful says that the network did use the marked places: it is no approval of the answer."

  /// Faithful where there is no reason against it.
  package init(reasons: [String]) {
    faithful = reasons.isEmpty
    self.reasons = reasons
  }

  /// Not judged, and why.
  package init(notJudged reason: String) {
    faithful = nil
    reasons = [reason]
  }

  private enum Key: String, CodingKey { case faithful, reasons }

  /// Writes `null` where it was not judged.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(faithful, forKey: .faithful)
    try container.encode(reasons, forKey: .reasons)
  }

  /// `faithful`, `not faithful` or `not judged`.
  public var description: String {
    switch faithful {
    case true?: "faithful"
    case false?: "not faithful"
    case nil: "not judged"
    }
  }

  /// Whether it was judged, and is faithful.
  package var isFaithful: Bool { faithful == true }
}
