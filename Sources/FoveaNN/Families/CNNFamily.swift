/// `cnn`: `CNN`.
public struct CNNFamily: MapFamily {
  /// The family.
  public init() {}

  /// `cnn`
  public let name = "cnn"
  /// Its first dense layer is no part of it.
  public let headPrefix = "fc2."

  /// Those of `CNN`.
  public var defaults: CNN.Options { CNN.Options(height: 32, width: 32, classes: 2) }

  /// Attention, convolutions and dense layers.
  public var settings: [NetworkSetting<CNN.Options>] {
    [
      .attention { "after pooling \($0.attentionAfter)" },
      NetworkSetting(
        \.attentionAfter, \.attentionAfter, "after which pooling attention sits, 1 or 2"),
      NetworkSetting(
        \.kernelSizes, \.kernelSizes, "window sizes of the two convolutions, such as 5,3",
        row: "Windows of convolutions"
      ) { $0.kernelSizes.map { "\($0)×\($0)" }.joined(separator: ", ") },
      NetworkSetting(
        \.widths, \.widths, "output channels of the two convolutions",
        row: "Channels of convolutions"),
      NetworkSetting(
        \.hidden, \.hidden, "outputs of the first dense layer", row: "Hidden outputs"),
      NetworkSetting(\.head, \.head, "how the map becomes features, flatten or mean", row: "Head") {
        $0.head == .flatten ? "flatten: every place is a feature" : "mean over places"
      },
    ]
  }

  /// See `CNN`.
  public func check(_ options: CNN.Options) throws { try CNN.check(options) }

  /// See `CNN`.
  public func network(
    _ options: CNN.Options, mechanisms: AttentionCatalog
  ) throws -> any Layer { try CNN(options, mechanisms: mechanisms) }

  /// That attention sees a map that is pooled before, where it is.
  public func notes(on options: CNN.Options) -> [String] {
    let window = CNN.pooling(beforeAttentionOf: options)
    guard window != 1 else { return [] }
    let pooled = "The map is pooled \(window.width)×\(window.height)"
    return [
      options.attention == "none"
        ? "\(pooled) where attention would be, as in the network that it is compared with."
        : "\(pooled) before attention, which looks at no more than "
          + "\(NumberText.count(CNN.mostPositions)) places."
    ]
  }
}

extension CNN.Options: MapOptions {}
extension CNN.Head: SettingValue {}

extension NetworkDescription {
  /// A `CNN`.
  public static func cnn(_ options: CNN.Options) -> Self { Self(CNNFamily(), options) }
}
