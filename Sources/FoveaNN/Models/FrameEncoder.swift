import Glibc

/// A Transformer over the frames of a recording or the tokens of a text.
///
///     frames → dense → + positions → layers → norm → mean over frames → head
///
/// Positions are sines and cosines (Vaswani et al. 2017, section 3.5), so that any length goes. The
/// plain twin has no attention in its layers: then frames meet in the mean alone.
public struct FrameEncoder: SequenceClassifier {
  /// What can be chosen.
  public struct Options: Hashable, Sendable, Codable {
    /// Numbers in a frame.
    public var features: Int
    /// Number of classes.
    public var classes: Int
    /// Numbers in the vector of a frame.
    public var width = 64
    /// How many heads attention has.
    public var heads = 4
    /// How many layers there are.
    public var layers = 2
    /// `multihead`, or one of its controls.
    public var attention = "multihead"
    /// What differs between families of layers: whether they normalise before or behind each part.
    public var style = TransformerLayer.Style()

    /// The defaults for frames and a number of classes.
    public init(features: Int, classes: Int) {
      self.features = features
      self.classes = classes
    }
  }

  /// `[width, features]` and `[width]`
  public let project: Linear
  /// All layers in order.
  public let layers: [TransformerLayer]
  /// Behind the last layer.
  public let norm: LayerNorm
  /// The dense layer whose results are the classes' logits.
  public let head: Linear
  /// What was chosen.
  public let options: Options

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be.
  public init(_ options: Options, mechanisms: AttentionCatalog = .builtIn) throws {
    try Self.check(options)
    self.options = options
    project = Linear(inputs: options.features, outputs: options.width)
    layers = try (0..<options.layers).map { _ in
      try .masked(
        width: options.width, heads: options.heads, attention: options.attention,
        style: options.style, mechanisms)
    }
    norm = LayerNorm(features: options.width)
    head = Linear(inputs: options.width, outputs: options.classes)
  }

  /// - Throws: `InputError` for options that cannot be.
  static func check(_ options: Options) throws {
    try SequenceModelCheck.positive(
      "transformer",
      [
        ("number of features", options.features), ("width", options.width),
        ("number of heads", options.heads), ("number of layers", options.layers),
      ])
    try NetworkLimits.check(
      "transformer",
      [
        ("a number of features", options.features, NetworkLimits.width),
        ("a width", options.width, NetworkLimits.width),
        ("a number of layers", options.layers, NetworkLimits.layers),
      ])
    try options.style.check("transformer")
    try SequenceModelCheck.classes("transformer", options.classes)
    try SequenceModelCheck.attention("transformer", options.attention, among: "multihead")
  }

  /// - Parameters:
  ///   - x: `[batch, frames, features]`
  ///   - lengths: frames of each recording, int32 `[batch]`; all where not given.
  /// - Returns: logits `[batch, classes]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor {
    head(MeanPool()(states(x, lengths: lengths), lengths: lengths))
  }

  /// What is known of each frame, `[batch, frames, width]`.
  func states(_ x: Tensor, lengths: Tensor?) -> Tensor {
    states(x, mask: lengths.map { AttentionMask.lengths($0) } ?? .none)
  }

  /// The same where each frame sees what a mask lets it.
  func states(_ x: Tensor, mask: AttentionMask) -> Tensor {
    let steps = x.shape[1]
    var y = project(x) + x.graph.constant(Self.positions(steps, options.width))
    y.markingFrames()
    for layer in layers { y = layer(y, mask: mask) }
    return norm(y)
  }

  /// sin(t / 10000^(2i / width)) and the cosine in turn: `[steps, width]`.
  static func positions(_ steps: Int, _ width: Int) -> HostArray {
    let periods = (0..<width).map { pow(10_000, Double($0 / 2 * 2) / Double(width)) }
    return HostArray(
      [steps, width],
      (0..<(steps * width)).map { index in
        let (step, column) = index.quotientAndRemainder(dividingBy: width)
        let angle = Double(step) / periods[column]
        return Float(column % 2 == 0 ? sin(angle) : cos(angle))
      })
  }
}

extension TransformerLayer {
  /// A layer for sequences of different length: with multi-head attention, which takes their mask, or
  /// with one of its controls, which sees one position at a time.
  static func masked(
    width: Int, heads: Int, attention: String, style: TransformerLayer.Style = .init(),
    _ mechanisms: AttentionCatalog
  ) throws -> TransformerLayer {
    if attention == "multihead" {
      return try TransformerLayer(width: width, heads: heads, style: style)
    }
    // The number of heads changes no parameter count, so that the catalog's control fits.
    return TransformerLayer(
      width: width, attention: try mechanisms.mechanism(attention, width: width), style: style)
  }
}

extension Tensor {
  /// Marks frames `[batch, frames, width]` as the places that attention looks at, in a row, and as
  /// what was found before it.
  func markingFrames() {
    named(FeatureMark.lastMap)
    permuted([0, 2, 1]).reshaped([shape[0], shape[2], 1, shape[1]]).named(AttentionMark.map)
  }
}
