/// `bag`: `BagOfWords`.
public struct BagFamily: SequenceFamily {
  /// The family.
  public init() {}

  /// `bag`
  public let name = "bag"
  /// What a `bag` is.
  public let summary = "a bag of words (the mean of the words' vectors, and a dense layer)"

  /// Those of `BagOfWords`.
  public var defaults: BagOfWords.Options { BagOfWords.Options(features: 64, classes: 2) }

  /// The width of vectors; an attention other than `none` is refused.
  public var settings: [NetworkSetting<BagOfWords.Options>] {
    [
      NetworkSetting(\.attention, \.attention, "none, as it knows no places"),
      NetworkSetting(
        \.tokenWidth, \.features, "numbers in the vector of a text's token", row: "Token width"),
    ]
  }

  /// See `BagOfWords`.
  public func check(_ options: BagOfWords.Options) throws { try BagOfWords.check(options) }

  /// See `BagOfWords`.
  public func network(
    _ options: BagOfWords.Options, mechanisms: AttentionCatalog
  ) throws -> any SequenceClassifier { try BagOfWords(options) }
}

extension BagOfWords.Options: SequenceOptions {}

extension NetworkDescription {
  /// A `BagOfWords`.
  public static func bag(_ options: BagOfWords.Options) -> Self { Self(BagFamily(), options) }
}
