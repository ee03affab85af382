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

  /// `augmented`, `none` and `matched`.
  public static let builtIn = AttentionCatalog(makers: [
    "augmented": { AugmentedAttention(width: $0) },
    "none": { _ in NoAttention() },
    "matched": { MatchedControl(width: $0) },
  ])

  /// The catalog with one more mechanism; a name that exists is taken by the new one.
  public func adding(_ name: String, _ maker: @escaping Maker) -> AttentionCatalog {
    var catalog = self
    catalog.makers[name] = maker
    return catalog
  }

  /// The names in alphabetical order.
  public var names: [String] { makers.keys.sorted() }

  /// The mechanism called `name` for positions of `width` channels.
  ///
  /// - Throws: `InputError` that lists the names there are.
  public func mechanism(_ name: String, width: Int) throws -> any AttentionMechanism {
    guard let maker = makers[name] else {
      throw InputError(
        "there is no attention called \(name)",
        advice: "Choose one of \(names.joined(separator: ", "))")
    }
    return try maker(width)
  }
}
