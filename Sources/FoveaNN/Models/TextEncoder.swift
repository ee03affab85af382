/// A classifier of texts, given as numbers of words.
///
///     numbers → vectors + positions → layers → norm → mean over positions → head
///
/// With the defaults this is the `encoder` of the reference runs.
public struct TextEncoder: Module {
  /// What can be chosen.
  public struct Options: Hashable, Sendable, Codable {
    /// Words that are known.
    public var vocabulary = 10_000
    /// Positions of a text.
    public var length = 128
    /// Numbers in the vector of a position.
    public var width = 256
    /// Heads of each layer's attention.
    public var heads = 8
    /// How many layers there are.
    public var layers = 4
    /// Number of classes.
    public var classes = 10

    /// The defaults.
    public init() {}
  }

  /// A vector for each word: `[vocabulary, width]`
  public let tokens: Embedding
  /// What is added for each place: `[length, width]`
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
  /// - Throws: `InputError` for options that cannot be.
  public init(_ options: Options = Options()) throws {
    try SequenceModelCheck.positive(
      "encoder",
      [
        ("vocabulary", options.vocabulary), ("length", options.length), ("width", options.width),
        ("heads", options.heads), ("layers", options.layers), ("classes", options.classes),
      ])
    try NetworkLimits.check(
      "encoder",
      [
        ("a vocabulary", options.vocabulary, NetworkLimits.vocabulary),
        ("a length", options.length, NetworkLimits.length),
        ("a width", options.width, NetworkLimits.width),
        ("a number of layers", options.layers, NetworkLimits.layers),
        ("a number of classes", options.classes, NetworkLimits.classes),
      ])
    self.options = options
    tokens = Embedding(vocabulary: options.vocabulary, width: options.width)
    positions = Parameter([options.length, options.width], .normal(deviation: 0.02))
    layers = try (0..<options.layers).map { _ in
      try TransformerLayer(width: options.width, heads: options.heads)
    }
    norm = LayerNorm(features: options.width)
    head = Linear(inputs: options.width, outputs: options.classes)
  }

  /// - Parameters:
  ///   - x: int32 `[batch, length]`, each below the vocabulary's size.
  ///   - lengths: words of each text, int32 `[batch]`; what lies behind is not seen and does not
  ///     count. All where not given.
  /// - Returns: logits `[batch, classes]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor? = nil) -> Tensor {
    var y = tokens(x) + x.graph[positions]
    let mask = lengths.map { AttentionMask.lengths($0) } ?? .none
    for layer in layers { y = layer(y, mask: mask) }
    y = norm(y)
    guard let lengths else { return head(y.mean(axes: [1])) }
    return head(y.mean(ofFirst: lengths))
  }
}

/// What models of sequences ask of their options.
enum SequenceModelCheck {
  /// Fails unless every size is positive.
  ///
  /// - Throws: `InputError` that names the model and the first size concerned.
  static func positive(_ model: String, _ sizes: [(name: String, size: Int)]) throws {
    for (name, size) in sizes where size <= 0 {
      throw InputError(
        "model \(model): a \(name) of \(size) is not possible", advice: "Give a positive number")
    }
  }

  /// Fails unless there are two classes at least.
  ///
  /// - Throws: `InputError` that names the model.
  static func classes(_ model: String, _ count: Int) throws {
    guard count >= 2 else {
      throw InputError(
        "model \(model): \(count) \(count == 1 ? "class" : "classes") cannot be told apart",
        advice: "Give at least two")
    }
    try NetworkLimits.check(model, [("a number of classes", count, NetworkLimits.classes)])
  }

  /// Fails unless an attention is the one that the model can carry with sequences of different
  /// lengths, or a control of it.
  ///
  /// - Throws: `InputError` that names the choices.
  static func attention(_ model: String, _ name: String, among known: String) throws {
    let choices = [known, "none", AttentionCatalog.control(of: known)]
    guard choices.contains(name) else {
      throw InputError(
        "model \(model) cannot carry attention \(name): it would see what shorter examples are "
          + "filled up with",
        advice: "Choose one of \(choices.joined(separator: ", "))")
    }
  }
}
