/// A residual network for small pictures, with attention in every block.
///
///     picture → stem → BN → ReLU → 3 stages of n blocks → mean over places → head
///     block:  y = attention(BN(conv(relu(BN(conv x))))),  relu(y + shortcut(x))
///
/// Depth 6n + 2; the second and third stage halve rows and columns. With depth 20, widths 16, 32, 64
/// and `cbam` on 32×32 pictures this is the `resnet20-cbam` of the reference runs.
///
/// He et al. 2016, section 4.2. Differs: shortcuts between stages are 1×1 convolutions.
public struct ResNet: PlacedLayer {
  /// What a user can choose.
  public struct Options: Hashable, Sendable, Codable {
    /// Rows of a picture.
    public var height: Int
    /// Columns of a picture.
    public var width: Int
    /// 1 for grey, 3 for colour.
    public var channels: Int
    /// Number of classes.
    public var classes: Int
    /// 6n + 2: n blocks in each of three stages.
    public var depth = 20
    /// Channels of the three stages.
    public var widths = [16, 32, 64]
    /// The attention mechanism's name in the catalog.
    public var attention = "cbam"

    /// The defaults for pictures of a size and a number of classes.
    public init(height: Int, width: Int, channels: Int = 3, classes: Int) {
      self.height = height
      self.width = width
      self.channels = channels
      self.classes = classes
    }
  }

  /// The first convolution, 3×3.
  public let stem: Convolution2D
  /// Behind the stem.
  public let norm: BatchNorm
  /// All blocks in order.
  public let blocks: [ResidualBlock]
  /// The dense layer whose results are the classes' logits.
  public let head: Linear
  /// What was chosen.
  public let options: Options

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  public init(_ options: Options, mechanisms: AttentionCatalog = .builtIn) throws {
    try ResNet.check(options)
    self.options = options
    stem = Convolution2D(
      inputs: options.channels, outputs: options.widths[0], kernelSize: 3, padding: 1, bias: false)
    norm = BatchNorm(channels: options.widths[0])
    var blocks: [ResidualBlock] = []
    var inputs = options.widths[0]
    for (stage, width) in options.widths.enumerated() {
      for position in 0..<((options.depth - 2) / 6) {
        blocks.append(
          ResidualBlock(
            inputs: inputs, outputs: width, stride: stage > 0 && position == 0 ? 2 : 1,
            attention: try mechanisms.mechanism(options.attention, width: width)))
        inputs = width
      }
    }
    self.blocks = blocks
    head = Linear(inputs: inputs, outputs: options.classes)
    try PictureModelCheck.positions(
      options.height * options.width, of: blocks[0].attention, named: options.attention,
      model: "resnet")
  }

  /// - Parameter x: `[batch, channels, height, width]`
  /// - Returns: logits `[batch, classes]`
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    PictureModelCheck.shape(
      x, options.channels, options.height, options.width, model: "resnet", file, line)
    var map = norm(stem(x)).relu()
    // What an explanation shows is the last map's: earlier ones have other places.
    for block in blocks.dropLast() { map = x.graph.withoutMarks { block(map) } }
    if let last = blocks.last { map = last(map) }
    return head(map.mean(axes: [2, 3]))
  }

  /// - Throws: `InputError` for options that cannot be.
  static func check(_ options: Options) throws {
    try PictureModelCheck.pictures(
      options.height, options.width, options.channels, options.classes, smallest: 8,
      model: "resnet")
    guard options.depth >= 8, options.depth % 6 == 2 else {
      throw InputError(
        "model resnet: a depth of \(options.depth) is not possible",
        advice: "Choose 6n + 2: 8, 14, 20, 26, 32 …")
    }
    guard options.widths.count == 3, options.widths.allSatisfy({ $0 > 0 }) else {
      throw InputError(
        "model resnet: widths \(options.widths) are not possible",
        advice: "Give three positive numbers")
    }
    try NetworkLimits.check(
      "resnet",
      [("a depth", options.depth, NetworkLimits.depth)]
        + options.widths.map { ("a width", $0, NetworkLimits.width) })
  }
}

/// Two convolutions with attention behind them and a way around them.
public struct ResidualBlock: Layer {
  /// 3×3, with the block's stride.
  public let conv1: Convolution2D
  /// Behind the first convolution.
  public let norm1: BatchNorm
  /// 3×3.
  public let conv2: Convolution2D
  /// Behind the second convolution.
  public let norm2: BatchNorm
  /// What attends over the block's result, before the way around is added.
  public let attention: any AttentionMechanism
  /// The way around where channels or places change; else there is nothing in it.
  public let shortcut: Shortcut?

  /// A 1×1 convolution and its normalisation.
  public struct Shortcut: Layer {
    /// 1×1, with the block's stride.
    public let convolution: Convolution2D
    /// Behind it.
    public let norm: BatchNorm

    /// - Parameter x: `[batch, inputs, rows, columns]`
    public func callAsFunction(_ x: Tensor) -> Tensor { norm(convolution(x)) }
  }

  init(inputs: Int, outputs: Int, stride: Int, attention: any AttentionMechanism) {
    conv1 = Convolution2D(
      inputs: inputs, outputs: outputs, kernelSize: 3, stride: Size2D(stride, stride), padding: 1,
      bias: false)
    norm1 = BatchNorm(channels: outputs)
    conv2 = Convolution2D(inputs: outputs, outputs: outputs, kernelSize: 3, padding: 1, bias: false)
    norm2 = BatchNorm(channels: outputs)
    self.attention = attention
    shortcut =
      inputs == outputs && stride == 1
      ? nil
      : Shortcut(
        convolution: Convolution2D(
          inputs: inputs, outputs: outputs, kernelSize: 1, stride: Size2D(stride, stride),
          bias: false), norm: BatchNorm(channels: outputs))
  }

  /// - Parameter x: `[batch, inputs, rows, columns]`
  /// - Returns: `[batch, outputs, rows / stride, columns / stride]`
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let found = norm2(conv2(norm1(conv1(x)).relu())).named(FeatureMark.lastMap)
    return (attention.marking(map: found) + (shortcut?(x) ?? x)).relu()
  }
}
