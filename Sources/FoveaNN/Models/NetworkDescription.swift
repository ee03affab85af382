/// A network by name with its options, as a run stores it.
public enum NetworkDescription: Hashable, Sendable {
  /// `CNN`
  case cnn(CNN.Options)

  /// The name by which users choose it.
  public var name: String {
    switch self {
    case .cnn: "cnn"
    }
  }

  /// The names of all networks.
  public static let names = ["cnn"]

  /// What the paths of the last layer's parameters begin with: what a new task replaces.
  public var headPrefix: String {
    switch self {
    case .cnn: "fc2."
    }
  }

  /// The name of the attention mechanism that the network carries.
  public var attention: String {
    get {
      switch self {
      case .cnn(let options): options.attention
      }
    }
    set {
      switch self {
      case .cnn(var options):
        options.attention = newValue
        self = .cnn(options)
      }
    }
  }
}

extension NetworkDescription: Codable {
  private enum Key: String, CodingKey { case name, options }

  /// Reads `{"name": …, "options": …}`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .name)
    switch name {
    case "cnn": self = .cnn(try container.decode(CNN.Options.self, forKey: .options))
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "there is no model called \(name)")
    }
  }

  /// Writes `{"name": …, "options": …}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    switch self {
    case .cnn(let options): try container.encode(options, forKey: .options)
    }
  }
}

/// A network before its data are known: what a user chose of it.
public struct NetworkTemplate: Hashable, Sendable, Codable {
  /// The network's name.
  public var name = "cnn"
  /// The attention mechanism's name in the catalog.
  public var attention = "augmented"
  /// After which pooling attention sits: 1 or 2.
  public var attentionAfter = 2
  /// Window sizes of the convolutions, odd.
  public var kernelSizes = [3, 3]
  /// Output channels of the convolutions.
  public var widths = [32, 64]
  /// Outputs of the first dense layer.
  public var hidden = 128
  /// How the map becomes a list of features.
  public var head = CNN.Head.flatten

  /// The defaults.
  public init() {}

  /// What was chosen for a network that there is: all but its pictures and classes.
  public init(_ network: NetworkDescription) {
    switch network {
    case .cnn(let options):
      attention = options.attention
      attentionAfter = options.attentionAfter
      kernelSizes = options.kernelSizes
      widths = options.widths
      hidden = options.hidden
      head = options.head
    }
    name = network.name
  }

  /// The network for pictures of a shape and a number of classes.
  ///
  /// - Throws: `InputError` that lists the networks there are.
  public func description(
    height: Int, width: Int, channels: Int, classes: Int
  ) throws -> NetworkDescription {
    guard name == "cnn" else {
      throw InputError(
        "there is no model called \(name)",
        advice: "Choose one of \(NetworkDescription.names.joined(separator: ", "))")
    }
    var options = CNN.Options(height: height, width: width, channels: channels, classes: classes)
    options.attention = attention
    options.attentionAfter = attentionAfter
    options.kernelSizes = kernelSizes
    options.widths = widths
    options.hidden = hidden
    options.head = head
    return .cnn(options)
  }
}
