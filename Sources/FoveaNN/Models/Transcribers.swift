/// A network that says of each step of a sequence which word is heard there, if any: what is trained
/// with `ctcLoss`.
public protocol SequenceLabeller: Module {
  /// - Parameters:
  ///   - x: `[batch, steps, features]`
  ///   - lengths: steps of each sequence, int32 `[batch]`; what lies behind counts for nothing. All
  ///     where not given.
  /// - Returns: logits `[batch, steps, words + 1]`, of which the last is the blank.
  func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor
}

/// A recurrent layer in both directions with self-attention over its states:
///
///     frames → LSTM or GRU → Transformer layer → norm → head at each frame
///
/// Its plain twin has the same layer without the attention: then frames meet in the recurrent layer
/// alone.
public struct RecurrentTranscriber: SequenceLabeller {
  /// What can be chosen.
  public struct Options: Hashable, Sendable, Codable {
    /// The recurrent layer.
    public var cell = RecurrentClassifier.Cell.lstm
    /// Numbers in a frame.
    public var features: Int
    /// Words that are told apart.
    public var words: Int
    /// Numbers in a state of each direction.
    public var hidden = 96
    /// How many heads attention has.
    public var heads = 4
    /// `multihead`, or one of its controls.
    public var attention = "multihead"

    /// The defaults for frames and a number of words.
    public init(features: Int, words: Int) {
      self.features = features
      self.words = words
    }
  }

  /// What reads the frames.
  public let recurrent: any RecurrentLayer
  /// What lets frames see each other.
  public let layer: TransformerLayer
  /// Behind it.
  public let norm: LayerNorm
  /// The dense layer whose results are the logits of words and blank.
  public let head: Linear
  /// What was chosen.
  public let options: Options

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be.
  public init(_ options: Options, mechanisms: AttentionCatalog = .builtIn) throws {
    try Self.check(options)
    self.options = options
    let width = 2 * options.hidden
    switch options.cell {
    case .lstm:
      recurrent = LSTM(features: options.features, size: options.hidden, isBidirectional: true)
    case .gru:
      recurrent = GRU(features: options.features, size: options.hidden, isBidirectional: true)
    }
    layer = try .masked(
      width: width, heads: options.heads, attention: options.attention, mechanisms)
    norm = LayerNorm(features: width)
    head = Linear(inputs: width, outputs: options.words + 1)
  }

  /// - Throws: `InputError` for options that cannot be.
  static func check(_ options: Options) throws {
    let name = "\(options.cell.rawValue)-ctc"
    try SequenceModelCheck.positive(
      name,
      [
        ("number of features", options.features), ("state", options.hidden),
        ("number of heads", options.heads), ("number of words", options.words),
      ])
    try NetworkLimits.check(
      name,
      [
        ("a number of features", options.features, NetworkLimits.width),
        ("a state", options.hidden, NetworkLimits.width),
        ("a number of words", options.words, NetworkLimits.classes),
      ])
    try SequenceModelCheck.attention(name, options.attention, among: "multihead")
  }

  /// - Returns: logits `[batch, steps, words + 1]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor {
    let mask = lengths.map { AttentionMask.lengths($0) } ?? .none
    return head(norm(layer(recurrent(x, lengths: lengths), mask: mask)))
  }
}

/// A Transformer over frames with a head at each of them: a `FrameEncoder` without the mean.
///
/// Its plain twin has no attention in its layers: each frame is alone.
public struct TransformerTranscriber: SequenceLabeller {
  /// What can be chosen.
  public struct Options: Hashable, Sendable, Codable {
    /// Numbers in a frame.
    public var features: Int
    /// Words that are told apart.
    public var words: Int
    /// Numbers in the vector of a frame.
    public var width = 96
    /// How many heads attention has.
    public var heads = 4
    /// How many layers there are.
    public var layers = 4
    /// `multihead`, or one of its controls.
    public var attention = "multihead"

    /// The defaults for frames and a number of words.
    public init(features: Int, words: Int) {
      self.features = features
      self.words = words
    }
  }

  /// All but the mean over frames.
  public let encoder: FrameEncoder
  /// What was chosen.
  public let options: Options

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be.
  public init(_ options: Options, mechanisms: AttentionCatalog = .builtIn) throws {
    try Self.check(options)
    self.options = options
    encoder = try FrameEncoder(Self.inner(options), mechanisms: mechanisms)
  }

  /// What is chosen of the encoder, whose classes are the words and the blank.
  private static func inner(_ options: Options) -> FrameEncoder.Options {
    var inner = FrameEncoder.Options(features: options.features, classes: options.words + 1)
    inner.width = options.width
    inner.heads = options.heads
    inner.layers = options.layers
    inner.attention = options.attention
    return inner
  }

  /// - Throws: `InputError` for options that cannot be.
  static func check(_ options: Options) throws {
    try SequenceModelCheck.positive("transformer-ctc", [("number of words", options.words)])
    try NetworkLimits.check(
      "transformer-ctc", [("a number of words", options.words, NetworkLimits.classes - 1)])
    try FrameEncoder.check(inner(options))
  }

  /// - Returns: logits `[batch, steps, words + 1]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor {
    encoder.head(encoder.states(x, lengths: lengths))
  }
}
