import CKernels
package import FoveaArray

/// Which keys each query of an attention sees. What a query sees begins with the first key.
package enum AttentionVisibility: Hashable, Sendable {
  /// All keys.
  case all
  /// Query i sees keys 0…i.
  case causal
  /// Each item sees as many keys as an int32 of this shape, which broadcasts to `[batch…]`, says.
  case lengths(Shape)

  var lengths: Shape? {
    if case .lengths(let shape) = self { shape } else { nil }
  }
}

/// softmax(scale · Q Kᵀ + mask) V, tile by tile, and its gradient.
///
/// Neither pass holds more than one tile of the matrix of scores a thread: the forward pass keeps
/// the running maximum and sum of each row (Milakov and Gimelshein 2018), the backward pass
/// computes the tiles again from the rows' log-sum-exp (Dao et al. 2022, algorithm 4).
///
/// Arrays may lie in any order of axes as long as the last one is innermost, so that heads are read
/// out of a product's result, and written into the next one's input, where they lie. Queries, keys
/// and values may also be one array, `[3, batch…, positions, headSize]`.
package struct AttentionDescription: Sendable {
  /// `[batch…, queries, headSize]`.
  package var query: Layout
  /// `[batch…, keys, headSize]`.
  package var key: Layout
  /// `[batch…, keys, valueSize]`.
  package var value: Layout
  /// `[batch…, queries, valueSize]`.
  package var result: Layout
  /// Broadcasts to `[batch…, queries, keys]`; `nil` for no mask.
  package var mask: Shape?
  /// The factor on Q Kᵀ.
  package var scale: Float
  /// Which keys each query sees, beside the mask; tiles that nobody sees are left out.
  package var visibility: AttentionVisibility
  /// Floats from the queries to the keys and from the keys to the values in one array; `nil` where
  /// there are three.
  package private(set) var partStride: Int?

  /// Attention of three arrays.
  ///
  /// - Precondition: a mask and lengths are not given together; layouts are those of
  ///   `isAccepted(_:)`.
  package init(
    query: Layout, key: Layout, value: Layout, result: Layout, mask: Shape? = nil, scale: Float,
    visibility: AttentionVisibility = .all
  ) {
    self.query = query
    self.key = key
    self.value = value
    self.result = result
    self.mask = mask
    self.scale = scale
    self.visibility = visibility
    require(
      mask == nil || visibility.lengths == nil, "attention: both a mask and lengths are given")
    require(
      [query, key, value, result].allSatisfy(AttentionDescription.isAccepted),
      "attention: a layout whose last axis is not innermost")
  }

  /// Attention of one array, `[3, batch…, positions, headSize]`.
  package init(
    packed: Layout, result: Layout, mask: Shape? = nil, scale: Float,
    visibility: AttentionVisibility = .all
  ) {
    let part = Layout.strided(
      ArrayType(Shape(Array(packed.type.shape.sizes.dropFirst()))),
      Array((packed.strides ?? []).dropFirst()))
    self.init(
      query: part, key: part, value: part, result: result, mask: mask, scale: scale,
      visibility: visibility)
    partStride = packed.strides?.first
  }

  /// Whether the kernel reads and writes arrays in a layout as they are.
  package static func isAccepted(_ layout: Layout) -> Bool { layout.hasDenseRows }

  /// Operands: query, key and value or the one array of all, mask or lengths if any; result, and
  /// log-sum-exp `[batch…, queries]`, row-major like the mask.
  package func forward(threads: Int) -> NativeKernel {
    kernel("attention", threads: threads, isBackward: false) { operands, call in
      let inputs = bindInputs(&call, operands, from: 0)
      call.result.base = operands[inputs].elements()
      call.log_sum_exp = operands[inputs + 1].elements()
    }
  }

  /// Operands: gradient of the result in a layout, the forward pass's inputs and results; gradients
  /// of query, key and value, in their layouts, one array where they are one.
  package func backward(upstream: Layout, threads: Int) -> NativeKernel {
    kernel(
      "attentionGradient", threads: threads, isBackward: true, upstream: upstream
    ) { operands, call in
      call.upstream.base = operands[0].elements()
      let inputs = bindInputs(&call, operands, from: 1)
      call.result.base = operands[inputs].elements()
      call.log_sum_exp = operands[inputs + 1].elements()
      let gradients = parts(operands, from: inputs + 2)
      call.query_gradient.base = gradients.0
      call.key_gradient.base = gradients.1
      call.value_gradient.base = gradients.2
    }
  }

  private func kernel(
    _ name: String, threads: Int, isBackward: Bool, upstream: Layout? = nil,
    point: @escaping @Sendable ([UnsafeMutableRawPointer], inout fovea_attention) -> Void
  ) -> NativeKernel {
    let offsets = AttentionOffsets(self, upstream: upstream ?? result)
    let floats = fovea_attention_scratch(&offsets.call, isBackward)
    return NativeKernel(name, scratchBytes: 4 * threads * Int(floats)) { operands, scratch in
      let bound = AttentionOffsets(self, upstream: upstream ?? result)
      point(operands, &bound.call)
      let scratch: UnsafeMutablePointer<Float> = scratch.elements()
      return {
        if isBackward {
          fovea_attention_backward(&bound.call, Int32(threads), scratch)
        } else {
          fovea_attention_forward(&bound.call, Int32(threads), scratch)
        }
      }
    }
  }

  /// Points the call at the inputs and returns the number of the operand behind them.
  private func bindInputs(
    _ call: inout fovea_attention, _ operands: [UnsafeMutableRawPointer], from first: Int
  ) -> Int {
    (call.query.base, call.key.base, call.value.base) = parts(operands, from: first)
    let next = first + (partStride == nil ? 3 : 1)
    if mask != nil {
      call.mask = UnsafePointer(operands[next].elements(Float.self))
      return next + 1
    }
    if visibility.lengths != nil {
      call.lengths = UnsafePointer(operands[next].elements(Int32.self))
      return next + 1
    }
    return next
  }

  private func parts(
    _ operands: [UnsafeMutableRawPointer], from first: Int
  ) -> (
    UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
  ) {
    let start: UnsafeMutablePointer<Float> = operands[first].elements()
    guard let partStride else {
      return (start, operands[first + 1].elements(), operands[first + 2].elements())
    }
    return (start, start + partStride, start + 2 * partStride)
  }
}

/// The C call of an attention, without addresses of arrays, and the offsets that it points to.
private final class AttentionOffsets {
  var call = fovea_attention()
  private let storage: UnsafeMutablePointer<Int64>

  init(_ attention: AttentionDescription, upstream: Layout) {
    let shape = attention.query.type.shape
    let batch = Array(shape.sizes.dropLast(2))
    let groups = batch.reduce(1, *)
    let keys = attention.key.type.shape[-2]
    storage = .allocate(capacity: max(6 * groups, 1))
    var used = 0
    /// Where each group begins in an array with these strides along the batch axes.
    func starts(_ strides: some Sequence<Int>) -> UnsafePointer<Int64> {
      var offsets = [0]
      for (size, stride) in zip(batch, strides) {
        offsets = offsets.flatMap { offset in (0..<size).map { offset + $0 * stride } }
      }
      let start = storage + used
      for (index, offset) in offsets.enumerated() { start[index] = Int64(offset) }
      used += groups
      return UnsafePointer(start)
    }
    func rows(_ layout: Layout) -> fovea_rows {
      let strides = layout.strides ?? []
      return fovea_rows(
        base: nil, groups: starts(strides.dropLast(2)), stride: Int64(strides[strides.count - 2]))
    }
    call.groups = Int64(groups)
    call.queries = Int64(shape[-2])
    call.keys = Int64(keys)
    call.head_size = Int64(shape[-1])
    call.value_size = Int64(attention.value.type.shape[-1])
    call.scale = attention.scale
    call.causal = attention.visibility == .causal
    call.query = rows(attention.query)
    call.key = rows(attention.key)
    call.value = rows(attention.value)
    call.result = rows(attention.result)
    call.upstream = rows(upstream)
    (call.query_gradient, call.key_gradient, call.value_gradient) =
      (call.query, call.key, call.value)
    if let mask = attention.mask {
      let full = Shape(Array(shape.sizes.dropLast()) + [keys])
      let strides = mask.broadcastStrides(to: full)
      call.mask_groups = starts(strides.dropLast(2))
      call.mask_row = Int64(strides[strides.count - 2])
      call.mask_column = Int64(strides[strides.count - 1])
    }
    if let lengths = attention.visibility.lengths {
      call.length_groups = starts(lengths.broadcastStrides(to: Shape(batch)))
    }
  }

  deinit { storage.deallocate() }
}
