/// How pictures enter a network: their shape, and what they are normalised by.
public struct PictureInputLayer: Hashable, Sendable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int
  /// 1 for grey, 3 for colour.
  public var channels: Int
  /// The mean of each channel over the training pictures, of values in 0…1.
  public var mean: [Float]
  /// The standard deviation of each channel over the training pictures, of values in 0…1.
  public var deviation: [Float]

  /// An input of this size.
  public init(height: Int, width: Int, channels: Int, mean: [Float], deviation: [Float]) {
    self.height = height
    self.width = width
    self.channels = channels
    self.mean = mean
    self.deviation = deviation
  }

  /// The normalised pictures `[batch, channels, height, width]`.
  ///
  /// Adds the input `images` to the graph: bytes `[batch, height, width, channels]`.
  public func pictures(in graph: Graph, batch: Int) -> Tensor {
    graph.input("images", ArrayType([batch, height, width, channels], .uint8))
      .normalizedPixels(
        mean: graph.constant(HostArray(mean)), deviation: graph.constant(HostArray(deviation)))
  }
}

/// A network that tells classes apart, with how a batch's arrays enter it.
public protocol ClassificationModel: Module {
  /// How many classes there are.
  var classCount: Int { get }
  /// Adds the network to a graph, with inputs named as a batch names them.
  ///
  /// - Returns: logits `[batch, classes]`
  func logits(in graph: Graph, batch: Int) -> Tensor
}

/// A network for pictures with its input.
public struct PictureModel: ClassificationModel {
  /// How pictures enter.
  public let input: PictureInputLayer
  /// From `[batch, channels, height, width]` to logits `[batch, classes]`.
  public let network: any Layer
  /// How many classes there are.
  public let classCount: Int

  /// The model of a description.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  public init(
    _ description: NetworkDescription, input: PictureInputLayer,
    mechanisms: AttentionCatalog = .builtIn
  ) throws {
    self.input = input
    switch description {
    case .cnn(let options):
      network = try CNN(options, mechanisms: mechanisms)
      classCount = options.classes
    case .resnet(let options):
      network = try ResNet(options, mechanisms: mechanisms)
      classCount = options.classes
    case .vit(let options):
      network = try ViT(options, mechanisms: mechanisms)
      classCount = options.classes
    }
  }

  /// The network's parameters, under the network's own paths.
  public var parameters: [NamedParameter] { network.parameters }

  /// - Returns: logits `[batch, classes]`
  public func logits(in graph: Graph, batch: Int) -> Tensor {
    network(input.pictures(in: graph, batch: batch))
  }
}
