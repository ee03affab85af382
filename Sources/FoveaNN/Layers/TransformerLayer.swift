/// X′ = X + attention(norm₁ X),  Y = X′ + W₂ GELU(W₁ norm₂ X′ + b₁) + b₂, with 4 · width units between
///
/// Vaswani et al. 2017 with the normalisation before each part (Xiong et al. 2020); or behind each, as
/// in the paper: X′ = norm₁(X + attention X),  Y = norm₂(X′ + W₂ GELU(W₁ X′ + b₁) + b₂).
public struct TransformerLayer: Module {
  /// What differs between families of models.
  public struct Style: Hashable, Sendable, Codable {
    /// Whether each part's result is normalised with what it is added to, not what goes in.
    public var normalizesAfter = false
    /// The function between the dense layers.
    public var activation = Activation.gelu
    /// What normalisation adds to the variance.
    public var epsilon: Float = 1e-5
    /// Units between the dense layers; 4 · width where not given.
    public var hidden: Int?

    /// The defaults.
    public init() {}
  }

  /// Before attention.
  public let norm1: LayerNorm
  /// What mixes positions.
  public let attention: any AttentionMechanism
  /// Before the dense layers.
  public let norm2: LayerNorm
  /// `[hidden, width]` and `[hidden]`
  public let up: Linear
  /// `[width, hidden]` and `[width]`
  public let down: Linear
  private let style: Style
  private let grid: Size2D?

  /// A layer over positions of `width` channels with multi-head attention.
  ///
  /// - Throws: `InputError` unless `heads` divides `width`.
  public init(width: Int, heads: Int, style: Style = Style()) throws {
    self.init(
      width: width, attention: try MultiHeadAttention(width: width, heads: heads), style: style)
  }

  /// A layer with any attention; what that adds to its input is added to the residual path, and
  /// nothing where it is none.
  ///
  /// - Parameter grid: rows and columns where the positions are a map's places, row by row.
  public init(
    width: Int, attention: any AttentionMechanism, grid: Size2D? = nil, style: Style = Style()
  ) {
    self.grid = grid
    self.style = style
    let hidden = style.hidden ?? 4 * width
    norm1 = LayerNorm(features: width, epsilon: style.epsilon)
    self.attention = attention
    norm2 = LayerNorm(features: width, epsilon: style.epsilon)
    up = Linear(inputs: width, outputs: hidden)
    down = Linear(inputs: hidden, outputs: width)
  }

  /// - Parameters:
  ///   - x: `[batch, positions, width]`
  ///   - mask: which positions each may see; only multi-head attention takes one.
  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor, mask: AttentionMask = .none) -> Tensor {
    attended(x) { change($0, mask) }
  }

  /// The layer with another function in the place of its attention, which gives what is added.
  func attended(_ x: Tensor, by attention: (Tensor) -> Tensor?) -> Tensor {
    if style.normalizesAfter {
      let mixed = norm1(attention(x).map { x + $0 } ?? x)
      return norm2(mixed + dense(mixed))
    }
    let mixed = attention(norm1(x)).map { x + $0 } ?? x
    return mixed + dense(norm2(mixed))
  }

  private func dense(_ x: Tensor) -> Tensor { down(style.activation(up(x))) }

  private func change(_ x: Tensor, _ mask: AttentionMask) -> Tensor? {
    if let heads = attention as? MultiHeadAttention { return heads(x, mask: mask) }
    guard let grid else { return attention.change(sequence: x) }
    let map = MapPlaces.map(x, rows: grid.height, columns: grid.width)
    return attention.change(map: map).map { MapPlaces.sequence($0) }
  }
}
