/// `transformer-ctc`: `TransformerTranscriber`.
public struct TransformerTranscriberFamily: TranscriberFamily {
  /// The family.
  public init() {}

  /// `transformer-ctc`
  public let name = "transformer-ctc"
  /// The encoder holds it.
  public let headPrefix = "encoder.head."

  /// Those of `TransformerTranscriber`.
  public var defaults: TransformerTranscriber.Options {
    TransformerTranscriber.Options(features: 40, words: 2)
  }

  /// Attention and layers.
  public var settings: [NetworkSetting<TransformerTranscriber.Options>] {
    [
      .attention { _ in "in every layer" },
      NetworkSetting(
        \.tokenWidth, \.width, "numbers in the vector of a frame", row: "Token width"),
      NetworkSetting(\.heads, \.heads, "heads of multi-head attention", row: "Heads"),
      NetworkSetting(\.layers, \.layers, "how many layers", row: "Layers"),
    ]
  }

  /// See `TransformerTranscriber`.
  public func check(_ options: TransformerTranscriber.Options) throws {
    try TransformerTranscriber.check(options)
  }

  /// See `TransformerTranscriber`.
  public func network(
    _ options: TransformerTranscriber.Options, mechanisms: AttentionCatalog
  ) throws -> any SequenceLabeller { try TransformerTranscriber(options, mechanisms: mechanisms) }

  /// The name and what is said.
  public func reportedName(_ options: TransformerTranscriber.Options) -> String {
    "\(name), a word or none at each step"
  }
}

extension TransformerTranscriber.Options: SequenceOptions {
  /// The words.
  public var classes: Int {
    get { words }
    set { words = newValue }
  }
}

extension NetworkDescription {
  /// A `TransformerTranscriber`.
  public static func transformerTranscriber(_ options: TransformerTranscriber.Options) -> Self {
    Self(TransformerTranscriberFamily(), options)
  }
}
