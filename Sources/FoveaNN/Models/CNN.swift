/// A small convolutional network for pictures: two convolutions with pooling, attention over the
/// map, two dense layers.
///
///     picture → conv1 → ReLU → pool → conv2 → ReLU → pool → attention → pool → fc1 → ReLU → fc2
///
/// With the defaults and 32×32 pictures this is the `cnn` of the reference runs.
public struct CNN: PlacedLayer {
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
    /// The attention mechanism's name in the catalog.
    public var attention = "augmented"
    /// After which pooling attention sits: 1 or 2.
    public var attentionAfter = 2
    /// Window sizes of the two convolutions, odd.
    public var kernelSizes = [3, 3]
    /// Output channels of the two convolutions.
    public var widths = [32, 64]
    /// Outputs of the first dense layer.
    public var hidden = 128
    /// How the map becomes a list of features.
    public var head = Head.flatten

    /// The defaults for pictures of a size and a number of classes.
    public init(height: Int, width: Int, channels: Int = 3, classes: Int) {
      self.height = height
      self.width = width
      self.channels = channels
      self.classes = classes
    }
  }

  /// How the map becomes a list of features.
  public enum Head: String, Hashable, Sendable, Codable, CaseIterable {
    /// Pooled once more, then every place is a feature of its own.
    case flatten
    /// The mean over places.
    case mean
  }

  /// Attention looks at no more places than this; larger maps are pooled first.
  ///
  /// The gradient of attention over 1,024 places costs as much as the convolutions before it;
  /// beyond, the cost grows with the square.
  public static let mostPositions = AttentionHeads.mostPositions

  /// The first convolution.
  public let conv1: Convolution2D
  /// The second convolution.
  public let conv2: Convolution2D
  /// What attends over the map.
  public let attention: any AttentionMechanism
  /// The first dense layer.
  public let fc1: Linear
  /// The second dense layer, whose results are the classes' logits.
  public let fc2: Linear
  /// What was chosen.
  public let options: Options
  /// The window by which the map is pooled before attention, 1×1 for not at all.
  public let poolingBeforeAttention: Size2D

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  public init(_ options: Options, mechanisms: AttentionCatalog = .builtIn) throws {
    try CNN.check(options)
    self.options = options
    let (first, second) = (options.kernelSizes[0], options.kernelSizes[1])
    conv1 = Convolution2D(
      inputs: options.channels, outputs: options.widths[0],
      kernelSize: Size2D(first, first), padding: .symmetric(Size2D(first / 2, first / 2)))
    conv2 = Convolution2D(
      inputs: options.widths[0], outputs: options.widths[1],
      kernelSize: Size2D(second, second), padding: .symmetric(Size2D(second / 2, second / 2)))
    attention = try mechanisms.mechanism(
      options.attention, width: options.widths[options.attentionAfter - 1])
    poolingBeforeAttention = CNN.pooling(beforeAttentionOf: options)
    var rows = options.height
    var columns = options.width
    for position in 1...2 {
      rows /= 2
      columns /= 2
      if position == options.attentionAfter {
        rows /= poolingBeforeAttention.height
        columns /= poolingBeforeAttention.width
        try PictureModelCheck.positions(
          rows * columns, of: attention, named: options.attention, model: "cnn")
      }
    }
    let features =
      switch options.head {
      case .flatten: rows / 2 * (columns / 2) * options.widths[1]
      case .mean: options.widths[1]
      }
    fc1 = Linear(inputs: features, outputs: options.hidden)
    fc2 = Linear(inputs: options.hidden, outputs: options.classes)
  }

  /// - Parameter x: `[batch, channels, height, width]`
  /// - Returns: logits `[batch, classes]`
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    PictureModelCheck.shape(
      x, options.channels, options.height, options.width, model: "cnn", file, line)
    var map = conv1(x).relu().maxPool2D(window: 2)
    if options.attentionAfter == 1 { map = attending(map) }
    map = conv2(map).relu().named(FeatureMark.lastMap).maxPool2D(window: 2)
    if options.attentionAfter == 2 { map = attending(map) }
    let features: Tensor
    switch options.head {
    case .flatten:
      // height, width, channel order, in which the map lies after attention
      let pooled = map.maxPool2D(window: 2).permuted([0, 2, 3, 1])
      features = pooled.reshaped([x.shape[0], pooled.shape.sizes.dropFirst().reduce(1, *)])
    case .mean: features = map.maxPool2D(window: 2).globalAveragePool2D()
    }
    return fc2(fc1(features).relu())
  }

  private func attending(_ map: Tensor) -> Tensor {
    let window = poolingBeforeAttention
    return attention.marking(map: window == 1 ? map : map.maxPool2D(window: window))
  }

  /// The smallest square window after which no more than `mostPositions` are left, cut where a
  /// picture is so narrow that the poolings behind attention would leave nothing of it.
  static func pooling(beforeAttentionOf options: Options) -> Size2D {
    let rows = options.height >> options.attentionAfter
    let columns = options.width >> options.attentionAfter
    // What later poolings halve: 2 by the last one, 4 where the second one comes after attention.
    let least = options.attentionAfter == 1 ? 4 : 2
    var window: Size2D = 1
    var size = 1
    while rows / window.height * (columns / window.width) > CNN.mostPositions {
      size += 1
      window = Size2D(max(1, min(size, rows / least)), max(1, min(size, columns / least)))
    }
    return window
  }

  /// - Throws: `InputError` for options that cannot be.
  static func check(_ options: Options) throws {
    func require(_ condition: Bool, _ problem: String, _ advice: String) throws {
      if !condition { throw InputError("model cnn: \(problem)", advice: advice) }
    }
    // Three poolings halve a picture.
    try require(
      min(options.height, options.width) >= 8,
      "pictures of \(options.width)×\(options.height) pixels are too small",
      "It needs at least 8×8")
    try require(
      [1, 3].contains(options.channels), "\(options.channels) channels are not possible",
      "Choose 1 (grey) or 3 (colour)")
    try require(
      options.classes >= 2,
      "\(options.classes) \(options.classes == 1 ? "class" : "classes") cannot be told apart",
      "Give at least two")
    try require(
      options.kernelSizes.count == 2 && options.kernelSizes.allSatisfy { $0 > 0 && $0 % 2 == 1 },
      "kernel sizes \(options.kernelSizes) are not possible", "Give two odd numbers")
    try require(
      options.widths.count == 2 && options.widths.allSatisfy { $0 > 0 },
      "widths \(options.widths) are not possible", "Give two positive numbers")
    try require(
      options.hidden > 0, "\(options.hidden) hidden units are not possible",
      "Give a positive number")
    try require(
      [1, 2].contains(options.attentionAfter),
      "attention cannot sit after pooling \(options.attentionAfter)", "Choose 1 or 2")
    let limits =
      [
        ("a picture's height", options.height, NetworkLimits.side),
        ("a picture's width", options.width, NetworkLimits.side),
        ("a number of classes", options.classes, NetworkLimits.classes),
        ("a number of hidden units", options.hidden, NetworkLimits.width),
      ] + options.widths.map { ("a width", $0, NetworkLimits.width) }
      + options.kernelSizes.map { ("a kernel size", $0, NetworkLimits.kernelSize) }
    try NetworkLimits.check("cnn", limits)
  }
}
