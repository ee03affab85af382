/// Layers one after the other.
public struct Sequential: PlacedLayer {
  /// The layers in order.
  public let layers: [any Layer]

  /// The layers of an array, in order.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// The layers of a block, in order; `if`, `else` and `for` are understood.
  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

  /// Runs `x` through the layers.
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    layers.reduce(x) { x, layer in
      (layer as? any PlacedLayer)?.callAsFunction(x, file: file, line: line) ?? layer(x)
    }
  }
}

/// Collects the layers of a block.
@resultBuilder
public enum LayerBuilder {
  /// A layer on a line of its own.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// Several lines.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// An `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// The first branch of an `if`.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// The other branch.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  /// A `for` loop.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}
