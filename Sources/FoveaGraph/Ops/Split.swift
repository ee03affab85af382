package import FoveaKernels

/// An array cut into equal parts along an axis, one result each.
package struct Split: Op {
  package static let name = "split"
  package let axis: Int
  package let parts: Int

  package init(axis: Int, parts: Int) {
    self.axis = axis
    self.parts = parts
  }

  package var settings: String { "axis: \(axis), parts: \(parts)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    var sizes = inputs[0].shape.sizes
    guard axis >= 0, axis < sizes.count else {
      throw ShapeError(Self.name, "axis \(axis) does not exist in shape \(inputs[0].shape)")
    }
    guard parts > 0, sizes[axis] % parts == 0 else {
      throw ShapeError(
        Self.name, "axis \(axis) of \(inputs[0].shape) does not divide into \(parts) parts")
    }
    sizes[axis] /= parts
    return [ArrayType](
      repeating: ArrayType(Shape(sizes), inputs[0].elementType), count: parts)
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream.compactMap({ $0 }).first, dy.elementType == .float32 else {
      return [nil]
    }
    let zeros = dy.graph.constant(HostArray(zeros: dy.type))
    return [Tensor.concatenate(request.upstream.map { $0 ?? zeros }, axis: axis)]
  }

  /// Reads permuted arrays as they lie: a permutation and a split are one copy.
  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    LayoutChoice(
      inputs: [inputs[0].strides == nil ? .rowMajor(inputs[0].type) : inputs[0]],
      results: results.map { .rowMajor($0) })
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    guard let strides = inputs[0].strides else { throw KernelError("split: the input is blocked") }
    let part = results[0].type.shape
    let boxes = results.indices.map { index in
      Box(
        sizes: part.sizes, sourceStrides: strides, destinationStrides: part.rowMajorStrides,
        sourceOffset: index * part[axis] * strides[axis])
    }
    return .kernel(CopyKernels.split(boxes, elementType: inputs[0].type.elementType))
  }
}

extension Tensor {
  /// Equal parts along `axis`, in order. Differentiable.
  public func split(
    axis: Int, parts: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let axis = trapping(file, line) { () throws(ShapeError) in
      try shape.resolved(axis: axis, in: Split.name)
    }
    return graph.apply(Split(axis: axis, parts: parts), [self], file: file, line: line)
  }
}
