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
/// Inputs: query, key and value, or one array `[3, batch…, positions, headSize]` of all three; mask
/// or lengths if any. Results: `[batch…, queries, valueSize]` and the log-sum-exp of each row of
/// scores, `[batch…, queries]`, for the gradient.
package struct ScaledDotProductAttention: Op {
  package static let name = "attention"
  package let setting: AttentionSetting

  package init(setting: AttentionSetting) { self.setting = setting }

  package var settings: String { setting.description }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let parts = setting.parts(inputs)
    let extra = setting.extra(inputs)
    for input in parts { try input.requireFloat(Self.name) }
    if let extra, setting.masking != .lengths { try extra.requireFloat(Self.name) }
    if setting.isPacked, inputs[0].shape.rank < 3 || inputs[0].shape[0] != 3 {
      throw ShapeError(
        Self.name, "needs [3, batch…, positions, headSize], not shape \(inputs[0].shape)")
    }
    let (query, key, value) = (parts[0].shape, parts[1].shape, parts[2].shape)
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
    try check(extra, query: query, keys: key[-2])
    return [
      ArrayType(try Shape(checking: query.sizes.dropLast() + [value[-1]])),
      ArrayType(Shape(query.sizes.dropLast())),
    ]
  }

  private func check(_ extra: ArrayType?, query: Shape, keys: Int) throws(ShapeError) {
    switch setting.masking {
    case .causal: break
    case .lengths:
      let batch = Shape(Array(query.sizes.dropLast(2)))
      guard let extra, extra.elementType == .int32,
        try extra.shape.broadcast(with: batch, in: Self.name) == batch
      else {
        throw ShapeError(
          Self.name,
          "needs int32 lengths that broadcast to the batch axes \(batch), not "
            + "\(extra.map { "\($0)" } ?? "none")")
      }
    case .additive:
      guard let mask = extra else { return }
      let scores = Shape(query.sizes.dropLast() + [keys])
      guard try mask.shape.broadcast(with: scores, in: Self.name) == scores else {
        throw ShapeError(
          Self.name, "mask \(mask.shape) does not broadcast to the scores \(scores)")
      }
    }
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    require(
      request.upstream[1] == nil, "attention: there is no gradient through the log-sum-exp")
    guard let dy = request.upstream[0] else { return request.inputs.map { _ in nil } }
    let gradients = dy.graph.apply(
      ScaledDotProductAttentionGradient(setting: setting), [dy] + request.inputs + request.results)
    return gradients + request.inputs.dropFirst(setting.partCount).map { _ in nil }
  }

  /// Reads heads where they lie; the result lies as the queries do.
  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    let inputs = setting.inputLayouts(inputs)
    return LayoutChoice(
      inputs: inputs,
      results: [setting.layout(of: results[0], like: inputs[0]), .rowMajor(results[1])])
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(setting.description(inputs, result: results[0]).forward(threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let parts = setting.parts(inputs)
    let (query, value) = (parts[0].shape, parts[2].shape)
    return 2 * setting.seenPairs(query, value) * (query[-1] + value[-1])
  }
}

/// The gradients of query, key and value; the scores are computed again, tile by tile.
///
/// Inputs: gradient of the result, the inputs and the results of the attention. Results: as many
/// gradients as there are arrays of queries, keys and values.
package struct ScaledDotProductAttentionGradient: Op {
  package static let name = "attentionGradient"
  package static let differentiability = Differentiability.undefined
  package let setting: AttentionSetting

  package init(setting: AttentionSetting) { self.setting = setting }

  package var settings: String { setting.description }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    Array(inputs[1...setting.partCount])
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    let attended = setting.inputLayouts(Array(inputs.dropFirst().dropLast(2)))
    let result = setting.layout(of: inputs[inputs.count - 2].type, like: attended[0])
    let dy = AttentionDescription.isAccepted(inputs[0]) ? inputs[0] : .rowMajor(inputs[0].type)
    return LayoutChoice(
      inputs: [dy] + attended + [result, .rowMajor(inputs[inputs.count - 1].type)],
      results: Array(attended.prefix(setting.partCount)))
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let attended = Array(inputs.dropFirst().dropLast(2))
    return .kernel(
      setting.description(attended, result: inputs[inputs.count - 2])
        .backward(upstream: inputs[0], threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let parts = setting.parts(Array(inputs.dropFirst()))
    let (query, value) = (parts[0].shape, parts[2].shape)
    return 2 * setting.seenPairs(query, value) * (3 * query[-1] + 2 * value[-1])
  }
}

/// What an attention and its gradient are told.
package struct AttentionSetting: Hashable, Sendable {
  /// The factor on Q Kᵀ.
  package let scale: Float
  package let masking: AttentionMasking
  /// Whether queries, keys and values are one array.
  package let isPacked: Bool

  package init(scale: Float, masking: AttentionMasking = .additive, isPacked: Bool = false) {
    self.scale = scale
    self.masking = masking
    self.isPacked = isPacked
  }

  fileprivate var description: String {
    "scale: \(scale)" + (masking == .additive ? "" : ", \(masking.rawValue)")
      + (isPacked ? ", packed" : "")
  }

  /// Arrays that queries, keys and values come in.
  fileprivate var partCount: Int { isPacked ? 1 : 3 }

  /// The types of query, key and value.
  fileprivate func parts(_ inputs: [ArrayType]) -> [ArrayType] {
    guard isPacked else { return Array(inputs.prefix(3)) }
    let part = ArrayType(Shape(Array(inputs[0].shape.sizes.dropFirst())), inputs[0].elementType)
    return [part, part, part]
  }

  /// The mask or the lengths.
  fileprivate func extra(_ inputs: [ArrayType]) -> ArrayType? {
    inputs.count > partCount ? inputs[partCount] : nil
  }

  /// The layouts in which the kernel takes an attention's inputs: as they are if it can read them.
  fileprivate func inputLayouts(_ inputs: [Layout]) -> [Layout] {
    inputs.enumerated().map { index, layout in
      index < partCount && AttentionDescription.isAccepted(layout) ? layout : .rowMajor(layout.type)
    }
  }

  /// A result's layout with the order of axes that the queries have.
  fileprivate func layout(of type: ArrayType, like queries: Layout) -> Layout {
    var order = queries.order ?? []
    if isPacked { order = order.filter { $0 > 0 }.map { $0 - 1 } }
    guard order.count == type.shape.rank, order.last == type.shape.rank - 1 else {
      return .rowMajor(type)
    }
    return .ordered(type, axes: order)
  }

  fileprivate func description(_ inputs: [Layout], result: Layout) -> AttentionDescription {
    let extra = self.extra(inputs.map(\.type))?.shape
    let visibility: AttentionVisibility =
      switch masking {
      case .additive: .all
      case .causal: .causal
      case .lengths: .lengths(extra ?? [])
      }
    let mask = masking == .additive ? extra : nil
    return isPacked
      ? AttentionDescription(
        packed: inputs[0], result: result, mask: mask, scale: scale, visibility: visibility)
      : AttentionDescription(
        query: inputs[0], key: inputs[1], value: inputs[2], result: result, mask: mask,
        scale: scale, visibility: visibility)
  }

  /// How many pairs of query and key there are to compute, over all batch axes. Lengths are not
  /// known before a run, so all keys count.
  fileprivate func seenPairs(_ query: Shape, _ value: Shape) -> Int {
    let groups = query.sizes.dropLast(2).reduce(1, *)
    let (queries, keys) = (query[-2], value[-2])
    guard masking == .causal else { return groups * queries * keys }
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
    let setting = AttentionSetting(scale: scale, masking: masking)
    return graph.apply(
      ScaledDotProductAttention(setting: setting), inputs, file: file, line: line)[0]
  }

  /// softmax(Q Kᵀ / √headSize + mask) V, where `self` holds Q, K and V one behind the other and is
  /// read where a product left them: no head is copied.
  ///
  /// - Parameters:
  ///   - mask: as in `attention(key:value:mask:masking:scale:)`.
  ///   - masking: what the mask means.
  /// - Returns: `[batch…, positions, headSize]` for `self` `[3, batch…, positions, headSize]`.
  ///   Differentiable. Vaswani et al. 2017, equation 1.
  package func packedAttention(
    mask: Tensor? = nil, masking: AttentionMasking = .additive, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let setting = AttentionSetting(
      scale: 1 / Float(shape.sizes.last ?? 1).squareRoot(), masking: masking, isPacked: true)
    let inputs = [self] + (mask.map { [$0] } ?? [])
    return graph.apply(
      ScaledDotProductAttention(setting: setting), inputs, file: file, line: line)[0]
  }
}
