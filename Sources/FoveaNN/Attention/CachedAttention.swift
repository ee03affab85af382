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

/// A model of language that goes on with a text.
package protocol GenerativeModel: Module {
  /// Tokens that are known.
  var vocabulary: Int { get }
  /// Positions that are seen together at most.
  var length: Int { get }

  /// - Parameter x: int32 `[1, positions]`
  /// - Returns: logits of what comes next behind each position, `[1, positions, vocabulary]`
  func callAsFunction(_ x: Tensor) -> Tensor

  /// Adds some positions to a text whose keys and values are in a cache.
  ///
  /// - Parameters:
  ///   - x: int32 `[1, positions]`
  ///   - position: how many positions the cache holds, int32 `[1]`.
  ///   - row: of which of the new positions the logits are wanted, int32 `[1]`.
  ///   - capacity: positions that fit into the cache.
  /// - Returns: logits of what comes next, `[1, vocabulary]`
  func next(_ x: Tensor, position: Tensor, row: Tensor, capacity: Int) -> Tensor
}

extension GPT: GenerativeModel {
  package var vocabulary: Int { options.vocabulary }

  package var length: Int { options.length }

  package func next(_ x: Tensor, position: Tensor, row: Tensor, capacity: Int) -> Tensor {
    let places = KeyValueCache.places(position, count: x.shape[1])
    let states = layers.cached(
      tokens(x) + x.graph[positions].gather(places), position: position, capacity: capacity)
    return tokens.logits(norm(states.gather(row)))
  }
}
