package import FoveaKernels

/// The slices of an array along an axis that indices name.
package struct Gather: Op {
  package static let name = "gather"
  package let axis: Int
  /// What an index is called where it is out of range.
  private let noun: String

  package init(axis: Int, of noun: String = "gather: an index") {
    self.axis = axis
    self.noun = noun
  }

  package var settings: String { "axis: \(axis)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let shape = inputs[0].shape
    guard axis < shape.rank else {
      throw ShapeError(Self.name, "axis \(axis) does not exist in shape \(shape)")
    }
    guard inputs[1].elementType == .int32 else {
      throw ShapeError(Self.name, "needs int32 indices, not \(inputs[1])")
    }
    let sizes = shape.sizes[..<axis] + inputs[1].shape.sizes + shape.sizes[(axis + 1)...]
    return [ArrayType(try Shape(checking: Array(sizes)), inputs[0].elementType)]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0], dy.elementType == .float32 else { return [nil, nil] }
    let scatter = ScatterAdd(axis: axis, size: request.inputs[0].shape[axis])
    return [dy.graph.apply(scatter, [dy, request.inputs[1]])[0], nil]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let sizes = inputs[0].type.shape.sizes
    return .kernel(
      CopyKernels.gather(
        noun, outer: sizes[..<axis].reduce(1, *), size: sizes[axis],
        indices: inputs[1].type.shape.elementCount, inner: sizes[(axis + 1)...].reduce(1, *),
        elementType: inputs[0].type.elementType))
  }
}

/// Slices added up at the places along an axis that indices name.
package struct ScatterAdd: Op {
  package static let name = "scatterAdd"
  package let axis: Int
  /// The result's size along the axis.
  package let size: Int

  package init(axis: Int, size: Int) {
    self.axis = axis
    self.size = size
  }

  package var settings: String { "axis: \(axis), size: \(size)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    try inputs[0].requireFloat(Self.name)
    guard inputs[1].elementType == .int32 else {
      throw ShapeError(Self.name, "needs int32 indices, not \(inputs[1])")
    }
    let updates = inputs[0].shape.sizes
    let indices = inputs[1].shape.sizes
    guard axis >= 0, axis + indices.count <= updates.count,
      Array(updates[axis..<(axis + indices.count)]) == indices
    else {
      throw ShapeError(
        Self.name,
        "updates \(inputs[0].shape) do not hold the indices' shape \(inputs[1].shape) at axis "
          + "\(axis)")
    }
    let sizes = updates[..<axis] + [size] + updates[(axis + indices.count)...]
    return [ArrayType(try Shape(checking: Array(sizes)))]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0] else { return [nil, nil] }
    return [dy.graph.apply(Gather(axis: axis), [dy, request.inputs[1]])[0], nil]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let sizes = results[0].type.shape.sizes
    return .kernel(
      CopyKernels.scatterAdd(
        outer: sizes[..<axis].reduce(1, *), size: size,
        indices: inputs[1].type.shape.elementCount, inner: sizes[(axis + 1)...].reduce(1, *)))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    inputs[0].shape.elementCount
  }
}

extension Tensor {
  /// The slices along `axis` that `indices` (int32) name; an index outside the axis fails the run.
  /// Differentiable.
  ///
  /// - Returns: the shape of `self` with `axis` replaced by the axes of `indices`.
  public func gather(
    _ indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = trapping(file, line) { () throws(ShapeError) in
      try shape.resolved(axis: axis, in: Gather.name)
    }
    return applying(Gather(axis: axis), indices, file: file, line: line)
  }

  /// Zeros with the slices of `self` added at the places along `axis` that `indices` (int32) name.
  /// The reverse of `gather`; an index outside 0..<`size` fails the run. Differentiable.
  ///
  /// - Returns: the shape of `self` with the axes of `indices` replaced by one of `size`.
  public func scatterAdd(
    at indices: Tensor, size: Int, axis: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor { applying(ScatterAdd(axis: axis, size: size), indices, file: file, line: line) }
}
