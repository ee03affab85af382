/// A classifier of sequences of measurements: sounds, movements, events.
///
///     frames → recurrent layer, both directions or forward → additive attention over frames → head
///
/// `lstm` and `gru` by name. With the defaults this is the `lstm-attention` of the reference runs.
public struct RecurrentClassifier: SequenceClassifier {
  /// The recurrent layer.
  public enum Cell: String, Hashable, Sendable, Codable, CaseIterable {
    /// `LSTM`
    case lstm
    /// `GRU`
    case gru
  }

  /// What can be chosen.
  public struct Options: Hashable, Sendable, Codable {
    /// The recurrent layer.
    public var cell = Cell.lstm
    /// Numbers in a frame.
    public var features = 40
    /// Numbers in a state of each direction.
    public var hidden = 128
    /// Hidden units of the attention pool.
    public var poolHidden = 128
    /// Number of classes.
    public var classes = 10
    /// How states become one vector: `additive` attention, or its controls `none`, the mean, and
    /// `matched-additive`.
    public var attention = "additive"
    /// Whether frames are read from the first to the last alone, so that a stream can be heard frame by
    /// frame; in both directions where not given.
    public var readsForward: Bool?

    /// The defaults.
    public init() {}
  }

  /// What reads the frames.
  public let recurrent: any RecurrentLayer
  /// What makes one vector of the states.
  public let pool: any SequencePool
  /// The dense layer whose results are the classes' logits.
  public let head: Linear
  /// What was chosen.
  public let options: Options

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be.
  public init(_ options: Options = Options()) throws {
    try Self.check(options)
    self.options = options
    let isBidirectional = !(options.readsForward ?? false)
    switch options.cell {
    case .lstm:
      recurrent = LSTM(
        features: options.features, size: options.hidden, isBidirectional: isBidirectional)
    case .gru:
      recurrent = GRU(
        features: options.features, size: options.hidden, isBidirectional: isBidirectional)
    }
    let (width, hidden) = (recurrent.outputSize, options.poolHidden)
    switch options.attention {
    case "none": pool = MeanPool()
    case "additive": pool = AdditiveAttentionPool(width: width, hidden: hidden)
    default: pool = MatchedPool(width: width, hidden: hidden)
    }
    head = Linear(inputs: recurrent.outputSize, outputs: options.classes)
  }

  /// - Throws: `InputError` for options that cannot be.
  static func check(_ options: Options) throws {
    try SequenceModelCheck.positive(
      options.cell.rawValue,
      [
        ("number of features", options.features), ("state", options.hidden),
        ("pool", options.poolHidden), ("number of classes", options.classes),
      ])
    try NetworkLimits.check(
      options.cell.rawValue,
      [
        ("a number of features", options.features, NetworkLimits.width),
        ("a state", options.hidden, NetworkLimits.width),
        ("a pool", options.poolHidden, NetworkLimits.width),
        ("a number of classes", options.classes, NetworkLimits.classes),
      ])
    try SequenceModelCheck.attention(
      options.cell.rawValue, options.attention, among: "additive")
  }

  /// - Parameters:
  ///   - x: `[batch, frames, features]`
  ///   - lengths: frames of each sequence, int32 `[batch]`; what lies behind is not read. All where
  ///     not given.
  /// - Returns: logits `[batch, classes]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor {
    let states = recurrent(x, lengths: lengths)
    states.markingFrames()
    return head(pool(states, lengths: lengths))
  }

  /// The logits of sequences of full length.
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, lengths: nil) }
}
