/// Attention(Q, K, V) = softmax(Q Kᵀ / √headSize + mask) V
///
/// Never holds the matrix of scores: it is computed tile by tile, in training once more for the
/// gradient; tiles that a causal mask or lengths shut out are skipped. Marks in the graph what it
/// attends to, for explanations: see `AttentionMark`.
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
  let (operand, masking) = mask.operand(batchRank: query.shape.rank - 2)
  return query.attention(
    key: key, value: value, mask: operand, masking: masking, scale: scale, file: file, line: line
  ).named(AttentionMark.attended)
}

/// The attention of a sequence to itself, from queries, keys and values that one product made:
/// `scaledDotProductAttention(query:key:value:mask:)` without a copy of each head.
///
/// - Parameter packed: `[3, batch, heads, positions, headSize]`
/// - Returns: `[batch, heads, positions, headSize]`
func selfAttention(_ packed: Tensor, mask: AttentionMask) -> Tensor {
  let parts = AttentionHeads.parts(packed)
  attentionWeights(query: parts[0], key: parts[1], mask: mask).named(AttentionMark.weights)
  parts[2].named(AttentionMark.values)
  let (operand, masking) = mask.operand(batchRank: packed.shape.rank - 3)
  return packed.packedAttention(mask: operand, masking: masking).named(AttentionMark.attended)
}

/// softmax(Q Kᵀ / √headSize + mask): what each query attends to. Each row sums to 1.
///
/// - Parameters:
///   - query: `[batch…, queries, headSize]`
///   - key:   `[batch…, keys, headSize]`
///   - mask: which keys each query may see.
///   - scale: the factor on Q Kᵀ; 1 / √headSize where not given.
///   - rows: which queries are wanted, all where not given; the others cost nothing.
/// - Returns: `[batch…, rows, keys]`
///
/// Vaswani et al. 2017, equation 1.
public func attentionWeights(
  query: Tensor, key: Tensor, mask: AttentionMask = .none, scale: Float? = nil,
  rows: Range<Int>? = nil, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let scale = scale ?? 1 / Float(query.shape[-1]).squareRoot()
  let wanted = rows.map { query.slice(axis: -2, $0, file: file, line: line) } ?? query
  let scores = wanted.matmul(key, transposingRight: true, file: file, line: line) * scale
  return mask.rows(rows, of: query.shape[-2]).softmax(scores, firstQuery: rows?.lowerBound ?? 0)
}

extension AttentionMask {
  /// The mask for some of the queries.
  fileprivate func rows(_ rows: Range<Int>?, of queries: Int) -> AttentionMask {
    guard let rows, case .additive(let mask) = self, mask.shape.rank >= 2,
      mask.shape[-2] == queries, queries > 1
    else { return self }
    return .additive(mask.slice(axis: -2, rows))
  }
}
