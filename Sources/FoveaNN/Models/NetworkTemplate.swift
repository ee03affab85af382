/// A network before its data are known: what a user chose of it.
///
/// What a network does not have is left alone: a `cnn` has no depth.
public struct NetworkTemplate: Hashable, Sendable, Codable {
  /// The network's name.
  public var name = "cnn"
  /// The attention mechanism's name in the catalog.
  public var attention = "augmented"
  /// `cnn`: after which pooling attention sits, 1 or 2.
  public var attentionAfter = 2
  /// `cnn`: window sizes of the convolutions, odd.
  public var kernelSizes = [3, 3]
  /// `cnn`, `resnet`: output channels of the convolutions, or of the three stages.
  public var widths = [32, 64]
  /// `cnn`: outputs of the first dense layer; `lstm`, `gru`: numbers in a state of each direction.
  public var hidden = 128
  /// `lstm`, `gru`: whether frames are read from the first to the last alone.
  public var readsForward: Bool?
  /// `cnn`: how the map becomes a list of features.
  public var head = CNN.Head.flatten
  /// `resnet`: 6n + 2.
  public var depth = 20
  /// `vit`: rows and columns of a patch.
  public var patch = 4
  /// `vit`, `transformer`: numbers in the vector of a patch or frame; of texts for all networks
  /// numbers in the vector of a token.
  public var tokenWidth = 192
  /// `vit`, `transformer`: how many heads multi-head attention has.
  public var heads = 3
  /// `vit`, `transformer`: how many layers there are.
  public var layers = 6
  /// `transformer`: whether layers normalise behind each part, not before.
  public var normalizesAfter = false

  /// The defaults of `cnn`.
  public init() {}

  /// The defaults of a network.
  ///
  /// - Throws: `InputError` that lists the networks there are.
  public init(named name: String) throws {
    // Any shape of data has the same defaults.
    switch name {
    case "cnn": self.init()
    case "resnet": self.init(.resnet(ResNet.Options(height: 32, width: 32, classes: 2)))
    case "vit": self.init(.vit(ViT.Options(height: 32, width: 32, classes: 2)))
    case "lstm", "gru":
      var options = RecurrentClassifier.Options()
      options.cell = name == "lstm" ? .lstm : .gru
      options.features = options.hidden
      self.init(.recurrent(options))
    case "bag": self.init(.bag(BagOfWords.Options(features: 64, classes: 2)))
    case "transformer": self.init(.transformer(FrameEncoder.Options(features: 40, classes: 2)))
    case "lstm-ctc", "gru-ctc":
      var options = RecurrentTranscriber.Options(features: 40, words: 2)
      options.cell = name == "lstm-ctc" ? .lstm : .gru
      self.init(.recurrentTranscriber(options))
    case "transformer-ctc":
      self.init(.transformerTranscriber(TransformerTranscriber.Options(features: 40, words: 2)))
    default: throw Self.unknown(name)
    }
  }

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
    case .resnet(let options):
      attention = options.attention
      depth = options.depth
      widths = options.widths
    case .vit(let options):
      attention = options.attention
      patch = options.patch
      tokenWidth = options.tokenWidth
      heads = options.heads
      layers = options.layers
    case .recurrent(let options):
      attention = options.attention
      hidden = options.hidden
      tokenWidth = options.features
      readsForward = options.readsForward
    case .bag(let options):
      attention = options.attention
      tokenWidth = options.features
    case .transformer(let options):
      attention = options.attention
      tokenWidth = options.width
      heads = options.heads
      layers = options.layers
      normalizesAfter = options.style.normalizesAfter
    case .recurrentTranscriber(let options):
      attention = options.attention
      hidden = options.hidden
      heads = options.heads
    case .transformerTranscriber(let options):
      attention = options.attention
      tokenWidth = options.width
      heads = options.heads
      layers = options.layers
    }
    name = network.name
  }

  /// Whether the network reads sequences of any length, rather than maps of one size.
  public var readsSequences: Bool { !NetworkDescription.mapNames.contains(name) }

  /// Whether the network hears words rather than telling classes apart.
  public var transcribes: Bool { NetworkDescription.transcriberNames.contains(name) }

  /// The network for frames of so many features and a number of classes.
  ///
  /// - Parameter frames: how many there are, for a network that reads them as a map.
  /// - Throws: `InputError` that lists the networks there are.
  public func description(
    features: Int, frames: Int, classes: Int
  ) throws -> NetworkDescription {
    switch name {
    case "lstm", "gru":
      var options = RecurrentClassifier.Options()
      options.cell = name == "lstm" ? .lstm : .gru
      options.attention = attention
      options.hidden = hidden
      options.poolHidden = hidden
      options.readsForward = readsForward
      options.features = features
      options.classes = classes
      return .recurrent(options)
    case "transformer":
      var options = FrameEncoder.Options(features: features, classes: classes)
      options.attention = attention
      options.width = tokenWidth
      options.heads = heads
      options.layers = layers
      options.style.normalizesAfter = normalizesAfter
      return .transformer(options)
    case "lstm-ctc", "gru-ctc":
      var options = RecurrentTranscriber.Options(features: features, words: classes)
      options.cell = name == "lstm-ctc" ? .lstm : .gru
      options.attention = attention
      options.hidden = hidden
      options.heads = heads
      return .recurrentTranscriber(options)
    case "transformer-ctc":
      var options = TransformerTranscriber.Options(features: features, words: classes)
      options.attention = attention
      options.width = tokenWidth
      options.heads = heads
      options.layers = layers
      return .transformerTranscriber(options)
    case "bag":
      var options = BagOfWords.Options(features: features, classes: classes)
      options.attention = attention
      return .bag(options)
    default:
      return try description(height: features, width: frames, channels: 1, classes: classes)
    }
  }

  /// The network for pictures of a shape and a number of classes.
  ///
  /// - Throws: `InputError` that lists the networks there are.
  public func description(
    height: Int, width: Int, channels: Int, classes: Int
  ) throws -> NetworkDescription {
    switch name {
    case "cnn":
      var options = CNN.Options(height: height, width: width, channels: channels, classes: classes)
      options.attention = attention
      options.attentionAfter = attentionAfter
      options.kernelSizes = kernelSizes
      options.widths = widths
      options.hidden = hidden
      options.head = head
      return .cnn(options)
    case "resnet":
      var options = ResNet.Options(
        height: height, width: width, channels: channels, classes: classes)
      options.attention = attention
      options.depth = depth
      options.widths = widths
      return .resnet(options)
    case "vit":
      var options = ViT.Options(height: height, width: width, channels: channels, classes: classes)
      options.attention = attention
      options.patch = patch
      options.tokenWidth = tokenWidth
      options.heads = heads
      options.layers = layers
      return .vit(options)
    case _ where readsSequences && NetworkDescription.names.contains(name):
      throw InputError(
        "model \(name) reads sequences, not pictures",
        advice: "Choose one of \(NetworkDescription.mapNames.joined(separator: ", "))")
    default: throw Self.unknown(name)
    }
  }

  private static func unknown(_ name: String) -> InputError {
    InputError(
      "there is no model called \(name)",
      advice: "Choose one of \(NetworkDescription.names.joined(separator: ", "))")
  }
}
