/// Keys and values of positions that have been seen, so that each next one costs a row and not all.
struct KeyValueCache {
  /// The layer's number, by which its variables are called.
  let layer: Int
  /// Positions that fit.
  let capacity: Int
  /// How many are there, int32 `[1]`: where the next ones are written.
  let position: Tensor

  /// `[1, heads, capacity, headSize]`
  func variable(_ name: String, like part: Tensor) -> Tensor {
    position.graph.variable(
      "cache.\(capacity).\(layer).\(name)", ArrayType([1, part.shape[1], capacity, part.shape[3]]))
  }
}

extension MultiHeadAttention {
  /// Causal attention of some positions to those in a cache and to one another; adds them to the
  /// cache.
  ///
  ///     softmax([Q K_cacheᵀ, Q Kᵀ] / √headSize) [V_cache; V]
  ///
  /// The parts are multiplied apart: nothing of the cache is copied.
  ///
  /// - Parameter x: `[1, positions, width]`
  /// - Returns: the same shape
  func cached(_ x: Tensor, _ cache: KeyValueCache) -> Tensor {
    let graph = x.graph
    let parts = AttentionHeads.parts(projections(x))  // each [1, heads, positions, headSize]
    let (query, key, value) = (parts[0], parts[1], parts[2])
    let (count, capacity) = (query.shape[2], cache.capacity)
    let scale = 1 / Float(query.shape[3]).squareRoot()
    let keys = cache.variable("keys", like: key)
    let values = cache.variable("values", like: value)

    let places = graph.constant(HostArray((0..<Int32(capacity)).map { $0 }))
    let isSeen = places.less(than: cache.position)  // [capacity]
    let past = isSeen.select(
      query.matmul(keys, transposingRight: true) * scale, AttentionMask.shutOut)
    var present = query.matmul(key, transposingRight: true) * scale
    if count > 1 { present = present + graph.constant(Self.causal(count)) }
    let weights = Tensor.concatenate([past, present], axis: -1).softmax()
    let attended =
      weights.slice(axis: -1, 0..<capacity).matmul(values)
      + weights.slice(axis: -1, capacity..<(capacity + count)).matmul(value)

    keys.writeSlices(key, at: cache.position, axis: 2)
    values.writeSlices(value, at: cache.position, axis: 2)
    return output(AttentionHeads.joined(attended))
  }

  /// 0 up to the diagonal, what shuts out above it.
  private static func causal(_ count: Int) -> HostArray {
    HostArray(
      [count, count],
      (0..<(count * count)).map { $0 % count > $0 / count ? AttentionMask.shutOut : 0 })
  }
}

extension GPT {
  /// Adds some positions to a text whose keys and values are in a cache.
  ///
  /// - Parameters:
  ///   - x: int32 `[1, positions]`
  ///   - position: how many positions the cache holds, int32 `[1]`.
  ///   - row: of which of the new positions the logits are wanted, int32 `[1]`.
  ///   - capacity: positions that fit into the cache.
  /// - Returns: logits of what comes next, `[1, vocabulary]`
  package func next(_ x: Tensor, position: Tensor, row: Tensor, capacity: Int) -> Tensor {
    let count = x.shape[1]
    let steps = x.graph.constant(HostArray((0..<Int32(count)).map { Float($0) }))
    let places = (position.cast(to: .float32) + steps).cast(to: .int32)  // [positions]
    var y = tokens(x) + x.graph[positions].gather(places)
    for (number, layer) in layers.enumerated() {
      guard let attention = layer.attention as? MultiHeadAttention else {
        fatalError("gpt: only multi-head attention has a cache")
      }
      let cache = KeyValueCache(layer: number, capacity: capacity, position: position)
      y = layer.attended(y) { attention.cached($0, cache) }
    }
    let last = y.reshaped([count, options.width]).gather(row)  // [1, width]
    return tokens.logits(norm(last))
  }
}
