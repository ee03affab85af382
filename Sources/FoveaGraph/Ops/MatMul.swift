package import FoveaKernels

/// A matrix product over the last two axes; batch axes are equal. `FuseEpilogues` adds the bias
/// and the activation.
package struct MatMul: Op {
  package static let name = "matmul"
  package var transposesLeft = false
  package var transposesRight = false
  package var hasBias = false
  package var activation: PostOperation?
  /// Whether the right operand is ready before the plan runs, and is then laid out as the kernel
  /// reads it. Set by `ChooseKernels`.
  package var packsRight = false

  package init(
    transposesLeft: Bool = false, transposesRight: Bool = false, hasBias: Bool = false,
    activation: PostOperation? = nil
  ) {
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
    self.hasBias = hasBias
    self.activation = activation
  }

  package var settings: String {
    [
      transposesLeft ? "leftᵀ" : nil, transposesRight ? "rightᵀ" : nil, hasBias ? "bias" : nil,
      activation.map { "\($0)" }, packsRight ? "packed" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    for input in inputs { try input.requireFloat(Self.name) }
    let left = inputs[0].shape
    let right = inputs[1].shape
    guard left.rank >= 2, left.rank == right.rank,
      left.sizes.dropLast(2) == right.sizes.dropLast(2)
    else {
      throw ShapeError(
        Self.name, "needs matrices with equal batch axes, not shapes \(left) and \(right)")
    }
    let inner = left[transposesLeft ? -2 : -1]
    let rightInner = right[transposesRight ? -1 : -2]
    guard inner == rightInner else {
      throw ShapeError(
        Self.name,
        "inner sizes \(inner) and \(rightInner) differ: \(left)\(transposesLeft ? "ᵀ" : "") · "
          + "\(right)\(transposesRight ? "ᵀ" : "")")
    }
    let columns = right[transposesRight ? -2 : -1]
    if hasBias, inputs[2].shape != [columns] {
      throw ShapeError(Self.name, "needs a bias of shape [\(columns)], not \(inputs[2].shape)")
    }
    return [
      ArrayType(
        try Shape(checking: left.sizes.dropLast(2) + [left[transposesLeft ? -1 : -2], columns]))
    ]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0] else { return [nil, nil] }
    let left = request.inputs[0]
    let right = request.inputs[1]
    func product(_ a: Tensor, _ b: Tensor, _ transposesA: Bool, _ transposesB: Bool) -> Tensor {
      a.graph.apply(MatMul(transposesLeft: transposesA, transposesRight: transposesB), [a, b])[0]
    }
    return [
      transposesLeft
        ? product(right, dy, transposesRight, true) : product(dy, right, false, !transposesRight),
      transposesRight
        ? product(dy, left, true, transposesLeft) : product(left, dy, !transposesLeft, false),
    ]
  }

  /// Row-major, or with the last two axes swapped, which is as good.
  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    var choice = LayoutChoice(
      inputs: inputs.enumerated().map { index, layout in
        index < 2 && MatMul.isTransposed(layout) ? layout : .rowMajor(layout.type)
      }, results: results.map { .rowMajor($0) })
    if packsRight {
      let kernel = try MatMulKernel.make(
        left: operand(choice.inputs[0], transposed: transposesLeft),
        right: .any(operand(choice.inputs[1], transposed: transposesRight).type),
        hasBias: hasBias, result: choice.results[0], activation.map { [$0] } ?? [])
      choice.inputs[1] = try operand(kernel.layouts[1], transposed: transposesRight)
    }
    return choice
  }

  /// An operand as `[rows, columns]` of the product, whichever way it is stored; and back.
  private func operand(_ layout: Layout, transposed: Bool) throws(KernelError) -> Layout {
    guard transposed else { return layout }
    guard let swapped = layout.permuted(MatMul.swappingLast(layout.type.shape.rank)) else {
      throw KernelError("matmul: \(layout) has no transpose")
    }
    return swapped
  }

  private static func isTransposed(_ layout: Layout) -> Bool {
    layout.permuted(swappingLast(layout.type.shape.rank))?.isRowMajor ?? false
  }

  private static func swappingLast(_ rank: Int) -> [Int] {
    Array(0..<(rank - 2)) + [rank - 1, rank - 2]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    if inputs[0].type.shape.elementCount == 0 {
      return .kernel(CopyKernels.boxes("zeros", [], fill: 0, result: results[0].type))
    }
    if let kernel = vectorProduct(inputs, results) { return .kernel(kernel) }
    return .kernel(
      try MatMulKernel.make(
        left: operand(inputs[0], transposed: transposesLeft),
        right: operand(inputs[1], transposed: transposesRight), hasBias: hasBias,
        result: results[0], activation.map { [$0] } ?? []))
  }

  /// Numbers of a matrix above which reading it decides how long one row takes. Below, one row takes
  /// the kernel of several, and gets the same bits as among others.
  private static let largeMatrix = 1 << 19

  /// Whether this is one row against a large matrix that is stored by its columns, as a dense layer's
  /// is: the case of each new token of a text.
  package func isVectorProduct(_ left: Shape, _ right: Shape) -> Bool {
    transposesRight && !transposesLeft && left.rank == 2 && right.rank == 2 && left[0] == 1
      && right.elementCount > Self.largeMatrix
  }

  private func vectorProduct(_ inputs: [Layout], _ results: [Layout]) -> (any Kernel)? {
    let (left, right) = (inputs[0], inputs[1])
    let shape = right.type.shape
    guard isVectorProduct(left.type.shape, shape), left.isRowMajor, right.isRowMajor,
      results[0].isRowMajor
    else { return nil }
    return VectorProductKernel.make(
      rows: shape[0], columns: shape[1], hasBias: hasBias, activation: activation)
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    2 * results[0].shape.elementCount * inputs[0].shape[transposesLeft ? -2 : -1]
  }
}

extension Tensor {
  /// The matrix product over the last two axes, either side transposed first.
  ///
  /// Batch axes broadcast; a matrix on the right meets every matrix on the left.
  /// Differentiable.
  ///
  /// - Parameter right: `[batch…, inner, columns]`, or `[batch…, columns, inner]` transposed.
  /// - Returns: `[batch…, rows, columns]`
  public func matmul(
    _ right: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let op = MatMul(transposesLeft: transposingLeft, transposesRight: transposingRight)
    guard shape.rank >= 2, right.shape.rank >= 2 else {
      fatalError(
        "matmul: needs at least two axes on both sides, not \(shape) and \(right.shape)",
        file: file, line: line)
    }
    if right.shape.rank == 2, shape.rank > 2, !transposingLeft {
      let rows = shape.sizes.dropLast()
      let flat = reshaped([rows.reduce(1, *), shape[-1]])
        .applying(op, right, file: file, line: line)
      return flat.reshaped(Shape(rows + [flat.shape[-1]]))
    }
    let leftBatch = Shape(shape.sizes.dropLast(2))
    let rightBatch = Shape(right.shape.sizes.dropLast(2))
    let batch = trapping(file, line) { () throws(ShapeError) in
      try leftBatch.broadcast(with: rightBatch, in: MatMul.name)
    }
    func widened(_ tensor: Tensor) -> Tensor {
      let target = Shape(batch.sizes + tensor.shape.sizes.suffix(2))
      return tensor.shape == target ? tensor : tensor.broadcast(to: target)
    }
    return widened(self).applying(op, widened(right), file: file, line: line)
  }
}
