import CKernels
package import FoveaArray

/// What a reduction forms of the elements it is given.
package enum Reduction: String, Hashable, Sendable, CaseIterable {
  /// Their sum.
  case sum
  /// The largest.
  case max
  /// The sum of their squares.
  case sumOfSquares
}

/// Reductions over any axes.
package enum ReductionKernel {
  /// The result's layout: the axes that stay, in the order in which they lie in the input.
  ///
  /// - Parameter input: a strided layout without gaps.
  package static func resultLayout(
    _ input: Layout, axes: [Int], result: ArrayType
  ) -> Layout {
    guard let order = input.order else { return .rowMajor(result) }
    let shape = input.type.shape
    if result.shape.rank == shape.rank {
      return .ordered(result, axes: order)
    }
    let stays = shape.sizes.indices.filter { !axes.contains($0) }
    let places = Dictionary(uniqueKeysWithValues: stays.enumerated().map { ($1, $0) })
    return .ordered(result, axes: order.compactMap { places[$0] })
  }

  /// Whether whole blocks of channels are read as they are: what stays is row-major where no channel
  /// does, or no place.
  package static func takesBlocks(_ input: Layout, axes: [Int]) -> Bool {
    input.blocksAsAxis != nil && (axes.contains(1) || (axes.contains(2) && axes.contains(3)))
  }

  /// Operands: input (strided without gaps, or blocked if `takesBlocks` says so or all axes are
  /// reduced and padding of zeros changes nothing), result (as `resultLayout` says).
  package static func make(
    _ reduction: Reduction, _ input: Layout, axes: [Int], threads: Int
  ) -> NativeKernel {
    if takesBlocks(input, axes: axes), let view = input.blocksAsAxis {
      return make(reduction, view, axes: axes + (axes.contains(1) ? [4] : []), threads: threads)
    }
    var sizes: [Int] = []
    var strides: [Int] = []
    var reduced: [Bool] = []
    let shape = input.type.shape
    let inputStrides = input.strides ?? shape.rowMajorStrides
    for axis in input.order ?? Array(shape.sizes.indices) where shape[axis] != 1 {
      let vanishes = axes.contains(axis)
      if reduced.last == vanishes, strides.last == inputStrides[axis] * shape[axis] {
        sizes[sizes.count - 1] *= shape[axis]
        strides[strides.count - 1] = inputStrides[axis]
      } else {
        sizes.append(shape[axis])
        strides.append(inputStrides[axis])
        reduced.append(vanishes)
      }
    }
    if sizes.isEmpty { (sizes, strides, reduced) = ([1], [1], [true]) }
    if input.order == nil { (sizes, strides, reduced) = ([input.byteCount / 4], [1], [true]) }
    var plan = fovea_reduction_plan()
    plan.rank = Int32(sizes.count)
    plan.operation =
      switch reduction {
      case .sum: Int32(FOVEA_SUM.rawValue)
      case .max: Int32(FOVEA_MAX.rawValue)
      case .sumOfSquares: Int32(FOVEA_SUM_OF_SQUARES.rawValue)
      }
    store(sizes.map { Int64($0) }, in: &plan.sizes)
    store(strides.map { Int64($0) }, in: &plan.strides)
    store(reduced, in: &plan.reduced)
    let finished = plan
    let scratch = withUnsafePointer(to: finished) { fovea_reduction_scratch($0, Int32(threads)) }
    return NativeKernel("\(reduction.rawValue)", scratchBytes: Int(scratch)) { operands, scratch in
      {
        withUnsafePointer(to: finished) {
          fovea_reduce(
            $0, operands[0].elements(), operands[1].elements(), scratch, Int32(threads))
        }
      }
    }
  }

  /// The index of the first largest element along the innermost axis.
  ///
  /// Operands: input (row-major), result (int32).
  package static func argMax(_ type: ArrayType) -> NativeKernel {
    let columns = type.shape[-1]
    let rows = type.shape.elementCount / max(columns, 1)
    return NativeKernel("argMax") { operands, _ in
      { fovea_arg_max(operands[0].elements(), operands[1].elements(), Int64(rows), Int64(columns)) }
    }
  }

  /// Softmax along the innermost axis, or its logarithm. Operands: input, result; row-major.
  package static func softmax(_ type: ArrayType, logarithm: Bool) -> NativeKernel {
    let columns = type.shape[-1]
    let rows = type.shape.elementCount / max(columns, 1)
    return NativeKernel(logarithm ? "logSoftmax" : "softmax") { operands, _ in
      {
        fovea_softmax(
          operands[0].elements(), operands[1].elements(), Int64(rows), Int64(columns), logarithm)
      }
    }
  }
}
