/// `transformer`: `FrameEncoder`.
public struct TransformerFamily: SequenceFamily {
  /// The family.
  public init() {}

  /// `transformer`
  public let name = "transformer"

  /// Those of `FrameEncoder`.
  public var defaults: FrameEncoder.Options { FrameEncoder.Options(features: 40, classes: 2) }

  /// Attention and layers.
  public var settings: [NetworkSetting<FrameEncoder.Options>] {
    [
      .attention { _ in "in every layer" },
      NetworkSetting(
        \.tokenWidth, \.width, "numbers in the vector of a frame or a text's token",
        row: "Token width"),
      NetworkSetting(\.heads, \.heads, "heads of multi-head attention", row: "Heads"),
      NetworkSetting(\.layers, \.layers, "how many layers", row: "Layers"),
      NetworkSetting(
        \.norm, \.norm, "whether layers normalise before or after each part", row: "Normalisation"
      ) { $0.style.normalizesAfter ? "behind each part" : "before each part" },
    ]
  }

  /// See `FrameEncoder`.
  public func check(_ options: FrameEncoder.Options) throws { try FrameEncoder.check(options) }

  /// See `FrameEncoder`.
  public func network(
    _ options: FrameEncoder.Options, mechanisms: AttentionCatalog
  ) throws -> any SequenceClassifier { try FrameEncoder(options, mechanisms: mechanisms) }

  /// Vectors of tokens are as wide as those of the layers.
  ///
  /// - Throws: `InputError` for pictures.
  public func fit(_ options: inout FrameEncoder.Options, to input: NetworkInput) throws {
    switch input {
    case .map: throw NetworkKind.unreadPictures(model: name)
    case .frames(let features, _): options.features = features
    case .tokens: options.features = options.width
    }
  }

  /// The network itself, where its tokens' vectors can be what tokens are told by.
  public func languageEncoder(_ options: FrameEncoder.Options) -> FrameEncoder.Options? {
    options.attention == "multihead" && options.width == options.features ? options : nil
  }
}

extension FrameEncoder.Options: SequenceOptions {
  fileprivate var norm: TransformerLayer.Norm {
    get { style.normalizesAfter ? .after : .before }
    set { style.normalizesAfter = newValue == .after }
  }
}

extension TransformerLayer {
  /// Where a layer normalises.
  public enum Norm: String, Hashable, Sendable, CaseIterable, SettingValue {
    /// Before attention and before the dense layers.
    case before
    /// Behind each.
    case after
  }
}

extension NetworkDescription {
  /// A `FrameEncoder`.
  public static func transformer(_ options: FrameEncoder.Options) -> Self {
    Self(TransformerFamily(), options)
  }
}
