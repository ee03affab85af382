/// X′ = X + attention(norm₁ X),  Y = X′ + W₂ GELU(W₁ norm₂ X′ + b₁) + b₂, with 4 · width units between
///
/// Vaswani et al. 2017 with the normalisation before each part (Xiong et al. 2020).
public struct TransformerLayer: Module {
  /// Before attention.
  public let norm1: LayerNorm
  /// What mixes positions.
  public let attention: any AttentionMechanism
  /// Before the dense layers.
  public let norm2: LayerNorm
  /// `[4 · width, width]` and `[4 · width]`
  public let up: Linear
  /// `[width, 4 · width]` and `[width]`
  public let down: Linear
  private let grid: Size2D?

  /// A layer over positions of `width` channels with multi-head attention.
  ///
  /// - Throws: `InputError` unless `heads` divides `width`.
  public init(width: Int, heads: Int) throws {
    self.init(width: width, attention: try MultiHeadAttention(width: width, heads: heads))
  }

  /// A layer with any attention; what that adds to its input is added to the residual path, and
  /// nothing where it is none.
  ///
  /// - Parameter grid: rows and columns where the positions are a map's places, row by row.
  public init(width: Int, attention: any AttentionMechanism, grid: Size2D? = nil) {
    self.grid = grid
    norm1 = LayerNorm(features: width)
    self.attention = attention
    norm2 = LayerNorm(features: width)
    up = Linear(inputs: width, outputs: 4 * width)
    down = Linear(inputs: 4 * width, outputs: width)
  }

  /// - Parameters:
  ///   - x: `[batch, positions, width]`
  ///   - mask: which positions each may see; only multi-head attention takes one.
  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor, mask: AttentionMask = .none) -> Tensor {
    let change = self.change(norm1(x), mask)
    let mixed = change.map { x + $0 } ?? x
    return mixed + down(up(norm2(mixed)).gelu())
  }

  private func change(_ x: Tensor, _ mask: AttentionMask) -> Tensor? {
    if let heads = attention as? MultiHeadAttention { return heads(x, mask: mask) }
    guard let grid else { return attention.change(sequence: x) }
    let map = MapPlaces.map(x, rows: grid.height, columns: grid.width)
    return attention.change(map: map).map { MapPlaces.sequence($0) }
  }
}
