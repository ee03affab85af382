/// A network by name with its options, as a run stores it.
public enum NetworkDescription: Hashable, Sendable {
  /// `CNN`
  case cnn(CNN.Options)
  /// `ResNet`
  case resnet(ResNet.Options)
  /// `ViT`
  case vit(ViT.Options)

  /// The name by which users choose it.
  public var name: String {
    switch self {
    case .cnn: "cnn"
    case .resnet: "resnet"
    case .vit: "vit"
    }
  }

  /// The names of all networks.
  public static let names = ["cnn", "resnet", "vit"]

  /// What the paths of the last layer's parameters begin with: what a new task replaces.
  public var headPrefix: String {
    switch self {
    case .cnn: "fc2."
    case .resnet, .vit: "head."
    }
  }

  /// The name of the attention mechanism that the network carries.
  public var attention: String {
    get {
      switch self {
      case .cnn(let options): options.attention
      case .resnet(let options): options.attention
      case .vit(let options): options.attention
      }
    }
    set {
      switch self {
      case .cnn(var options):
        options.attention = newValue
        self = .cnn(options)
      case .resnet(var options):
        options.attention = newValue
        self = .resnet(options)
      case .vit(var options):
        options.attention = newValue
        self = .vit(options)
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
    case "resnet": self = .resnet(try container.decode(ResNet.Options.self, forKey: .options))
    case "vit": self = .vit(try container.decode(ViT.Options.self, forKey: .options))
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
    case .resnet(let options): try container.encode(options, forKey: .options)
    case .vit(let options): try container.encode(options, forKey: .options)
    }
  }
}
