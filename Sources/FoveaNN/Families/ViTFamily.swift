/// `vit`: `ViT`.
public struct ViTFamily: MapFamily {
  /// The family.
  public init() {}

  /// `vit`
  public let name = "vit"

  /// Those of `ViT`.
  public var defaults: ViT.Options { ViT.Options(height: 32, width: 32, classes: 2) }

  /// Attention, patches and layers.
  public var settings: [NetworkSetting<ViT.Options>] {
    [
      .attention { _ in "in every layer" },
      NetworkSetting(\.patch, \.patch, "rows and columns of a patch", row: "Patches") {
        "\($0.patch)×\($0.patch)"
      },
      NetworkSetting(
        \.tokenWidth, \.tokenWidth, "numbers in the vector of a patch", row: "Token width"),
      NetworkSetting(\.heads, \.heads, "heads of multi-head attention", row: "Heads"),
      NetworkSetting(\.layers, \.layers, "how many layers", row: "Layers"),
    ]
  }

  /// See `ViT`.
  public func check(_ options: ViT.Options) throws { try ViT.check(options) }

  /// See `ViT`.
  public func network(
    _ options: ViT.Options, mechanisms: AttentionCatalog
  ) throws -> any Layer { try ViT(options, mechanisms: mechanisms) }

  /// Pictures of whole patches.
  public func trialInput(for options: ViT.Options) -> NetworkInput {
    let side = SizeArithmetic.product([4, max(options.patch, 1)])
    return .map(height: side, width: side, channels: 3)
  }
}

extension ViT.Options: MapOptions {}

extension NetworkDescription {
  /// A `ViT`.
  public static func vit(_ options: ViT.Options) -> Self { Self(ViTFamily(), options) }
}
