/// A model of language: at each position the next character or word.
///
///     numbers → vectors + positions → causal layers → norm → products with the same vectors
///
/// With the defaults this is the `gpt` of the reference runs. Input and output vectors are one
/// parameter (Press and Wolf 2017).
///
/// Radford et al. 2019.
public struct GPT: Module {
  /// What can be chosen.
  public struct Options: Hashable, Sendable, Codable {
    /// Characters or words that are known.
    public var vocabulary = 65
    /// Positions that are seen together.
    public var length = 64
    /// Numbers in the vector of a position.
    public var width = 128
    /// Heads of each layer's attention.
    public var heads = 4
    /// How many layers there are.
    public var layers = 4
    /// What differs between families of models.
    public var style = TransformerLayer.Style()

    /// The defaults.
    public init() {}
  }

  /// A vector for each character, of input and output: `[vocabulary, width]`
  public let tokens: Embedding
  /// What is added for each place: `[length, width]`
  public let positions: Parameter
  /// All layers in order.
  public let layers: [TransformerLayer]
  /// Behind the last layer.
  public let norm: LayerNorm
  /// What was chosen.
  public let options: Options

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be.
  public init(_ options: Options = Options()) throws {
    try options.style.check("gpt")
    try SequenceModelCheck.positive(
      "gpt",
      [
        ("vocabulary", options.vocabulary), ("length", options.length), ("width", options.width),
        ("heads", options.heads), ("layers", options.layers),
      ])
    try NetworkLimits.check(
      "gpt",
      [
        ("a vocabulary", options.vocabulary, NetworkLimits.vocabulary),
        ("a length", options.length, NetworkLimits.length),
        ("a width", options.width, NetworkLimits.width),
        ("a number of layers", options.layers, NetworkLimits.layers),
      ])
    self.options = options
    tokens = Embedding(vocabulary: options.vocabulary, width: options.width, deviation: 0.02)
    positions = Parameter([options.length, options.width], .normal(deviation: 0.02))
    layers = try (0..<options.layers).map { _ in
      try TransformerLayer(width: options.width, heads: options.heads, style: options.style)
    }
    norm = LayerNorm(features: options.width, epsilon: options.style.epsilon)
  }

  /// - Parameter x: int32 `[batch, positions]`, no more positions than the model's length, each
  ///   below the vocabulary's size.
  /// - Returns: logits of what comes next, `[batch, positions, vocabulary]`
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let count = x.shape[1]
    require(count <= options.length, "gpt: made for \(options.length) positions, not \(count)")
    let places = x.graph[positions]
    var y = tokens(x) + (count == options.length ? places : places.slice(axis: 0, 0..<count))
    for layer in layers { y = layer(y, mask: .causal) }
    return tokens.logits(norm(y))
  }
}
