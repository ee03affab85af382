package import FoveaKernels

/// Causal attention of some positions to those in a cache and to one another; adds their keys and
/// values to the cache.
///
/// Inputs: queries, keys and values one behind the other, `[1, positions, 3 · heads · headSize]`; the
/// caches of keys and of values, variables `[heads, capacity, headSize]`; how many positions they
/// hold, int32 `[1]`. Result: `[1, positions, heads · headSize]`.
package struct CachedAttention: Op {
  package static let name = "cachedAttention"
  package static let differentiability = Differentiability.constant

  package init() {}

  package var updatedInputs: [Int] { [1, 2] }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let (parts, keys) = (inputs[0], inputs[1])
    for input in inputs.prefix(3) { try input.requireFloat(Self.name) }
    try parts.requireRank(3, Self.name, "[1, positions, 3 · width]")
    try keys.requireRank(3, Self.name, "a cache [heads, capacity, headSize]")
    guard inputs[2] == keys else {
      throw ShapeError(Self.name, "keys \(keys) and values \(inputs[2]) are not alike")
    }
    let width = keys.shape[0] * keys.shape[2]
    guard parts.shape[0] == 1, parts.shape[2] == 3 * width, parts.shape[1] <= keys.shape[1] else {
      throw ShapeError(Self.name, "\(parts) does not fit the cache \(keys)")
    }
    guard inputs[3].elementType == .int32, inputs[3].shape.elementCount == 1 else {
      throw ShapeError(Self.name, "needs one int32 place, not \(inputs[3])")
    }
    return [ArrayType([1, parts.shape[1], width])]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let cache = inputs[1].type.shape
    return .kernel(
      CachedAttentionKernel(
        positions: inputs[0].type.shape[1], heads: cache[0], headSize: cache[2],
        capacity: cache[1]
      ).make(threads: threads))
  }

  /// As if the cache were full.
  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    4 * results[0].shape.elementCount * inputs[1].shape[1]
  }
}

extension Tensor {
  /// softmax(Q [K_cache; K]ᵀ / √headSize) [V_cache; V], each position seeing those before it and
  /// itself, where `self` holds Q, K and V of the positions behind those in the cache.
  ///
  /// Adds K and V to the cache, for the next run. Vaswani et al. 2017, equation 1.
  ///
  /// - Parameters:
  ///   - keys: a variable, `[heads, capacity, headSize]`.
  ///   - values: a variable, `[heads, capacity, headSize]`.
  ///   - place: how many positions the cache holds, int32 `[1]`; where the new ones do not fit behind
  ///     them the run fails.
  /// - Returns: `[1, positions, heads · headSize]` for `self` `[1, positions, 3 · heads · headSize]`.
  ///   Not differentiable.
  package func cachedAttention(keys: Tensor, values: Tensor, place: Tensor) -> Tensor {
    graph.apply(CachedAttention(), [self, keys, values, place])[0]
  }
}
