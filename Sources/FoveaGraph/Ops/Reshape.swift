package import FoveaKernels

/// The same elements in row-major order under another shape.
package struct Reshape: Op {
  package static let name = "reshape"
  package static let isView = true
  package let shape: Shape

  package init(shape: Shape) {
    self.shape = shape
  }

  package var settings: String { "\(shape)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    guard inputs[0].shape.elementCount == shape.elementCount else {
      throw ShapeError(
        Self.name,
        "\(inputs[0].shape) holds \(inputs[0].shape.elementCount) elements, \(shape) holds "
          + "\(shape.elementCount)")
    }
    return [ArrayType(shape, inputs[0].elementType)]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    [request.upstream[0]?.reshaped(request.inputs[0].shape)]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering { .view }
}

/// The same elements with axes in another order.
///
/// No byte moves: the result has another layout, and whoever needs it row-major reorders it.
package struct Permute: Op {
  package static let name = "permute"
  package static let isView = true
  /// Axis `i` of the result is axis `axes[i]` of the input.
  package let axes: [Int]

  package init(axes: [Int]) {
    self.axes = axes
  }

  package var settings: String { "\(axes)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let shape = inputs[0].shape
    guard axes.sorted() == Array(0..<shape.rank) else {
      throw ShapeError(Self.name, "\(axes) is no order of the \(shape.rank) axes of \(shape)")
    }
    return [ArrayType(Shape(axes.map { shape[$0] }), inputs[0].elementType)]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    var inverse = axes
    for (new, old) in axes.enumerated() { inverse[old] = new }
    return [request.upstream[0]?.permuted(inverse)]
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    if let permuted = inputs[0].permuted(axes) {
      return LayoutChoice(inputs: inputs, results: [permuted])
    }
    let plain = Layout.rowMajor(inputs[0].type)
    guard let permuted = plain.permuted(axes) else {
      throw KernelError("permute: no layout for \(axes)")
    }
    return LayoutChoice(inputs: [plain], results: [permuted])
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering { .view }
}

extension Tensor {
  /// The same elements, in row-major order, under another shape; one size may be −1 and follows
  /// from the others. Differentiable.
  public func reshaped(
    _ sizes: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard let open = sizes.firstIndex(of: -1) else {
      return reshaped(Shape(sizes, file: file, line: line), file: file, line: line)
    }
    let rest = sizes.enumerated().filter { $0.offset != open }.map(\.element)
    let known = (try? Shape(checking: rest))?.elementCount ?? 0
    require(
      known > 0 && shape.elementCount % known == 0,
      "reshape: \(shape) does not divide into \(sizes)", file: file, line: line)
    var resolved = sizes
    resolved[open] = shape.elementCount / known
    return reshaped(Shape(resolved), file: file, line: line)
  }

  /// The same elements, in row-major order, under another shape. Differentiable.
  public func reshaped(
    _ shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    shape == self.shape ? self : applying(Reshape(shape: shape), file: file, line: line)
  }

  /// The same elements with axes in another order: axis `i` of the result is axis `axes[i]` of
  /// `self`. Differentiable.
  public func permuted(
    _ axes: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { applying(Permute(axes: axes), file: file, line: line) }

  /// The tensor with two axes exchanged. Differentiable.
  public func transposed(
    _ first: Int = -1, _ second: Int = -2, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var axes = Array(0..<shape.rank)
    let (first, second) = trapping(file, line) { () throws(ShapeError) in
      (
        try shape.resolved(axis: first, in: Permute.name),
        try shape.resolved(axis: second, in: Permute.name)
      )
    }
    axes.swapAt(first, second)
    return permuted(axes, file: file, line: line)
  }
}
