/// Attention mechanisms by name, so that they can be chosen by name everywhere.
///
/// A value, not a global list: hand your own to whatever trains, compares or loads.
///
/// ```swift
/// let catalog = AttentionCatalog.builtIn.adding("mine") { width in MyAttention(width: width) }
/// ```
public struct AttentionCatalog: Sendable {
  /// Makes a mechanism for positions of a number of channels.
  public typealias Maker = @Sendable (_ width: Int) throws -> any AttentionMechanism

  private var makers: [String: Maker]

  /// `augmented` and its controls `none` and `matched`, and the mechanisms of `docs/attention.md`.
  public static let builtIn = AttentionCatalog(makers: [
    "additive": { AdditiveAttention(width: $0) },
    "augmented": { AugmentedAttention(width: $0) },
    "cbam": { CBAM(width: $0) },
    "coordinate": { CoordinateAttention(width: $0) },
    "eca": { EfficientChannelAttention(width: $0) },
    "linear": { LinearAttention(width: $0) },
    "local": { try LocalAttention(width: $0, heads: AttentionHeads.usual(width: $0)) },
    "matched": { MatchedControl(width: $0) },
    "multihead": { try MultiHeadAttention(width: $0, heads: AttentionHeads.usual(width: $0)) },
    "none": { _ in NoAttention() },
    "nonlocal": { NonLocalAttention(width: $0) },
    "se": { SqueezeExcitation(width: $0) },
  ])

  /// The name of the control of equal size for a mechanism: `matched` for `augmented`, else
  /// `matched-` and the mechanism's name.
  public static func control(of name: String) -> String {
    name == "augmented" ? "matched" : "\(controlPrefix)\(name)"
  }

  /// Whether a name is that of a control, which cannot itself be compared.
  public static func isControl(_ name: String) -> Bool {
    ["none", "matched"].contains(name) || name.hasPrefix(controlPrefix)
  }

  private static let controlPrefix = "matched-"

  /// The catalog with one more mechanism; a name that exists is taken by the new one.
  public func adding(_ name: String, _ maker: @escaping Maker) -> AttentionCatalog {
    var catalog = self
    catalog.makers[name] = maker
    return catalog
  }

  /// The names in alphabetical order.
  public var names: [String] { makers.keys.sorted() }

  /// The mechanism called `name` for positions of `width` channels; `matched-` and a mechanism's
  /// name is a control with exactly as many trained parameters.
  ///
  /// - Throws: `InputError` that lists the names there are, or for a width below 1.
  public func mechanism(_ name: String, width: Int) throws -> any AttentionMechanism {
    guard width >= 1 else {
      throw InputError(
        "attention \(name) over \(width) channels cannot be", advice: "Give 1 or more")
    }
    let comparedName = String(name.dropFirst(Self.controlPrefix.count))
    if makers[name] == nil, name.hasPrefix(Self.controlPrefix), !Self.isControl(comparedName) {
      let compared = try mechanism(comparedName, width: width)
      return PositionwiseControl(width: width, parameterCount: compared.parameterCounts.trained)
    }
    guard let maker = makers[name] else {
      throw InputError(
        "there is no attention called \(name)",
        advice: "Choose one of \(names.joined(separator: ", "))")
    }
    return try maker(width)
  }
}
