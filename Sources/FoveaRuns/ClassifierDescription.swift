public import FoveaData
public import FoveaNN

/// All that is needed to build a trained classifier but its weights.
public struct ClassifierDescription: Hashable, Sendable {
  /// The network.
  public var network: NetworkDescription
  /// How examples are prepared; it says what they are.
  public var input: ModelInput
  /// Mean and deviation of the training examples' channels, by which all are normalised.
  public var normalization: ChannelStatistics
  /// The classes in the order of the network's outputs.
  public var classes: [String]

  /// A description with these parts.
  public init(
    network: NetworkDescription, input: ModelInput, normalization: ChannelStatistics,
    classes: [String]
  ) {
    self.network = network
    self.input = input
    self.normalization = normalization
    self.classes = classes
  }

  /// What it says of examples.
  public var task: LearningTask { network.transcribes ? .transcribe : .classify }

  /// The network with its input.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  public func model(mechanisms: AttentionCatalog = .builtIn) throws -> any ClassificationModel {
    switch input {
    case .picture: try pictureModel(mechanisms: mechanisms)
    case .sound: try soundModel(mechanisms: mechanisms)
    case .text: try textModel(mechanisms: mechanisms)
    }
  }

  /// The network for pictures with its input.
  ///
  /// - Throws: `InputError` where it was trained on something else, for options that cannot be, and
  ///   for an unknown attention.
  public func pictureModel(mechanisms: AttentionCatalog = .builtIn) throws -> PictureModel {
    let input = try input.picture
    let layer = PictureInputLayer(
      height: input.height, width: input.width, channels: input.channels.rawValue,
      mean: normalization.mean, deviation: normalization.deviation)
    return try PictureModel(network, input: layer, mechanisms: mechanisms)
  }

  /// The network for recordings with its input.
  ///
  /// - Throws: `InputError` where it was trained on something else, for options that cannot be, and
  ///   for an unknown attention.
  public func soundModel(mechanisms: AttentionCatalog = .builtIn) throws -> SoundModel {
    let input = try input.sound
    let layer = SoundInputLayer(
      features: input.featureCount, mean: normalization.mean, deviation: normalization.deviation)
    return try SoundModel(
      network, input: layer, frames: input.mostFrames, mechanisms: mechanisms)
  }

  /// The network for texts with its input.
  ///
  /// - Throws: `InputError` where it was trained on something else, for options that cannot be, and
  ///   for an unknown attention.
  public func textModel(mechanisms: AttentionCatalog = .builtIn) throws -> TextModel {
    let input = try input.text
    return try TextModel(
      network, vocabulary: input.vocabularySize, steps: input.mostTokens, mechanisms: mechanisms)
  }
}

extension ClassifierDescription: Codable {
  private enum Key: String, CodingKey { case network, input, medium, normalization, classes }

  /// Reads what `encode(to:)` writes; without a medium the examples are pictures.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    network = try container.decode(NetworkDescription.self, forKey: .network)
    normalization = try container.decode(ChannelStatistics.self, forKey: .normalization)
    classes = try container.decode([String].self, forKey: .classes)
    switch try container.decodeIfPresent(Medium.self, forKey: .medium) ?? .picture {
    case .picture: input = .picture(try container.decode(PictureInput.self, forKey: .input))
    case .sound: input = .sound(try container.decode(SoundInput.self, forKey: .input))
    case .text: input = .text(try container.decode(TextInput.self, forKey: .input))
    }
  }

  /// Writes the input beside the name of its medium.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(network, forKey: .network)
    try container.encode(normalization, forKey: .normalization)
    try container.encode(classes, forKey: .classes)
    try container.encode(input.medium, forKey: .medium)
    switch input {
    case .picture(let input): try container.encode(input, forKey: .input)
    case .sound(let input): try container.encode(input, forKey: .input)
    case .text(let input): try container.encode(input, forKey: .input)
    }
  }
}

extension NetworkDescription {
  /// The same for examples that are prepared so.
  ///
  /// - Throws: `InputError` where the network does not read such examples.
  public func fitted(to input: ModelInput, classes: Int) throws -> NetworkDescription {
    let shape: NetworkInput =
      switch input {
      case .picture(let input):
        .map(height: input.height, width: input.width, channels: input.channels.rawValue)
      case .sound(let input): .frames(features: input.featureCount, count: input.mostFrames)
      case .text(let input): .tokens(count: input.mostTokens)
      }
    return try fitted(to: shape, classes: classes)
  }
}
