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

/// What a model's logits are about.
public enum ModelOutput: Hashable, Sendable {
  /// Each example as a whole: `[batch, classes]`.
  case classes
  /// Each step of each example: `[batch, steps, words + 1]`, of which the last is the blank.
  case steps
  /// The items of each example, of which one is wanted: `[batch, steps]`, far below all others behind
  /// an example's end.
  case items
}

/// A network that tells classes apart, with how a batch's arrays enter it.
public protocol ClassificationModel: Module {
  /// How many classes there are.
  var classCount: Int { get }
  /// What logits are about.
  var output: ModelOutput { get }
  /// The network without its input.
  var network: any Module { get }
  /// The shape of batches of this size where nothing else is known.
  func usualShape(batch: Int) -> BatchShape
  /// The shape of the batch that these arrays are.
  func shape(of arrays: [String: HostArray], batch: Int) -> BatchShape
  /// The sizes of the input's array.
  func inputShape(_ batch: BatchShape) -> [Int]
  /// Adds the network to a graph, with inputs named as a batch names them.
  ///
  /// - Returns: logits, shaped as `output` says.
  func logits(in graph: Graph, batch: BatchShape) -> Tensor
  /// How many labels a batch has: one an example, unless something is told of several of its places.
  func labelCount(_ batch: BatchShape) -> Int
}

extension ClassificationModel {
  /// Examples as a whole.
  public var output: ModelOutput { .classes }

  /// One an example.
  public func labelCount(_ batch: BatchShape) -> Int { batch.count }

  /// Examples without a length.
  public func usualShape(batch: Int) -> BatchShape { BatchShape(batch) }

  /// Examples without a length.
  public func shape(of arrays: [String: HostArray], batch: Int) -> BatchShape {
    BatchShape(batch)
  }

  /// Adds the network to a graph for a batch of the usual shape.
  ///
  /// - Returns: logits, shaped as `output` says.
  public func logits(in graph: Graph, batch: Int) -> Tensor {
    logits(in: graph, batch: usualShape(batch: batch))
  }
}

/// A network for pictures with its input.
public struct PictureModel: ClassificationModel {
  /// How pictures enter.
  public let input: PictureInputLayer
  /// From `[batch, channels, height, width]` to logits `[batch, classes]`.
  public let layer: any Layer
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
    guard description.family.kind == .maps,
      case .map(let layer) = try description.reader(mechanisms: mechanisms)
    else { throw NetworkKind.unreadPictures(model: description.name) }
    self.layer = layer
    classCount = description.classes
  }

  /// The network without its input.
  public var network: any Module { layer }

  /// The network's parameters, under the network's own paths.
  public var parameters: [NamedParameter] { layer.parameters }

  /// `[batch, height, width, channels]`
  public func inputShape(_ batch: BatchShape) -> [Int] {
    [batch.count, input.height, input.width, input.channels]
  }

  /// - Returns: logits `[batch, classes]`
  public func logits(in graph: Graph, batch: BatchShape) -> Tensor {
    layer(input.pictures(in: graph, batch: batch.count))
  }
}
