package import FoveaKernels

/// A box of elements: along each axis from `start`, below `end`, every `step`-th.
package struct Slice: Op {
  package static let name = "slice"
  package let starts: [Int]
  package let ends: [Int]
  package let steps: [Int]

  package init(starts: [Int], ends: [Int], steps: [Int]) {
    self.starts = starts
    self.ends = ends
    self.steps = steps
  }

  package var settings: String {
    zip(starts, zip(ends, steps))
      .map { $1.1 == 1 ? "\($0)..<\($1.0)" : "\($0)..<\($1.0) by \($1.1)" }
      .joined(separator: ", ")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let shape = inputs[0].shape
    guard starts.count == shape.rank, ends.count == shape.rank, steps.count == shape.rank else {
      throw ShapeError(
        Self.name, "\(starts.count) ranges do not fit the \(shape.rank) axes of \(shape)")
    }
    for axis in starts.indices {
      guard 0 <= starts[axis], starts[axis] <= ends[axis], ends[axis] <= shape[axis],
        steps[axis] > 0
      else {
        throw ShapeError(
          Self.name,
          "\(starts[axis])..<\(ends[axis]) by \(steps[axis]) does not lie in axis \(axis) of \(shape)"
        )
      }
    }
    return [ArrayType(Shape(sizes), inputs[0].elementType)]
  }

  private var sizes: [Int] {
    starts.indices.map { (ends[$0] - starts[$0] + steps[$0] - 1) / steps[$0] }
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0], dy.elementType == .float32 else { return [nil] }
    let source = request.inputs[0].shape
    let sizes = sizes
    let pad = Pad(
      before: starts,
      after: starts.indices.map {
        sizes[$0] == 0
          ? source[$0] - starts[$0]
          : source[$0] - starts[$0] - (sizes[$0] - 1) * steps[$0] - 1
      }, between: steps.map { $0 - 1 }, value: 0)
    return [dy.graph.apply(pad, [dy])[0]]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let strides = inputs[0].type.shape.rowMajorStrides
    let box = Box(
      sizes: sizes, sourceStrides: zip(strides, steps).map { $0 * $1 },
      destinationStrides: results[0].type.shape.rowMajorStrides,
      sourceOffset: zip(strides, starts).map { $0 * $1 }.reduce(0, +))
    return .kernel(CopyKernels.boxes(Self.name, [box], result: results[0].type))
  }
}

/// An array with a fixed value added before, after and between the elements of each axis.
package struct Pad: Op {
  package static let name = "pad"
  package let before: [Int]
  package let after: [Int]
  package let between: [Int]
  package let value: Float

  package init(before: [Int], after: [Int], between: [Int], value: Float) {
    self.before = before
    self.after = after
    self.between = between
    self.value = value
  }

  package var settings: String {
    "before: \(before), after: \(after)"
      + (between.allSatisfy { $0 == 0 } ? "" : ", between: \(between)")
      + (value == 0 ? "" : ", value: \(value)")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let shape = inputs[0].shape
    guard before.count == shape.rank, after.count == shape.rank, between.count == shape.rank else {
      throw ShapeError(
        Self.name, "\(before.count) and \(after.count) sizes do not fit the axes of \(shape)")
    }
    guard (before + after + between).allSatisfy((0...(1 << 40)).contains) else {
      throw ShapeError(
        Self.name, "sizes cannot be negative or above 2⁴⁰: \(before) before, \(after) after")
    }
    return [
      ArrayType(
        try Shape(
          checking: before.indices.map {
            before[$0] + max(shape[$0] + (shape[$0] - 1) * between[$0], 0) + after[$0]
          }), inputs[0].elementType)
    ]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0], dy.elementType == .float32 else { return [nil] }
    let source = request.inputs[0].shape
    let slice = Slice(
      starts: before,
      ends: before.indices.map {
        before[$0] + max(source[$0] + (source[$0] - 1) * between[$0], 0)
      }, steps: between.map { $0 + 1 })
    return [dy.graph.apply(slice, [dy])[0]]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let strides = results[0].type.shape.rowMajorStrides
    let box = Box(
      sizes: inputs[0].type.shape.sizes,
      sourceStrides: inputs[0].type.shape.rowMajorStrides,
      destinationStrides: zip(strides, between).map { $0 * ($1 + 1) },
      destinationOffset: zip(strides, before).map { $0 * $1 }.reduce(0, +))
    return .kernel(CopyKernels.boxes(Self.name, [box], fill: value, result: results[0].type))
  }
}

extension Tensor {
  /// Elements `range` along `axis`, every `step`-th. Differentiable.
  public func slice(
    axis: Int, _ range: Range<Int>, step: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let axis = trapping(file, line) { () throws(ShapeError) in
      try shape.resolved(axis: axis, in: Slice.name)
    }
    var starts = [Int](repeating: 0, count: shape.rank)
    var ends = shape.sizes
    var steps = [Int](repeating: 1, count: shape.rank)
    (starts[axis], ends[axis], steps[axis]) = (range.lowerBound, range.upperBound, step)
    return applying(Slice(starts: starts, ends: ends, steps: steps), file: file, line: line)
  }

  /// The array with `value` added before and after the elements of each axis. Differentiable.
  public func padded(
    before: [Int], after: [Int], value: Float = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let pad = Pad(
      before: before, after: after, between: [Int](repeating: 0, count: shape.rank), value: value)
    return applying(pad, file: file, line: line)
  }
}
