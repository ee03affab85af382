public import FoveaData
public import FoveaNN

/// All that is needed to build a trained picture classifier but its weights.
public struct PictureClassifierDescription: Hashable, Sendable, Codable {
  /// The network.
  public var network: NetworkDescription
  /// The shape that pictures are brought to.
  public var input: PictureInput
  /// Mean and deviation of the training pictures, by which all are normalised.
  public var normalization: ChannelStatistics
  /// The classes in the order of the network's outputs.
  public var classes: [String]

  /// A description with these parts.
  public init(
    network: NetworkDescription, input: PictureInput, normalization: ChannelStatistics,
    classes: [String]
  ) {
    self.network = network
    self.input = input
    self.normalization = normalization
    self.classes = classes
  }

  /// The network with its input.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  public func model(mechanisms: AttentionCatalog = .builtIn) throws -> PictureModel {
    let layer = PictureInputLayer(
      height: input.height, width: input.width, channels: input.channels.rawValue,
      mean: normalization.mean, deviation: normalization.deviation)
    return try PictureModel(network, input: layer, mechanisms: mechanisms)
  }
}
