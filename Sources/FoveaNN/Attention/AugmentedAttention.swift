/// A = softmax((Q Kᵀ + Q Vᵀ) / √width) + I,  Y = A X
///
/// with Q = X W_Qᵀ + b_Q, K = X W_Kᵀ + b_K, V = X W_Vᵀ + b_V over positions X `[positions, width]`.
/// The rows of the softmax sum to 1 and those of A to 2: the identity keeps every position, the
/// softmax adds what it attends to. As Q Kᵀ + Q Vᵀ = Q (K + V)ᵀ, key and value weights enter as a
/// sum only, and one product serves both. Parameters: 3 (width² + width).
///
/// `docs/attention.md` says how this reads the formula
/// A = (1/Z) exp(W_Qᵀ V_K + W_Vᵀ W_Q V_Q) + I.
public struct AugmentedAttention: AttentionMechanism {
  /// `[width, width]` and `[width]`
  public let query: Linear
  /// `[width, width]` and `[width]`
  public let key: Linear
  /// `[width, width]` and `[width]`
  public let value: Linear

  /// Attention over positions of `width` channels.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(width >= 1, "AugmentedAttention: \(width) channels", file: file, line: line)
    query = Linear(inputs: width, outputs: width)
    key = Linear(inputs: width, outputs: width)
    value = Linear(inputs: width, outputs: width)
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor { difference(x) + x }

  /// - Returns: softmax(…) x, of the shape of `x`
  public func change(sequence x: Tensor) -> Tensor? { difference(x) }

  private func difference(_ x: Tensor) -> Tensor {
    scaledDotProductAttention(query: query(x), key: keyPlusValue(x), value: x)
  }

  /// The softmax part of A, without the identity.
  ///
  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: `[batch, positions, positions]`
  public func weights(sequence x: Tensor) -> Tensor? {
    attentionWeights(query: query(x), key: keyPlusValue(x))
  }

  /// As many as the maps that networks attend over have at most.
  public var mostPositions: Int? { AttentionHeads.mostPositions }

  /// K + V = X (W_K + W_V)ᵀ + (b_K + b_V)
  private func keyPlusValue(_ x: Tensor) -> Tensor {
    let graph = x.graph
    let weight = graph[key.weight] + graph[value.weight]
    guard let keyBias = key.bias, let valueBias = value.bias else { return x.linear(weight, nil) }
    return x.linear(weight, graph[keyBias] + graph[valueBias])
  }
}
