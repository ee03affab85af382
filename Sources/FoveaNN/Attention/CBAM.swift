/// Channels first, then places:
///
///     X′ = X ⊙ σ(M(mean X) + M(max X)),  M(s) = W₂ relu(W₁ s + b₁) + b₂, mean and max over places
///     Y  = X′ ⊙ σ(f ∗ [mean X′; max X′] + b), mean and max over channels, f a window of 7×7
///
/// With hidden = max(width / 8, 1): 2 width · hidden + hidden + width parameters for the channels
/// and 99 for the places; 8 width · hidden operations, 196 for each place and about eight for each
/// element of X. Shows the gate over places.
///
/// Woo et al. 2018, "CBAM: convolutional block attention module", equations 1 to 3. Differs: a
/// reduction of 8 where the paper has 16, as networks here are narrow.
public struct CBAM: AttentionMechanism {
  /// `[hidden, width]` and `[hidden]`
  public let down: Linear
  /// `[width, hidden]` and `[width]`
  public let up: Linear
  /// `[1, 2, 7, 7]` and `[1]`
  public let spatial: Convolution2D

  /// Gates over `width` channels and over places.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, reduction: Int = 8, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      width >= 1 && reduction >= 1, "CBAM: \(width) channels over \(reduction)", file: file,
      line: line)
    let hidden = max(width / reduction, 1)
    down = Linear(inputs: width, outputs: hidden)
    up = Linear(inputs: hidden, outputs: width)
    spatial = Convolution2D(inputs: 2, outputs: 1, kernelSize: 7, padding: 3)
  }

  /// - Parameter x: `[batch, width, rows, columns]`
  /// - Returns: the same shape
  public func attending(map x: Tensor) -> Tensor {
    let (batch, width) = (x.shape[0], x.shape[1])
    // One product for both: [2 · batch, width].
    let pooled = Tensor.concatenate([x.mean(axes: [2, 3]), x.max(axes: [2, 3])], axis: 0)
    let parts = up(down(pooled).relu()).split(axis: 0, parts: 2)
    let gated = x * (parts[0] + parts[1]).sigmoid().reshaped([batch, width, 1, 1])
    let maps = Tensor.concatenate(
      [gated.mean(axes: [1], keepingAxes: true), gated.max(axes: [1], keepingAxes: true)], axis: 1)
    return gated * spatial(maps).sigmoid().named(AttentionMark.gate)
  }

  /// - Returns: what the gates change, of the shape of `x`
  public func change(map x: Tensor) -> Tensor? { attending(map: x) - x }

  /// - Parameter x: `[batch, positions, width]`, as a map of one column.
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor { attendingAsMap(sequence: x) }
}
