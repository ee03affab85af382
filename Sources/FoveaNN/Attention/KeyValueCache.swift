/// Keys and values of positions that have been seen, so that each next one costs a row and not all.
struct KeyValueCache {
  /// The layer's number, by which its variables are called.
  let layer: Int
  /// Positions that fit.
  let capacity: Int
  /// How many are there, int32 `[1]`: where the next ones are written.
  let position: Tensor

  /// `[heads, capacity, headSize]`
  func variable(_ name: String, heads: Int, headSize: Int) -> Tensor {
    position.graph.variable(
      "cache.\(capacity).\(layer).\(name)", ArrayType([heads, capacity, headSize]))
  }
}

extension MultiHeadAttention {
  /// Causal attention of some positions to those in a cache and to one another; adds them to the
  /// cache.
  ///
  /// - Parameter x: `[1, positions, width]`
  /// - Returns: the same shape
  func cached(_ x: Tensor, _ cache: KeyValueCache) -> Tensor {
    let headSize = x.shape[2] / heads
    return output(
      qkv(x).cachedAttention(
        keys: cache.variable("keys", heads: heads, headSize: headSize),
        values: cache.variable("values", heads: heads, headSize: headSize),
        place: cache.position))
  }
}

extension KeyValueCache {
  /// The places of new positions behind those that a cache holds, int32 `[count]`.
  static func places(_ position: Tensor, count: Int) -> Tensor {
    let steps = position.graph.constant(HostArray((0..<Int32(count)).map { Float($0) }))
    return (position.cast(to: .float32) + steps).cast(to: .int32)
  }
}

extension [TransformerLayer] {
  /// All layers over some new positions, with a cache of those before.
  ///
  /// - Parameter x: `[1, positions, width]`
  /// - Returns: `[positions, width]`
  func cached(_ x: Tensor, position: Tensor, capacity: Int) -> Tensor {
    var y = x
    for (number, layer) in enumerated() {
      guard let attention = layer.attention as? MultiHeadAttention else {
        fatalError("cache: only multi-head attention has one")
      }
      let cache = KeyValueCache(layer: number, capacity: capacity, position: position)
      y = layer.attended(y) { attention.cached($0, cache) }
    }
    return y.reshaped([x.shape[1], x.shape[2]])
  }
}
