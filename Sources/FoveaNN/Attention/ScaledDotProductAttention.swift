/// Which keys each query may see.
public enum AttentionMask {
  /// All of them.
  case none
  /// A tensor that is added to the scores and broadcasts to `[batch…, queries, keys]`: 0 lets
  /// through, −∞ (or a very large negative number) shuts out. No gradient flows to it.
  case additive(Tensor)

  fileprivate var tensor: Tensor? {
    switch self {
    case .none: nil
    case .additive(let mask): mask
    }
  }
}

/// Attention(Q, K, V) = softmax(Q Kᵀ / √headSize + mask) V
///
/// Never holds the matrix of scores: it is computed tile by tile, in training once more for the
/// gradient. Marks in the graph what it attends to, for explanations: see `AttentionMark`.
///
/// - Parameters:
///   - query: `[batch…, queries, headSize]`
///   - key:   `[batch…, keys, headSize]`
///   - value: `[batch…, keys, valueSize]`
///   - mask: which keys each query may see.
///   - scale: the factor on Q Kᵀ; 1 / √headSize where not given.
/// - Returns: `[batch…, queries, valueSize]`
///
/// Vaswani et al. 2017, equation 1.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: AttentionMask = .none, scale: Float? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  attentionWeights(query: query, key: key, mask: mask, scale: scale, file: file, line: line)
    .named(AttentionMark.weights)
  value.named(AttentionMark.values)
  return query.attention(
    key: key, value: value, mask: mask.tensor, scale: scale, file: file, line: line
  ).named(AttentionMark.attended)
}

/// softmax(Q Kᵀ / √headSize + mask): what each query attends to. Each row sums to 1.
///
/// - Parameters:
///   - query: `[batch…, queries, headSize]`
///   - key:   `[batch…, keys, headSize]`
///   - mask: which keys each query may see.
///   - scale: the factor on Q Kᵀ; 1 / √headSize where not given.
/// - Returns: `[batch…, queries, keys]`
///
/// Vaswani et al. 2017, equation 1.
public func attentionWeights(
  query: Tensor, key: Tensor, mask: AttentionMask = .none, scale: Float? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let scale = scale ?? 1 / Float(query.shape[-1]).squareRoot()
  let scores = query.matmul(key, transposingRight: true, file: file, line: line) * scale
  return (mask.tensor.map { scores + $0 } ?? scores).softmax()
}
