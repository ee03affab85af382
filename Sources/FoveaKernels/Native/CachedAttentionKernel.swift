import CKernels
import FoveaArray

/// Causal attention of some positions to those in a cache, which then holds them too.
package struct CachedAttentionKernel {
  package let positions: Int
  package let heads: Int
  package let headSize: Int
  /// Positions that fit into the cache.
  package let capacity: Int

  package init(positions: Int, heads: Int, headSize: Int, capacity: Int) {
    self.positions = positions
    self.heads = heads
    self.headSize = headSize
    self.capacity = capacity
  }

  /// Operands, row-major: queries, keys and values `[positions, 3, heads, headSize]`; the caches of
  /// keys and of values `[heads, capacity, headSize]`; how many positions they hold, int32; result
  /// `[positions, heads, headSize]`.
  package func make(threads: Int) -> NativeKernel {
    // Each thread's floats are a multiple of a vector of 64 bytes.
    let floats = (capacity + 15) / 16 * 16
    return NativeKernel("cachedAttention", scratchBytes: 4 * threads * floats) {
      operands, scratch in
      var call = fovea_cached_attention(
        positions: Int64(positions), heads: Int64(heads), head_size: Int64(headSize),
        capacity: Int64(capacity), scale: 1 / Float(headSize).squareRoot(),
        parts: operands[0].elements(), place: operands[3].elements(),
        keys: operands[1].elements(), values: operands[2].elements(),
        result: operands[4].elements())
      return { () throws(KernelError) in
        guard fovea_cached_attend(&call, Int32(threads), scratch.elements()) == 0 else {
          throw KernelError(
            "cachedAttention: \(positions) positions behind \(call.place.pointee) do not fit into "
              + "\(capacity)")
        }
      }
    }
  }
}
