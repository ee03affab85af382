package import FoveaKernels

/// Which keys each query of an attention op sees.
package enum AttentionMasking: String, Hashable, Sendable {
  /// All of them; a fourth input, if there is one, is added to the scores.
  case additive
  /// Query i sees keys 0…i.
  case causal
  /// The fourth input says how many keys each item has.
  case lengths
}

/// softmax(scale · Q Kᵀ + mask) V without the matrix of scores in memory.
///
/// Inputs: query, key, value, mask or lengths if any. Results: `[batch…, queries, valueSize]` and the
/// log-sum-exp of each row of scores, `[batch…, queries]`, for the gradient.
package struct ScaledDotProductAttention: Op {
  package static let name = "attention"
  package let scale: Float
  package let masking: AttentionMasking

  package init(scale: Float, masking: AttentionMasking = .additive) {
    self.scale = scale
    self.masking = masking
  }

  package var settings: String { masking.settings(scale) }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    for input in inputs.prefix(masking == .lengths ? 3 : 4) { try input.requireFloat(Self.name) }
    let query = inputs[0].shape
    let key = inputs[1].shape
    let value = inputs[2].shape
    guard query.rank >= 2, key.rank == query.rank, value.rank == query.rank,
      query.sizes.dropLast(2) == key.sizes.dropLast(2),
      key.sizes.dropLast() == value.sizes.dropLast()
    else {
      throw ShapeError(
        Self.name,
        "query \(query), key \(key) and value \(value) do not belong together: batch axes are "
          + "equal, keys and values are as many")
    }
    guard query[-1] == key[-1] else {
      throw ShapeError(
        Self.name, "query \(query) and key \(key) have head sizes \(query[-1]) and \(key[-1])")
    }
    guard key[-2] > 0 else { throw ShapeError(Self.name, "there are no keys: \(key)") }
    switch masking {
    case .causal: break
    case .lengths:
      let batch = Shape(Array(query.sizes.dropLast(2)))
      guard inputs.count > 3, inputs[3].elementType == .int32,
        try inputs[3].shape.broadcast(with: batch, in: Self.name) == batch
      else {
        throw ShapeError(
          Self.name,
          "needs int32 lengths that broadcast to the batch axes \(batch), not "
            + "\(inputs.count > 3 ? "\(inputs[3])" : "none")")
      }
    case .additive where inputs.count > 3:
      let scores = Shape(query.sizes.dropLast() + [key[-2]])
      guard try inputs[3].shape.broadcast(with: scores, in: Self.name) == scores else {
        throw ShapeError(
          Self.name, "mask \(inputs[3].shape) does not broadcast to the scores \(scores)")
      }
    case .additive: break
    }
    return [
      ArrayType(Shape(query.sizes.dropLast() + [value[-1]])),
      ArrayType(Shape(query.sizes.dropLast())),
    ]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    precondition(
      request.upstream[1] == nil, "attention: there is no gradient through the log-sum-exp")
    guard let dy = request.upstream[0] else { return request.inputs.map { _ in nil } }
    let gradients = dy.graph.apply(
      ScaledDotProductAttentionGradient(scale: scale, masking: masking),
      [dy] + request.inputs + request.results)
    return gradients + request.inputs.dropFirst(3).map { _ in nil }
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try description(inputs.map(\.type.shape), scale, masking).forward(threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let (query, value) = (inputs[0].shape, inputs[2].shape)
    return 2 * masking.seenPairs(query, value) * (query[-1] + value[-1])
  }
}

/// The gradients of query, key and value; the scores are computed again, tile by tile.
///
/// Inputs: gradient of the result, query, key, value, mask if any, result, log-sum-exp.
package struct ScaledDotProductAttentionGradient: Op {
  package static let name = "attentionGradient"
  package static let differentiability = Differentiability.undefined
  package let scale: Float
  package let masking: AttentionMasking

  package init(scale: Float, masking: AttentionMasking = .additive) {
    self.scale = scale
    self.masking = masking
  }

  package var settings: String { masking.settings(scale) }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [inputs[1], inputs[2], inputs[3]]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let shapes = inputs.dropFirst().dropLast(2).map(\.type.shape)
    return .kernel(try description(shapes, scale, masking).backward(threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let (query, value) = (inputs[1].shape, inputs[3].shape)
    return 2 * masking.seenPairs(query, value) * (3 * query[-1] + 2 * value[-1])
  }
}

private func description(
  _ shapes: [Shape], _ scale: Float, _ masking: AttentionMasking
) -> AttentionDescription {
  let extra = shapes.count > 3 ? shapes[3] : nil
  let visibility: AttentionVisibility =
    switch masking {
    case .additive: .all
    case .causal: .causal
    case .lengths: .lengths(extra ?? [])
    }
  return AttentionDescription(
    query: shapes[0], key: shapes[1], value: shapes[2], mask: masking == .additive ? extra : nil,
    scale: scale, visibility: visibility)
}

extension AttentionMasking {
  fileprivate func settings(_ scale: Float) -> String {
    "scale: \(scale)" + (self == .additive ? "" : ", \(rawValue)")
  }

  /// How many pairs of query and key there are to compute, over all batch axes. Lengths are not
  /// known before a run, so all keys count.
  fileprivate func seenPairs(_ query: Shape, _ value: Shape) -> Int {
    let groups = query.sizes.dropLast(2).reduce(1, *)
    let (queries, keys) = (query[-2], value[-2])
    guard self == .causal else { return groups * queries * keys }
    let rising = min(queries, keys)
    return groups * (rising * (rising + 1) / 2 + (queries - rising) * keys)
  }
}

extension Tensor {
  /// softmax(scale · Q Kᵀ + mask) V, where `self` is Q, without the matrix of scores in memory.
  ///
  /// - Parameters:
  ///   - key: `[batch…, keys, headSize]`
  ///   - value: `[batch…, keys, valueSize]`
  ///   - mask: added to the scores; broadcasts to `[batch…, queries, keys]`, no gradient. With
  ///     `lengths`, how many keys each item has: int32, broadcasts to `[batch…]`. A query that sees
  ///     no key gets zeros.
  ///   - masking: what the mask means.
  ///   - scale: 1 / √headSize where not given.
  /// - Returns: `[batch…, queries, valueSize]` for `self` `[batch…, queries, headSize]`.
  ///   Differentiable in query, key and value. Vaswani et al. 2017, equation 1.
  package func attention(
    key: Tensor, value: Tensor, mask: Tensor? = nil, masking: AttentionMasking = .additive,
    scale: Float? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let scale = scale ?? 1 / Float(shape.sizes.last ?? 1).squareRoot()
    let inputs = [self, key, value] + (mask.map { [$0] } ?? [])
    return graph.apply(
      ScaledDotProductAttention(scale: scale, masking: masking), inputs, file: file, line: line)[0]
  }
}
