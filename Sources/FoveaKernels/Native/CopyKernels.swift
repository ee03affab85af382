import CKernels
package import FoveaArray

/// A box of elements to copy from one array into another.
package struct Box: Hashable, Sendable {
  package var sizes: [Int]
  package var sourceStrides: [Int]
  package var destinationStrides: [Int]
  package var sourceOffset: Int
  package var destinationOffset: Int

  package init(
    sizes: [Int], sourceStrides: [Int], destinationStrides: [Int], sourceOffset: Int = 0,
    destinationOffset: Int = 0
  ) {
    self.sizes = sizes
    self.sourceStrides = sourceStrides
    self.destinationStrides = destinationStrides
    self.sourceOffset = sourceOffset
    self.destinationOffset = destinationOffset
  }

  func plan(elementBytes: Int) -> fovea_box {
    var merged = Box(sizes: [], sourceStrides: [], destinationStrides: [])
    for (axis, size) in sizes.enumerated() where size != 1 {
      if let last = merged.sizes.indices.last,
        merged.sourceStrides[last] == sourceStrides[axis] * size,
        merged.destinationStrides[last] == destinationStrides[axis] * size
      {
        merged.sizes[last] *= size
        merged.sourceStrides[last] = sourceStrides[axis]
        merged.destinationStrides[last] = destinationStrides[axis]
      } else {
        merged.sizes.append(size)
        merged.sourceStrides.append(sourceStrides[axis])
        merged.destinationStrides.append(destinationStrides[axis])
      }
    }
    if merged.sizes.isEmpty {
      merged = Box(sizes: [1], sourceStrides: [1], destinationStrides: [1])
    }
    var plan = fovea_box()
    plan.rank = Int32(merged.sizes.count)
    plan.element_bytes = Int32(elementBytes)
    store(merged.sizes.map { Int64($0) }, in: &plan.sizes)
    store(merged.sourceStrides.map { Int64($0) }, in: &plan.source_strides)
    store(merged.destinationStrides.map { Int64($0) }, in: &plan.destination_strides)
    plan.source_offset = Int64(sourceOffset)
    plan.destination_offset = Int64(destinationOffset)
    return plan
  }
}

/// Copies, gathers and scatters.
package enum CopyKernels {
  /// Fills the result with `fill` if given, then copies one box from each input.
  ///
  /// Operands: the inputs, result.
  package static func boxes(
    _ name: String, _ boxes: [Box], fill: Float? = nil, result: ArrayType
  ) -> NativeKernel {
    let elementBytes = result.elementType.byteCount
    let plans = boxes.map { $0.plan(elementBytes: elementBytes) }
    let bits = fill.map { value in
      result.elementType == .float32 ? value.bitPattern : UInt32(bitPattern: Int32(value))
    }
    let count = Int64(result.shape.elementCount)
    return NativeKernel(name) { operands, _ in
      let output = operands[operands.count - 1]
      return {
        if let bits { fovea_fill(output, bits, Int32(elementBytes), count) }
        for (index, plan) in plans.enumerated() {
          withUnsafePointer(to: plan) { fovea_copy_box($0, operands[index], output) }
        }
      }
    }
  }

  /// Copies one box of the input into each result.
  ///
  /// Operands: input, the results.
  package static func split(_ boxes: [Box], elementType: ElementType) -> NativeKernel {
    let plans = boxes.map { $0.plan(elementBytes: elementType.byteCount) }
    return NativeKernel("split") { operands, _ in
      {
        for (index, plan) in plans.enumerated() {
          withUnsafePointer(to: plan) { fovea_copy_box($0, operands[0], operands[index + 1]) }
        }
      }
    }
  }

  /// result[o, i, n] = input[o, indices[i], n].
  ///
  /// Operands: input, indices (int32), result; `outer` and `inner` are the products of the sizes
  /// before and after the gathered axis of `size`.
  ///
  /// - Parameter noun: what an index is called where it is out of range.
  package static func gather(
    _ noun: String = "gather: an index", outer: Int, size: Int, indices: Int, inner: Int,
    elementType: ElementType
  ) -> NativeKernel {
    NativeKernel("gather") { operands, _ in
      { () throws(KernelError) in
        let status = fovea_gather(
          operands[0], operands[1].elements(), operands[2], Int64(outer), Int64(size),
          Int64(indices), Int64(inner), Int32(elementType.byteCount))
        try check(status, noun, size)
      }
    }
  }

  /// result[o, indices[i], n] = Σᵢ updates[o, i, n].
  ///
  /// Operands: updates, indices (int32), result.
  package static func scatterAdd(
    outer: Int, size: Int, indices: Int, inner: Int
  ) -> NativeKernel {
    NativeKernel("scatterAdd") { operands, _ in
      { () throws(KernelError) in
        let status = fovea_scatter_add(
          operands[0].elements(), operands[1].elements(), operands[2].elements(), Int64(outer),
          Int64(size), Int64(indices), Int64(inner))
        try check(status, "scatterAdd: an index", size)
      }
    }
  }

  private static func check(_ status: Int32, _ noun: String, _ size: Int) throws(KernelError) {
    if status == Int32(FOVEA_INDEX_OUT_OF_RANGE.rawValue) {
      throw KernelError("\(noun) lies outside 0..<\(size)")
    }
  }
}
