/// `resnet`: `ResNet`.
public struct ResNetFamily: MapFamily {
  /// The family.
  public init() {}

  /// `resnet`
  public let name = "resnet"

  /// Those of `ResNet`.
  public var defaults: ResNet.Options { ResNet.Options(height: 32, width: 32, classes: 2) }

  /// Attention, depth and widths.
  public var settings: [NetworkSetting<ResNet.Options>] {
    [
      .attention { _ in "in every block" },
      NetworkSetting(\.depth, \.depth, "how many layers, 6n + 2", row: "Depth"),
      NetworkSetting(
        \.widths, \.widths, "output channels of the three stages", row: "Channels of stages"),
    ]
  }

  /// See `ResNet`.
  public func check(_ options: ResNet.Options) throws { try ResNet.check(options) }

  /// See `ResNet`.
  public func network(
    _ options: ResNet.Options, mechanisms: AttentionCatalog
  ) throws -> any Layer { try ResNet(options, mechanisms: mechanisms) }
}

extension ResNet.Options: MapOptions {}

extension NetworkDescription {
  /// A `ResNet`.
  public static func resnet(_ options: ResNet.Options) -> Self { Self(ResNetFamily(), options) }
}
