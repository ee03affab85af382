/// Which keys each query may see.
public enum AttentionMask {
  /// All of them.
  case none
  /// Query i sees keys 0…i. Queries and keys are the same positions.
  case causal
  /// Each item sees its first keys, as many as an int32 of shape `[batch]` says: sequences that were
  /// filled up to one length. A query of an item without keys gets zeros.
  case lengths(Tensor)
  /// A tensor that is added to the scores and broadcasts to `[batch…, queries, keys]`: 0 lets
  /// through, `AttentionMask.shutOut` shuts out. No gradient flows to it.
  case additive(Tensor)

  /// The number that shuts a key out when it is added to a score, or takes its place: far below any
  /// score, so that its exponential is 0, and finite, so that a row of nothing else is no NaN.
  public static let shutOut: Float = -1e30

  /// What the fused op takes, for scores with batch axes of a rank.
  func operand(batchRank: Int) -> (mask: Tensor?, masking: AttentionMasking) {
    switch self {
    case .none: (nil, .additive)
    case .causal: (nil, .causal)
    case .lengths(let lengths): (lengths.reshaped(Self.aligned(lengths, rank: batchRank)), .lengths)
    case .additive(let mask): (mask, .additive)
    }
  }

  /// `[batch]` → `[batch, 1, …]` of a rank.
  private static func aligned(_ lengths: Tensor, rank: Int) -> Shape {
    Shape(lengths.shape.sizes + [Int](repeating: 1, count: max(rank - lengths.shape.rank, 0)))
  }

  /// softmax of the scores of what may be seen; a query that sees nothing has zeros.
  ///
  /// - Parameters:
  ///   - scores: `[batch…, queries, keys]`
  ///   - firstQuery: the position of the first row.
  func softmax(_ scores: Tensor, firstQuery: Int = 0) -> Tensor {
    let graph = scores.graph
    let (queries, keys) = (scores.shape[-2], scores.shape[-1])
    let key = graph.constant(HostArray((0..<Int32(keys)).map { $0 }))  // [keys]
    switch self {
    case .none: return scores.softmax()
    case .additive(let mask): return (scores + mask).softmax()
    case .causal:
      let query = graph.constant(
        HostArray((0..<Int32(queries)).map { $0 + Int32(firstQuery) })
      ).reshaped([queries, 1])
      return key.lessOrEqual(to: query).select(scores, Self.shutOut).softmax()
    case .lengths(let lengths):
      let isSeen = key.less(
        than: lengths.reshaped(Self.aligned(lengths, rank: scores.shape.rank)))
      return isSeen.select(scores, Self.shutOut).softmax() * isSeen.cast(to: .float32)
    }
  }
}
