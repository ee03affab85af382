/// A kind of network that can be chosen by name, with all that is particular to it: what can be set of it,
/// what it reads, how it is made.
///
/// Conform to one of `MapFamily`, `SequenceFamily` and `TranscriberFamily`, and hand a value to whatever
/// trains, or add it to the `NetworkCatalog` of whatever loads. Nothing outside a family asks which one a
/// network is of.
public protocol NetworkFamily<Options>: Sendable {
  /// What a run stores of a network.
  associatedtype Options: FamilyOptions

  /// The name by which users choose it.
  var name: String { get }
  /// What it is in a few words, where the name does not say it.
  var summary: String { get }
  /// What it has where nothing is chosen, for data of any shape.
  var defaults: Options { get }
  /// What can be chosen, in the order in which reports show it.
  var settings: [NetworkSetting<Options>] { get }
  /// What it reads, and what it says of it.
  var kind: NetworkKind { get }
  /// What the paths of the last layer's parameters begin with: what a new task replaces.
  var headPrefix: String { get }

  /// Fails for options that no network can have, before anything is made of them.
  ///
  /// - Throws: `InputError` that names the first.
  func check(_ options: Options) throws

  /// Brings options to the shape of data.
  ///
  /// - Throws: `InputError` for data that it does not read.
  func fit(_ options: inout Options, to input: NetworkInput) throws

  /// The network.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  func reader(_ options: Options, mechanisms: AttentionCatalog) throws -> NetworkReader

  /// Data of a shape that options suit, if they suit any: whether they go together shows with these.
  func trialInput(for options: Options) -> NetworkInput

  /// The network's name as a report gives it, with what belongs beside it.
  func reportedName(_ options: Options) -> String

  /// What a person should know of a network with these options before it is trained.
  func notes(on options: Options) -> [String]

  /// The encoder by which it reads texts, where that can learn language before there are classes.
  func languageEncoder(_ options: Options) -> FrameEncoder.Options?
}

extension NetworkFamily {
  /// The name.
  public var summary: String { name }
  /// A layer that the network holds as `head`.
  public var headPrefix: String { "head." }
  /// The name alone.
  public func reportedName(_ options: Options) -> String { name }
  /// Nothing.
  public func notes(on options: Options) -> [String] { [] }
  /// None.
  public func languageEncoder(_ options: Options) -> FrameEncoder.Options? { nil }
}

/// What a network reads, and what it says of it.
public enum NetworkKind: Hashable, Sendable, CaseIterable {
  /// Maps of one size, pictures or spectrograms as such, to tell classes apart.
  case maps
  /// Sequences of any length, to tell classes apart.
  case sequences
  /// Sequences of any length, to say of each step which word is heard there.
  case steps
}

/// A network by what it reads.
public enum NetworkReader: Sendable {
  /// `[batch, channels, height, width]` of one size.
  case map(any Layer)
  /// As a sequence, of any length.
  case sequence(any SequenceClassifier)
  /// As a sequence of any length, step by step.
  case steps(any SequenceLabeller)
}

/// The shape of data as they enter a network.
public enum NetworkInput: Hashable, Sendable {
  /// Pictures.
  case map(height: Int, width: Int, channels: Int)
  /// Sequences of at most so many frames of numbers.
  case frames(features: Int, count: Int)
  /// Texts of at most so many tokens, whose vectors are as wide as the network wants them.
  case tokens(count: Int)
}

// MARK: What options have

/// What the options of all families have.
public protocol FamilyOptions: Hashable, Sendable, Codable {
  /// How many classes, or words, are told apart.
  var classes: Int { get set }
  /// The attention mechanism's name in the catalog.
  var attention: String { get set }
}

/// The options of networks for maps of one size.
public protocol MapOptions: FamilyOptions {
  /// Rows.
  var height: Int { get set }
  /// Columns.
  var width: Int { get set }
  /// 1 for grey and for spectrograms, 3 for colour.
  var channels: Int { get set }
}

/// The options of networks for sequences.
public protocol SequenceOptions: FamilyOptions {
  /// Numbers in a frame, or in the vector of a token.
  var features: Int { get set }
}

// MARK: What families read

/// A family for maps of one size: pictures, and spectrograms as pictures.
public protocol MapFamily: NetworkFamily where Options: MapOptions {
  /// The network: `[batch, channels, height, width]` to logits `[batch, classes]`.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  func network(_ options: Options, mechanisms: AttentionCatalog) throws -> any Layer
}

extension MapFamily {
  /// Maps.
  public var kind: NetworkKind { .maps }

  /// `network(_:mechanisms:)`.
  public func reader(_ options: Options, mechanisms: AttentionCatalog) throws -> NetworkReader {
    .map(try network(options, mechanisms: mechanisms))
  }

  /// Frames are a map with one channel, features down and time across.
  ///
  /// - Throws: `InputError` for texts.
  public func fit(_ options: inout Options, to input: NetworkInput) throws {
    switch input {
    case .map(let height, let width, let channels):
      (options.height, options.width, options.channels) = (height, width, channels)
    case .frames(let features, let count):
      (options.height, options.width, options.channels) = (features, count, 1)
    case .tokens: throw NetworkKind.unreadTexts(model: name)
    }
  }

  /// A small picture.
  public func trialInput(for options: Options) -> NetworkInput {
    .map(height: 16, width: 16, channels: 3)
  }
}

/// A family for sequences of any length that tells classes apart.
public protocol SequenceFamily: NetworkFamily where Options: SequenceOptions {
  /// The network.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  func network(
    _ options: Options, mechanisms: AttentionCatalog
  ) throws -> any SequenceClassifier
}

extension SequenceFamily {
  /// Sequences.
  public var kind: NetworkKind { .sequences }

  /// `network(_:mechanisms:)`.
  public func reader(_ options: Options, mechanisms: AttentionCatalog) throws -> NetworkReader {
    .sequence(try network(options, mechanisms: mechanisms))
  }
}

/// A family for sequences of any length that says of each step which word is heard there.
public protocol TranscriberFamily: NetworkFamily where Options: SequenceOptions {
  /// The network.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  func network(_ options: Options, mechanisms: AttentionCatalog) throws -> any SequenceLabeller
}

extension TranscriberFamily {
  /// Steps.
  public var kind: NetworkKind { .steps }

  /// `network(_:mechanisms:)`.
  public func reader(_ options: Options, mechanisms: AttentionCatalog) throws -> NetworkReader {
    .steps(try network(options, mechanisms: mechanisms))
  }
}

extension NetworkFamily where Options: SequenceOptions {
  /// Frames have the features that they have; vectors of tokens those of the options.
  ///
  /// - Throws: `InputError` for pictures.
  public func fit(_ options: inout Options, to input: NetworkInput) throws {
    switch input {
    case .map: throw NetworkKind.unreadPictures(model: name)
    case .frames(let features, _): options.features = features
    case .tokens: break
    }
  }

  /// A short recording.
  public func trialInput(for options: Options) -> NetworkInput { .frames(features: 40, count: 16) }
}

extension NetworkKind {
  static func unreadPictures(model: String) -> InputError {
    InputError(
      "model \(model) reads sequences, not pictures",
      advice: "Choose one of \(NetworkCatalog.builtIn.names(of: .maps).joined(separator: ", "))")
  }

  static func unreadTexts(model: String) -> InputError {
    InputError(
      "model \(model) reads pictures, not texts",
      advice:
        "Choose one of \(NetworkCatalog.builtIn.names(of: .sequences).joined(separator: ", "))"
    )
  }
}
