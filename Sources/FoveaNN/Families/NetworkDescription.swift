/// A network by its family's name with its options, as a user chooses it and as a run stores it.
///
/// What can be set of it is read and changed under the words of `SettingNames`; what its family does not
/// have is `nil` and left alone, as a `cnn` has no depth:
///
/// ```swift
/// var network = try NetworkDescription(named: "lstm")
/// network.hidden = 24
/// ```
///
/// Sizes of examples and the number of classes become those of data by `fitted(to:classes:)`.
@dynamicMemberLookup
public struct NetworkDescription: Sendable {
  private var choice: any FamilyChoice

  /// A network with these options.
  public init<Family: NetworkFamily>(_ family: Family, _ options: Family.Options) {
    choice = Choice(family: family, options: options)
  }

  /// The defaults of a family.
  public init(_ family: some NetworkFamily) { self.init(family, family.defaults) }

  /// The defaults of a family by its name.
  ///
  /// - Throws: `InputError` that lists the families there are.
  public init(named name: String, in catalog: NetworkCatalog = .builtIn) throws {
    guard let family = catalog[name] else {
      throw InputError(
        "there is no model called \(name)",
        advice: "Choose one of \(catalog.names.joined(separator: ", "))")
    }
    self.init(family)
  }

  /// What is particular to networks of its kind.
  public var family: any NetworkFamily { choice.family }

  /// What was chosen: an `Options` of the family.
  public var options: any FamilyOptions { choice.options }

  /// The name by which users choose it.
  public var name: String { family.name }

  /// Whether the network reads sequences of any length, rather than maps of one size.
  public var readsSequences: Bool { family.kind != .maps }

  /// Whether the network hears words rather than telling classes apart.
  public var transcribes: Bool { family.kind == .steps }

  /// What the paths of the last layer's parameters begin with: what a new task replaces.
  public var headPrefix: String { family.headPrefix }

  /// How many classes, or words, it tells apart.
  public var classes: Int { options.classes }

  /// Numbers in a frame, of a network for sequences.
  public var features: Int? { (options as? any SequenceOptions)?.features }

  /// What enters a network for maps: rows, columns and channels; `nil` for one that reads sequences.
  public var mapShape: (height: Int, width: Int, channels: Int)? {
    (options as? any MapOptions).map { ($0.height, $0.width, $0.channels) }
  }

  /// The name of the attention mechanism that the network carries.
  public var attention: String {
    get { options.attention }
    set { choice.setAttention(newValue) }
  }

  // MARK: Settings

  /// What is set under a word of `SettingNames`; `nil`, and left alone, where the family does not have it.
  public subscript<Value: SettingValue>(
    dynamicMember name: KeyPath<SettingNames, SettingName<Value>>
  ) -> Value? {
    get { self[setting: SettingNames()[keyPath: name].name] as? Value }
    set {
      if let newValue { self[setting: SettingNames()[keyPath: name].name] = newValue }
    }
  }

  /// The same by its name; a value of another type is left alone, too.
  package subscript(setting name: String) -> (any SettingValue)? {
    get { choice.value(of: name) }
    set { if let newValue { choice.set(name, to: newValue) } }
  }

  /// Names and values for a report.
  package var reportRows: [(title: String, text: String)] { choice.reportRows }

  /// What a person should know of the network before it is trained.
  package var notes: [String] { choice.notes }

  /// The encoder by which it reads texts, where that can learn language before there are classes.
  package var languageEncoder: FrameEncoder.Options? { choice.languageEncoder }

  // MARK: From options to a network

  /// The same for data of a shape.
  ///
  /// - Throws: `InputError` for data that the network does not read.
  public func fitted(to input: NetworkInput, classes: Int) throws -> NetworkDescription {
    var fitted = self
    try fitted.choice.fit(to: input, classes: classes)
    return fitted
  }

  /// Fails for options that no network can have, before anything is made of them.
  ///
  /// - Throws: `InputError` that names the first.
  public func check() throws { try choice.check() }

  /// Fails where settings do not go together, whatever the shape of data.
  ///
  /// - Throws: `InputError` that names the first.
  package func checkSettings() throws {
    _ = try fitted(to: choice.trialInput, classes: 2).reader()
  }

  /// The network.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  func reader(mechanisms: AttentionCatalog = .builtIn) throws -> NetworkReader {
    // What is refused when a run is read must not be trained either.
    try check()
    return try choice.reader(mechanisms: mechanisms)
  }
}

extension NetworkDescription: Hashable {
  /// Whether family and options are the same.
  public static func == (a: NetworkDescription, b: NetworkDescription) -> Bool {
    a.name == b.name && AnyHashable(a.options) == AnyHashable(b.options)
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(AnyHashable(options))
  }
}

extension NetworkDescription: Codable {
  fileprivate enum Key: String, CodingKey { case name, options }

  /// Reads `{"name": …, "options": …}` of a network that can be.
  ///
  /// A family that is not built in is known to a decoder with the `userInfo` of a catalog that has it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .name)
    guard let family = NetworkCatalog(decoder)[name] else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "there is no model called \(name)")
    }
    self = try family.network(from: container)
    try check()
  }

  /// Writes `{"name": …, "options": …}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(options, forKey: .options)
  }
}

extension NetworkFamily {
  fileprivate func network(
    from container: KeyedDecodingContainer<NetworkDescription.Key>
  ) throws -> NetworkDescription {
    NetworkDescription(self, try container.decode(Options.self, forKey: .options))
  }
}

// MARK: - A family with options of its own

/// What is asked of a family and its options together, whichever they are.
private protocol FamilyChoice: Sendable {
  associatedtype Family: NetworkFamily
  var family: Family { get }
  var options: Family.Options { get set }
}

private struct Choice<Family: NetworkFamily>: FamilyChoice {
  let family: Family
  var options: Family.Options
}

extension FamilyChoice {
  func value(of name: String) -> (any SettingValue)? {
    family.settings.first { $0.name == name }?.value(options)
  }

  mutating func set(_ name: String, to value: any SettingValue) {
    family.settings.first { $0.name == name }?.set(&options, value)
  }

  mutating func setAttention(_ name: String) { options.attention = name }

  mutating func fit(to input: NetworkInput, classes: Int) throws {
    try family.fit(&options, to: input)
    options.classes = classes
  }

  func check() throws { try family.check(options) }

  func reader(mechanisms: AttentionCatalog) throws -> NetworkReader {
    try family.reader(options, mechanisms: mechanisms)
  }

  var trialInput: NetworkInput { family.trialInput(for: options) }
  var notes: [String] { family.notes(on: options) }
  var languageEncoder: FrameEncoder.Options? { family.languageEncoder(options) }

  var reportRows: [(title: String, text: String)] {
    [("Network", family.reportedName(options))]
      + family.settings.compactMap { $0.row?(options) }
  }
}
