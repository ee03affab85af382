/// Y = X + L(X) W_Oᵀ + b_O,  L(X)ᵢ = φ(qᵢ)ᵀ Σⱼ φ(kⱼ) vⱼᵀ / φ(qᵢ)ᵀ Σⱼ φ(kⱼ),  φ(x) = elu(x) + 1
///
/// Attention whose cost grows with N instead of N²: sums over all positions serve every query.
/// Parameters: 4 (width² + width). Operations for N positions: 8 N width² + 4 N width², and about
/// 20 N width for φ. Shows A with Aᵢⱼ = φ(qᵢ)ᵀ φ(kⱼ) / Σⱼ, which is formed only when asked for.
///
/// Katharopoulos et al. 2020, "Transformers are RNNs", equations 5 and 7. Differs: one head, as φ
/// already separates channels.
public struct LinearAttention: AttentionMechanism {
  /// `[width, width]` and `[width]`
  public let query: Linear
  /// `[width, width]` and `[width]`
  public let key: Linear
  /// `[width, width]` and `[width]`
  public let value: Linear
  /// `[width, width]` and `[width]`
  public let output: Linear
  /// Whether each position sees only those before it and itself.
  public let isCausal: Bool

  /// Attention over positions of `width` channels.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, isCausal: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(width >= 1, "LinearAttention: \(width) channels", file: file, line: line)
    query = Linear(inputs: width, outputs: width)
    key = Linear(inputs: width, outputs: width)
    value = Linear(inputs: width, outputs: width)
    output = Linear(inputs: width, outputs: width)
    self.isCausal = isCausal
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor { x + difference(x) }

  /// - Returns: what is added to `x`, of its shape
  public func change(sequence x: Tensor) -> Tensor? { difference(x) }

  private func difference(_ x: Tensor) -> Tensor {
    let (queries, keys, values) = (query(x), key(x), value(x))
    linearAttentionWeights(query: queries, key: keys, isCausal: isCausal)
      .named(AttentionMark.weights)
    values.named(AttentionMark.values)
    return output(
      linearAttention(query: queries, key: keys, value: values, isCausal: isCausal)
        .named(AttentionMark.attended))
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: `[batch, positions, positions]`
  public func weights(sequence x: Tensor) -> Tensor? {
    linearAttentionWeights(query: query(x), key: key(x), isCausal: isCausal)
  }
}

/// φ(Q) (φ(K)ᵀ V) / φ(Q) Σ φ(K), with φ(x) = elu(x) + 1: linear in the number of keys.
///
/// The causal form works in chunks of 64 positions: within a chunk the small matrix of scores is
/// formed, what lies before it comes from a sum that grows from chunk to chunk.
///
/// - Parameters:
///   - query: `[batch…, queries, headSize]`
///   - key:   `[batch…, keys, headSize]`
///   - value: `[batch…, keys, valueSize]`
///   - isCausal: whether query i sees keys 0…i only; then there are as many queries as keys.
/// - Returns: `[batch…, queries, valueSize]`
///
/// Katharopoulos et al. 2020, equations 5, 7 and 8.
public func linearAttention(
  query: Tensor, key: Tensor, value: Tensor, isCausal: Bool = false
) -> Tensor {
  let (q, k) = (feature(query), feature(key))
  // A column of ones behind the values: the same products give the denominator.
  let ones = value.graph.constant(1).broadcast(to: Shape(value.shape.sizes.dropLast() + [1]))
  let extended = Tensor.concatenate([value, ones], axis: -1)
  let sums =
    isCausal
    ? causalSums(q, k, extended) : q.matmul(k.matmul(extended, transposingLeft: true))
  let size = value.shape[-1]
  return sums.slice(axis: -1, 0..<size) / sums.slice(axis: -1, size..<(size + 1))
}

/// φ(Q) φ(K)ᵀ, each row divided by its sum: what `linearAttention` weighs values by.
///
/// - Returns: `[batch…, queries, keys]`
func linearAttentionWeights(query: Tensor, key: Tensor, isCausal: Bool) -> Tensor {
  var scores = feature(query).matmul(feature(key), transposingRight: true)
  if isCausal { scores = scores * lowerTriangle(scores.graph, key.shape[-2]) }
  return scores / scores.sum(axes: [-1], keepingAxes: true)
}

/// elu(x) + 1, which is x + 1 above 0 and eˣ below.
private func feature(_ x: Tensor) -> Tensor { x.relu() + (-(-x).relu()).exp() }

/// 1 on and below the diagonal, shifted down by `offset`, else 0.
private func lowerTriangle(_ graph: Graph, _ size: Int, offset: Int = 0) -> Tensor {
  let places = graph.constant(HostArray((0..<Int32(size)).map { $0 }))
  let rows = graph.constant(HostArray((0..<Int32(size)).map { $0 - Int32(offset) }))
  return places.lessOrEqual(to: rows.reshaped([size, 1])).cast(to: .float32)
}

/// Σ over j ≤ i of (qᵢ · kⱼ) vⱼ, for q, k `[batch…, positions, headSize]`.
private func causalSums(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> Tensor {
  let batch = Array(q.shape.sizes.dropLast(2))
  let positions = q.shape[-2]
  let chunk = min(64, positions)
  let chunks = (positions + chunk - 1) / chunk
  func chunked(_ x: Tensor) -> Tensor {
    var after = [Int](repeating: 0, count: x.shape.rank)
    after[x.shape.rank - 2] = chunks * chunk - positions
    let full =
      chunks * chunk == positions
      ? x : x.padded(before: [Int](repeating: 0, count: x.shape.rank), after: after)
    return full.reshaped(Shape(batch + [chunks, chunk, x.shape[-1]]))
  }
  let (queries, keys, values) = (chunked(q), chunked(k), chunked(v))
  let graph = q.graph
  let within = queries.matmul(keys, transposingRight: true) * lowerTriangle(graph, chunk)
  var sums = within.matmul(values)
  if chunks > 1 {
    // [batch…, chunks, headSize, valueSize]: what each chunk adds, then what all before it added.
    let added = keys.matmul(values, transposingLeft: true)
    let flat = added.reshaped(Shape(batch + [chunks, added.shape[-2] * added.shape[-1]]))
    let before = lowerTriangle(graph, chunks, offset: 1)
      .broadcast(to: Shape(batch + [chunks, chunks])).matmul(flat)
    sums = sums + queries.matmul(before.reshaped(added.shape))
  }
  return sums.reshaped(Shape(batch + [chunks * chunk, v.shape[-1]]))
    .slice(axis: -2, 0..<positions)
}
