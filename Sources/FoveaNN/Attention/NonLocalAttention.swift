/// Y = X + softmax(Q Kᵀ) V W_Oᵀ + b_O,  Q, K, V = X W_Qᵀ + b_Q, …, of half the width
///
/// A place takes from all places what is like it. With half = max(width / 2, 1):
/// 4 width · half + 3 half + width parameters; 8 N width · half + 4 N² half operations. It starts as
/// the identity. Shows the softmax.
///
/// Wang et al. 2018, "Non-local neural networks", equation 6 with the embedded Gaussian. Differs:
/// the last layer itself starts at zero, without the batch normalisation behind it.
public struct NonLocalAttention: AttentionMechanism {
  /// `[half, width]` and `[half]`
  public let query: Linear
  /// `[half, width]` and `[half]`
  public let key: Linear
  /// `[half, width]` and `[half]`
  public let value: Linear
  /// `[width, half]` and `[width]`
  public let output: Linear

  /// Attention over positions of `width` channels.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(width >= 1, "NonLocalAttention: \(width) channels", file: file, line: line)
    let half = max(width / 2, 1)
    query = Linear(inputs: width, outputs: half)
    key = Linear(inputs: width, outputs: half)
    value = Linear(inputs: width, outputs: half)
    output = Linear(inputs: half, outputs: width, startsAtZero: true)
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor { x + difference(x) }

  /// - Returns: what is added to `x`, of its shape
  public func change(sequence x: Tensor) -> Tensor? { difference(x) }

  private func difference(_ x: Tensor) -> Tensor {
    output(scaledDotProductAttention(query: query(x), key: key(x), value: value(x), scale: 1))
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: `[batch, positions, positions]`
  public func weights(sequence x: Tensor) -> Tensor? {
    attentionWeights(query: query(x), key: key(x), scale: 1)
  }

  /// As many as the maps that networks attend over have at most.
  public var mostPositions: Int? { AttentionHeads.mostPositions }
}
