/// Families of networks by name, so that they can be chosen by name everywhere.
///
/// A value, not a global list: hand your own to whatever loads.
///
/// ```swift
/// let catalog = NetworkCatalog.builtIn.adding(MyFamily())
/// ```
public struct NetworkCatalog: Sendable {
  /// All in the order in which they are shown.
  public private(set) var families: [any NetworkFamily]

  /// The families that Fovea brings.
  public static let builtIn = NetworkCatalog(families: [
    CNNFamily(), ResNetFamily(), ViTFamily(), RecurrentFamily(.lstm), RecurrentFamily(.gru),
    TransformerFamily(), BagFamily(), RecurrentTranscriberFamily(.lstm),
    RecurrentTranscriberFamily(.gru), TransformerTranscriberFamily(),
  ])

  /// The catalog with one more family; a name that exists is taken by the new one.
  public func adding(_ family: some NetworkFamily) -> NetworkCatalog {
    var catalog = self
    if let place = families.firstIndex(where: { $0.name == family.name }) {
      catalog.families[place] = family
    } else {
      catalog.families.append(family)
    }
    return catalog
  }

  /// The names of all.
  public var names: [String] { families.map(\.name) }

  /// The names of those that read and say the same.
  public func names(of kind: NetworkKind) -> [String] {
    families.filter { $0.kind == kind }.map(\.name)
  }

  /// The family of a name; `nil` where there is none.
  public subscript(name: String) -> (any NetworkFamily)? { families.first { $0.name == name } }

  // MARK: Settings of all families

  /// The names of the families that have a setting.
  package func names(having setting: String) -> [String] {
    families.filter { $0.settingNames.contains(setting) }.map(\.name)
  }

  /// What a setting is in each family that has it, and its default there; settings are named as
  /// `naming` says.
  package func help(on setting: String, naming: (Setting) -> String) -> String {
    var parts: [(names: [String], text: String)] = []
    for family in families {
      guard let help = family.help(on: setting)?.text(naming: naming),
        let value = NetworkDescription(family)[setting: setting]
      else { continue }
      let text = help + (value is Bool ? "" : " (default: \(value.settingText))")
      if let same = parts.firstIndex(where: { $0.text == text }) {
        parts[same].names.append(family.name)
      } else {
        parts.append(([family.name], text))
      }
    }
    return parts.map { "\($0.names.joined(separator: ", ")): \($0.text)" }
      .joined(separator: "; ") + "."
  }

  // MARK: Reading what a run stores

  private static let key = CodingUserInfoKey(rawValue: "fovea.networks")

  /// What a decoder is told for it to know these families.
  package var userInfo: [CodingUserInfoKey: any Sendable] { Self.key.map { [$0: self] } ?? [:] }

  /// The families that a decoder knows: the built-in ones where it was told none.
  init(_ decoder: any Decoder) {
    self = Self.key.flatMap { decoder.userInfo[$0] as? NetworkCatalog } ?? .builtIn
  }

  private init(families: [any NetworkFamily]) { self.families = families }
}

extension NetworkDescription {
  /// The families that Fovea brings, and the network's own.
  package var catalog: NetworkCatalog { NetworkCatalog.builtIn.adding(family) }
}

extension NetworkFamily {
  fileprivate var settingNames: [String] { settings.map(\.name) }

  fileprivate func help(on setting: String) -> Advice? {
    settings.first { $0.name == setting }?.help
  }
}
