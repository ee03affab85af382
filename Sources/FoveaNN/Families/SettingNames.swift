/// What a setting is called, and what it can be.
public struct SettingName<Value: SettingValue>: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The name as users write it, such as `kernel-sizes`.
  public let name: String

  /// A setting of this name.
  public init(stringLiteral name: String) { self.name = name }
}

/// The words for what can be chosen of networks: one word for one thing, whatever the family.
///
/// `network.kernelSizes` reads and changes a `NetworkDescription` by them. A family of your own adds its
/// words in an extension.
public struct SettingNames: Sendable {
  /// The attention mechanism's name in the catalog.
  public var attention: SettingName<String> { "attention" }
  /// After which pooling attention sits.
  public var attentionAfter: SettingName<Int> { "attention-after" }
  /// Window sizes of convolutions.
  public var kernelSizes: SettingName<[Int]> { "kernel-sizes" }
  /// Output channels of convolutions or stages.
  public var widths: SettingName<[Int]> { "widths" }
  /// Hidden units of a dense layer, or numbers in a recurrent layer's state.
  public var hidden: SettingName<Int> { "hidden" }
  /// Whether frames are read from the first to the last alone.
  public var readsForward: SettingName<Bool> { "forward-only" }
  /// How a map becomes a list of features.
  public var head: SettingName<CNN.Head> { "head" }
  /// Layers of a residual network.
  public var depth: SettingName<Int> { "depth" }
  /// Rows and columns of a patch.
  public var patch: SettingName<Int> { "patch-size" }
  /// Numbers in the vector of a patch, a frame or a token.
  public var tokenWidth: SettingName<Int> { "token-width" }
  /// Heads of multi-head attention.
  public var heads: SettingName<Int> { "heads" }
  /// How many layers there are.
  public var layers: SettingName<Int> { "layer-count" }
  /// Whether layers normalise before or behind each part.
  public var norm: SettingName<TransformerLayer.Norm> { "norm" }

  /// All words.
  public init() {}
}
