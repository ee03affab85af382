/// A vision Transformer for small pictures.
///
///     picture → patches → + positions → layers → norm → mean over patches → head
///
/// With the defaults and 32×32 pictures this is the `vit` of the reference runs.
///
/// Dosovitskiy et al. 2021, section 3.1. Differs: the mean over patches in the place of a class
/// token, as in their appendix D.3.
public struct ViT: PlacedLayer {
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
    /// Rows and columns of a patch.
    public var patch = 4
    /// Numbers in the vector of a patch.
    public var tokenWidth = 192
    /// How many heads multi-head attention has.
    public var heads = 3
    /// How many layers there are.
    public var layers = 6
    /// The attention mechanism's name in the catalog.
    public var attention = "multihead"

    /// The defaults for pictures of a size and a number of classes.
    public init(height: Int, width: Int, channels: Int = 3, classes: Int) {
      self.height = height
      self.width = width
      self.channels = channels
      self.classes = classes
    }
  }

  /// A window of the size of a patch.
  public let patch: Convolution2D
  /// What is added to each patch, for its place: `[patches, tokenWidth]`
  public let positions: Parameter
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
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  public init(_ options: Options, mechanisms: AttentionCatalog = .builtIn) throws {
    try ViT.check(options)
    self.options = options
    let width = options.tokenWidth
    let grid = Size2D(options.height / options.patch, options.width / options.patch)
    let count = grid.height * grid.width
    patch = Convolution2D(
      inputs: options.channels, outputs: width,
      kernelSize: Size2D(options.patch, options.patch),
      stride: Size2D(options.patch, options.patch))
    positions = Parameter([count, width], .normal(deviation: 0.02))
    layers = try (0..<options.layers).map { _ in
      guard options.attention == "multihead" else {
        return TransformerLayer(
          width: width, attention: try mechanisms.mechanism(options.attention, width: width),
          grid: grid)
      }
      return try TransformerLayer(width: width, heads: options.heads)
    }
    norm = LayerNorm(features: width)
    head = Linear(inputs: width, outputs: options.classes)
    try PictureModelCheck.positions(
      count, of: layers[0].attention, named: options.attention, model: "vit")
  }

  /// - Parameter x: `[batch, channels, height, width]`
  /// - Returns: logits `[batch, classes]`
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    PictureModelCheck.shape(
      x, options.channels, options.height, options.width, model: "vit", file, line)
    let map = patch(x).named(FeatureMark.lastMap).named(AttentionMark.map)
    let (batch, width) = (x.shape[0], options.tokenWidth)
    var tokens = map.permuted([0, 2, 3, 1]).reshaped([batch, -1, width]) + x.graph[positions]
    for layer in layers { tokens = layer(tokens) }
    return head(norm(tokens).mean(axes: [1]))
  }

  /// - Throws: `InputError` for options that cannot be.
  static func check(_ options: Options) throws {
    func require(_ condition: Bool, _ problem: String, _ advice: Advice) throws {
      if !condition { throw InputError("model vit: \(problem)", advice: advice) }
    }
    try require(
      options.patch > 0, "patches of \(options.patch) pixels are not possible",
      "Give a positive number")
    try PictureModelCheck.pictures(
      options.height, options.width, options.channels, options.classes, smallest: options.patch,
      model: "vit")
    try require(
      options.height % options.patch == 0 && options.width % options.patch == 0,
      "pictures of \(options.width)×\(options.height) pixels do not divide into patches of "
        + "\(options.patch)×\(options.patch)",
      "Choose an \(.imageSize) that is a multiple, or another \(.patchSize)")
    try require(
      options.layers > 0, "\(options.layers) layers are not possible", "Give at least 1")
    try require(
      options.tokenWidth > 0 && options.heads > 0 && options.tokenWidth % options.heads == 0,
      "\(options.heads) heads do not divide a token width of \(options.tokenWidth)",
      "Choose a \(.tokenWidth) that is a multiple of \(.heads)")
    try NetworkLimits.check(
      "vit",
      [
        ("a number of layers", options.layers, NetworkLimits.layers),
        ("a token width", options.tokenWidth, NetworkLimits.width),
      ])
  }
}
