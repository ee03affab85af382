package import FoveaKernels

/// Sum, maximum or sum of squares over axes.
package struct Reduce: Op {
  package static let name = "reduce"
  package let reduction: Reduction
  /// Counted from 0, ascending.
  package let axes: [Int]
  package let keepingAxes: Bool

  package init(reduction: Reduction, axes: [Int], keepingAxes: Bool) {
    self.reduction = reduction
    self.axes = axes
    self.keepingAxes = keepingAxes
  }

  package var settings: String {
    "\(reduction.rawValue), axes: \(axes)" + (keepingAxes ? ", keepingAxes" : "")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    try inputs[0].requireFloat(reduction.rawValue)
    let shape = inputs[0].shape
    guard axes.allSatisfy({ $0 < shape.rank }) else {
      throw ShapeError(reduction.rawValue, "axes \(axes) do not exist in shape \(shape)")
    }
    if reduction == .max, axes.contains(where: { shape[$0] == 0 }) {
      throw ShapeError("max", "shape \(shape) has no elements along axes \(axes)")
    }
    return [ArrayType(shape.reduced(axes: axes, keepingAxes: keepingAxes))]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard var dy = request.upstream[0] else { return [nil] }
    let x = request.inputs[0]
    let kept = x.shape.reduced(axes: axes, keepingAxes: true)
    dy = dy.reshaped(kept)
    switch reduction {
    case .sum: return [dy.broadcast(to: x.shape)]
    case .sumOfSquares: return [2 * x * dy]
    case .max:
      // Equal largest elements share the gradient.
      let isLargest = x.equal(to: request.results[0].reshaped(kept)).cast(to: .float32)
      return [isLargest * (dy / isLargest.sum(axes: axes, keepingAxes: true))]
    }
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    var input = inputs[0]
    let takesBlocks =
      (axes.count == input.type.shape.rank && reduction != .max)
      || ReductionKernel.takesBlocks(input, axes: axes)
    if input.strides == nil && !takesBlocks { input = .rowMajor(input.type) }
    return LayoutChoice(
      inputs: [input],
      results: [ReductionKernel.resultLayout(input, axes: axes, result: results[0])])
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(ReductionKernel.make(reduction, inputs[0], axes: axes, threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    inputs[0].shape.elementCount * (reduction == .sumOfSquares ? 2 : 1)
  }
}

/// The index of the first largest element along the innermost axis.
package struct ArgMax: Op {
  package static let name = "argMax"
  package static let differentiability = Differentiability.constant

  package init() {}

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    try inputs[0].requireFloat(Self.name)
    guard let size = inputs[0].shape.sizes.last, size > 0 else {
      throw ShapeError(Self.name, "shape \(inputs[0].shape) has no elements along the axis")
    }
    return [ArrayType(Shape(inputs[0].shape.sizes.dropLast()), .int32)]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering { .kernel(ReductionKernel.argMax(inputs[0].type)) }
}

extension Tensor {
  private func reduce(
    _ reduction: Reduction, _ axes: [Int]?, _ keepingAxes: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let all = Array(shape.sizes.indices)
    let resolved = trapping(file, line) { () throws(ShapeError) in
      try axes.map { axes throws(ShapeError) in
        try shape.resolved(axes: axes, in: reduction.rawValue)
      } ?? all
    }
    return applying(
      Reduce(reduction: reduction, axes: resolved, keepingAxes: keepingAxes), file: file,
      line: line)
  }

  /// The sum over `axes`, or over all. Differentiable.
  public func sum(
    axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor { reduce(.sum, axes, keepingAxes, file, line) }

  /// The largest element over `axes`, or over all. Differentiable; equal ones share the gradient.
  public func max(
    axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor { reduce(.max, axes, keepingAxes, file, line) }

  /// The sum of squares over `axes`, or over all. Differentiable.
  public func sumOfSquares(
    axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor { reduce(.sumOfSquares, axes, keepingAxes, file, line) }

  /// The index (int32) of the first largest element along `axis`, which vanishes.
  public func argMax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    movingAxisLast(axis, in: ArgMax.name, file, line).applying(ArgMax(), file: file, line: line)
  }

  /// Traps with the rule's text and the caller's line when a shape rule is violated.
  func trapping<Result>(
    _ file: StaticString, _ line: UInt, _ rule: () throws(ShapeError) -> Result
  ) -> Result {
    do {
      return try rule()
    } catch {
      fatalError("\(error)", file: file, line: line)
    }
  }

  /// The tensor with `axis` innermost, other axes in their order.
  func movingAxisLast(
    _ axis: Int, in operation: String, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let axis = trapping(file, line) { () throws(ShapeError) in
      try shape.resolved(axis: axis, in: operation)
    }
    guard axis != shape.rank - 1 else { return self }
    return permuted(shape.sizes.indices.filter { $0 != axis } + [axis])
  }
}
