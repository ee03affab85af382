/// The mean of the words' vectors and a dense layer: what a classifier of texts reaches that knows
/// neither order nor context.
///
///     vectors → mean over words → head
///
/// Joulin et al. 2017, "Bag of tricks for efficient text classification" (fastText). Differs: tokens
/// of the vocabulary in the place of words and pairs of words.
public struct BagOfWords: SequenceClassifier {
  /// What can be chosen.
  public struct Options: Hashable, Sendable, Codable {
    /// Numbers in the vector of a word.
    public var features: Int
    /// Number of classes.
    public var classes: Int
    /// `none`: there is nothing that could attend.
    public var attention = "none"

    /// Options for vectors and a number of classes.
    public init(features: Int, classes: Int) {
      self.features = features
      self.classes = classes
    }
  }

  /// The dense layer whose results are the classes' logits.
  public let head: Linear
  /// What was chosen.
  public let options: Options

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be.
  public init(_ options: Options) throws {
    try Self.check(options)
    self.options = options
    head = Linear(inputs: options.features, outputs: options.classes)
  }

  /// - Throws: `InputError` for options that cannot be.
  static func check(_ options: Options) throws {
    try SequenceModelCheck.positive("bag", [("number of features", options.features)])
    try NetworkLimits.check(
      "bag", [("a number of features", options.features, NetworkLimits.width)])
    try SequenceModelCheck.classes("bag", options.classes)
    guard options.attention == "none" else {
      throw InputError(
        "model bag cannot carry attention \(options.attention): it knows no places",
        advice: "Leave \(.attention) out, or choose another \(.model)")
    }
  }

  /// - Parameters:
  ///   - x: `[batch, words, features]`
  ///   - lengths: words of each text, int32 `[batch]`; all where not given.
  /// - Returns: logits `[batch, classes]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor {
    x.markingFrames()
    return head(MeanPool()(x, lengths: lengths))
  }
}
