/// An encoder of texts whose positions all see one another.
///
///     numbers → vectors + positions + kind → norm → layers, normalised behind each part
///
/// Devlin et al. 2019. Without the pooler, which sentence embeddings do not use.
public struct BERT: Module {
  /// What can be chosen; the defaults are those of BERT's base model.
  public struct Options: Hashable, Sendable, Codable {
    /// Pieces that are known.
    public var vocabulary = 30_522
    /// Positions of a text.
    public var length = 512
    /// Kinds of a position, of which the first is used: a pair's second text would have another.
    public var kinds = 2
    /// Numbers in the vector of a position.
    public var width = 768
    /// Heads of each layer's attention.
    public var heads = 12
    /// How many layers there are.
    public var layers = 12
    /// What differs between families of models.
    public var style: TransformerLayer.Style

    /// The defaults.
    public init() {
      style = TransformerLayer.Style()
      style.normalizesAfter = true
      style.epsilon = 1e-12
    }
  }

  /// A vector for each piece: `[vocabulary, width]`
  public let tokens: Embedding
  /// What is added for each place: `[length, width]`
  public let positions: Parameter
  /// What is added for each kind: `[kinds, width]`
  public let kinds: Parameter
  /// Before the first layer.
  public let norm: LayerNorm
  /// All layers in order.
  public let layers: [TransformerLayer]
  /// What was chosen.
  public let options: Options

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be.
  public init(_ options: Options = Options()) throws {
    try options.style.check("bert")
    try SequenceModelCheck.positive(
      "bert",
      [
        ("vocabulary", options.vocabulary), ("length", options.length), ("kinds", options.kinds),
        ("width", options.width), ("heads", options.heads), ("layers", options.layers),
      ])
    try NetworkLimits.check(
      "bert",
      [
        ("a vocabulary", options.vocabulary, NetworkLimits.vocabulary),
        ("a length", options.length, NetworkLimits.length),
        ("a number of kinds", options.kinds, NetworkLimits.width),
        ("a width", options.width, NetworkLimits.width),
        ("a number of layers", options.layers, NetworkLimits.layers),
      ])
    self.options = options
    tokens = Embedding(vocabulary: options.vocabulary, width: options.width, deviation: 0.02)
    positions = Parameter([options.length, options.width], .normal(deviation: 0.02))
    kinds = Parameter([options.kinds, options.width], .normal(deviation: 0.02))
    norm = LayerNorm(features: options.width, epsilon: options.style.epsilon)
    layers = try (0..<options.layers).map { _ in
      try TransformerLayer(width: options.width, heads: options.heads, style: options.style)
    }
  }

  /// - Parameters:
  ///   - x: int32 `[batch, positions]`, no more positions than the model's length.
  ///   - lengths: pieces of each text, int32 `[batch]`; what lies behind is not seen.
  /// - Returns: `[batch, positions, width]`
  public func callAsFunction(
    _ x: Tensor, lengths: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let graph = x.graph
    let count = x.shape[1, file, line]
    require(
      count <= options.length, "bert: made for \(options.length) positions, not \(count)",
      file: file, line: line)
    let places = graph[positions].slice(axis: 0, 0..<count)
    var y = norm(tokens(x) + places + graph[kinds].slice(axis: 0, 0..<1))
    for layer in layers { y = layer(y, mask: .lengths(lengths)) }
    return y
  }
}

extension Tensor {
  /// The mean over an item's first positions, as many as `lengths` says.
  ///
  /// - Parameter lengths: int32 `[batch]`
  /// - Returns: `[batch, width]` for `self` `[batch, positions, width]`
  package func mean(ofFirst lengths: Tensor) -> Tensor {
    let (batch, positions, width) = (shape[0], shape[1], shape[2])
    let places = graph.constant(HostArray((0..<Int32(positions)).map { $0 }))
    let counts = places.less(than: lengths.reshaped([batch, 1])).cast(to: .float32)
    let sum = counts.reshaped([batch, 1, positions]).matmul(self).reshaped([batch, width])
    return sum / lengths.cast(to: .float32).reshaped([batch, 1]).maximum(graph.constant(1))
  }
}
