/// A network by name with its options, as a run stores it.
public enum NetworkDescription: Hashable, Sendable {
  /// `CNN`
  case cnn(CNN.Options)
  /// `ResNet`
  case resnet(ResNet.Options)
  /// `ViT`
  case vit(ViT.Options)
  /// `RecurrentClassifier`
  case recurrent(RecurrentClassifier.Options)
  /// `FrameEncoder`
  case transformer(FrameEncoder.Options)
  /// `RecurrentTranscriber`
  case recurrentTranscriber(RecurrentTranscriber.Options)
  /// `TransformerTranscriber`
  case transformerTranscriber(TransformerTranscriber.Options)
  /// `BagOfWords`
  case bag(BagOfWords.Options)

  /// The name by which users choose it.
  public var name: String {
    switch self {
    case .cnn: "cnn"
    case .resnet: "resnet"
    case .vit: "vit"
    case .recurrent(let options): options.cell.rawValue
    case .transformer: "transformer"
    case .recurrentTranscriber(let options): "\(options.cell.rawValue)-ctc"
    case .transformerTranscriber: "transformer-ctc"
    case .bag: "bag"
    }
  }

  /// The names of all networks for maps of one size: pictures, and spectrograms as pictures.
  public static let mapNames = ["cnn", "resnet", "vit"]
  /// The names of all networks for sequences of any length.
  public static let sequenceNames = ["lstm", "gru", "transformer", "bag"]
  /// The names of all networks that say of each step of a sequence which word is heard there.
  public static let transcriberNames = ["lstm-ctc", "gru-ctc", "transformer-ctc"]
  /// The names of all networks.
  public static let names = mapNames + sequenceNames + transcriberNames

  /// Whether the network reads sequences of any length.
  public var readsSequences: Bool { !Self.mapNames.contains(name) }

  /// Whether the network hears words rather than telling classes apart.
  public var transcribes: Bool { Self.transcriberNames.contains(name) }

  /// What the paths of the last layer's parameters begin with: what a new task replaces.
  public var headPrefix: String {
    switch self {
    case .cnn: "fc2."
    case .resnet, .vit, .recurrent, .transformer, .bag, .recurrentTranscriber: "head."
    case .transformerTranscriber: "encoder.head."
    }
  }

  /// How many classes, or words, it tells apart.
  public var classes: Int {
    switch self {
    case .cnn(let options): options.classes
    case .resnet(let options): options.classes
    case .vit(let options): options.classes
    case .recurrent(let options): options.classes
    case .transformer(let options): options.classes
    case .bag(let options): options.classes
    case .recurrentTranscriber(let options): options.words
    case .transformerTranscriber(let options): options.words
    }
  }

  /// Numbers in a frame, of a network for sequences.
  public var features: Int? {
    switch self {
    case .cnn, .resnet, .vit: nil
    case .recurrent(let options): options.features
    case .transformer(let options): options.features
    case .bag(let options): options.features
    case .recurrentTranscriber(let options): options.features
    case .transformerTranscriber(let options): options.features
    }
  }

  /// The name of the attention mechanism that the network carries.
  public var attention: String {
    get {
      switch self {
      case .cnn(let options): options.attention
      case .resnet(let options): options.attention
      case .vit(let options): options.attention
      case .recurrent(let options): options.attention
      case .transformer(let options): options.attention
      case .recurrentTranscriber(let options): options.attention
      case .transformerTranscriber(let options): options.attention
      case .bag(let options): options.attention
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
      case .recurrent(var options):
        options.attention = newValue
        self = .recurrent(options)
      case .transformer(var options):
        options.attention = newValue
        self = .transformer(options)
      case .recurrentTranscriber(var options):
        options.attention = newValue
        self = .recurrentTranscriber(options)
      case .transformerTranscriber(var options):
        options.attention = newValue
        self = .transformerTranscriber(options)
      case .bag(var options):
        options.attention = newValue
        self = .bag(options)
      }
    }
  }

  /// Fails for options that no network can have, before anything is made of them.
  ///
  /// - Throws: `InputError` that names the first.
  public func check() throws {
    switch self {
    case .cnn(let options): try CNN.check(options)
    case .resnet(let options): try ResNet.check(options)
    case .vit(let options): try ViT.check(options)
    case .recurrent(let options): try RecurrentClassifier.check(options)
    case .transformer(let options): try FrameEncoder.check(options)
    case .recurrentTranscriber(let options): try RecurrentTranscriber.check(options)
    case .transformerTranscriber(let options): try TransformerTranscriber.check(options)
    case .bag(let options): try BagOfWords.check(options)
    }
  }

  /// What enters a network for maps: rows, columns and channels; `nil` for one that reads sequences.
  public var mapShape: (height: Int, width: Int, channels: Int)? {
    switch self {
    case .cnn(let options): (options.height, options.width, options.channels)
    case .resnet(let options): (options.height, options.width, options.channels)
    case .vit(let options): (options.height, options.width, options.channels)
    case .recurrent, .transformer, .bag, .recurrentTranscriber, .transformerTranscriber: nil
    }
  }

  /// The network for maps.
  ///
  /// - Throws: `InputError` for options that cannot be, an unknown attention, and a network that
  ///   reads sequences.
  func layer(mechanisms: AttentionCatalog) throws -> any Layer {
    switch self {
    case .cnn(let options): return try CNN(options, mechanisms: mechanisms)
    case .resnet(let options): return try ResNet(options, mechanisms: mechanisms)
    case .vit(let options): return try ViT(options, mechanisms: mechanisms)
    case .recurrent, .transformer, .bag, .recurrentTranscriber, .transformerTranscriber:
      throw InputError(
        "model \(name) reads sequences, not pictures",
        advice: "Choose one of \(Self.mapNames.joined(separator: ", "))")
    }
  }

  /// The network for sequences; `nil` where it is one for maps.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  func sequenceClassifier(mechanisms: AttentionCatalog) throws -> (any SequenceClassifier)? {
    switch self {
    case .cnn, .resnet, .vit, .recurrentTranscriber, .transformerTranscriber: return nil
    case .recurrent(let options): return try RecurrentClassifier(options)
    case .transformer(let options): return try FrameEncoder(options, mechanisms: mechanisms)
    case .bag(let options): return try BagOfWords(options)
    }
  }

  /// The network for steps of sequences; `nil` where it is another.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  func sequenceLabeller(mechanisms: AttentionCatalog) throws -> (any SequenceLabeller)? {
    switch self {
    case .cnn, .resnet, .vit, .recurrent, .transformer, .bag: return nil
    case .recurrentTranscriber(let options):
      return try RecurrentTranscriber(options, mechanisms: mechanisms)
    case .transformerTranscriber(let options):
      return try TransformerTranscriber(options, mechanisms: mechanisms)
    }
  }
}

extension NetworkDescription: Codable {
  private enum Key: String, CodingKey { case name, options }

  /// Reads `{"name": …, "options": …}` of a network that can be.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .name)
    func options<Options: Decodable>(_ type: Options.Type) throws -> Options {
      try container.decode(type, forKey: .options)
    }
    switch name {
    case "cnn": self = .cnn(try options(CNN.Options.self))
    case "resnet": self = .resnet(try options(ResNet.Options.self))
    case "vit": self = .vit(try options(ViT.Options.self))
    case "lstm", "gru": self = .recurrent(try options(RecurrentClassifier.Options.self))
    case "transformer": self = .transformer(try options(FrameEncoder.Options.self))
    case "lstm-ctc", "gru-ctc":
      self = .recurrentTranscriber(try options(RecurrentTranscriber.Options.self))
    case "transformer-ctc":
      self = .transformerTranscriber(try options(TransformerTranscriber.Options.self))
    case "bag": self = .bag(try options(BagOfWords.Options.self))
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "there is no model called \(name)")
    }
    guard self.name == name else {
      throw DecodingError.dataCorruptedError(
        forKey: .options, in: container, debugDescription: "they are those of \(self.name)")
    }
    try check()
  }

  /// Writes `{"name": …, "options": …}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    switch self {
    case .cnn(let options): try container.encode(options, forKey: .options)
    case .resnet(let options): try container.encode(options, forKey: .options)
    case .vit(let options): try container.encode(options, forKey: .options)
    case .recurrent(let options): try container.encode(options, forKey: .options)
    case .transformer(let options): try container.encode(options, forKey: .options)
    case .recurrentTranscriber(let options): try container.encode(options, forKey: .options)
    case .transformerTranscriber(let options): try container.encode(options, forKey: .options)
    case .bag(let options): try container.encode(options, forKey: .options)
    }
  }
}
