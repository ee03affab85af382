package import FoveaKernels

/// Arrays one behind the other along an axis.
package struct Concatenate: Op {
  package static let name = "concatenate"
  package let axis: Int

  package init(axis: Int) {
    self.axis = axis
  }

  package var settings: String { "axis: \(axis)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    guard let first = inputs.first else { throw ShapeError(Self.name, "needs at least one array") }
    guard axis < first.shape.rank else {
      throw ShapeError(Self.name, "axis \(axis) does not exist in shape \(first.shape)")
    }
    var sizes = first.shape.sizes
    for input in inputs.dropFirst() {
      var others = input.shape.sizes
      guard others.count == sizes.count, input.elementType == first.elementType else {
        throw ShapeError(Self.name, "\(first) and \(input) do not join along axis \(axis)")
      }
      sizes[axis] += others[axis]
      others[axis] = sizes[axis]
      guard others == sizes else {
        throw ShapeError(Self.name, "\(first) and \(input) do not join along axis \(axis)")
      }
    }
    return [ArrayType(try Shape(checking: sizes), first.elementType)]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0], dy.elementType == .float32 else {
      return request.inputs.map { _ in nil }
    }
    var start = 0
    return request.inputs.map { input in
      defer { start += input.shape[axis] }
      return dy.slice(axis: axis, start..<(start + input.shape[axis]))
    }
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let strides = results[0].type.shape.rowMajorStrides
    var start = 0
    let boxes = inputs.map { input in
      defer { start += input.type.shape[axis] }
      return Box(
        sizes: input.type.shape.sizes, sourceStrides: input.type.shape.rowMajorStrides,
        destinationStrides: strides, destinationOffset: start * strides[axis])
    }
    return .kernel(CopyKernels.boxes(Self.name, boxes, result: results[0].type))
  }
}

/// An array repeated along axes of size 1 and along new outer axes.
package struct Broadcast: Op {
  package static let name = "broadcast"
  package let shape: Shape

  package init(shape: Shape) {
    self.shape = shape
  }

  package var settings: String { "\(shape)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    guard try inputs[0].shape.broadcast(with: shape, in: Self.name) == shape else {
      throw ShapeError(Self.name, "\(inputs[0].shape) does not broadcast to \(shape)")
    }
    return [ArrayType(shape, inputs[0].elementType)]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] { [request.upstream[0]] }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let box = Box(
      sizes: shape.sizes, sourceStrides: inputs[0].type.shape.broadcastStrides(to: shape),
      destinationStrides: shape.rowMajorStrides)
    return .kernel(CopyKernels.boxes(Self.name, [box], result: results[0].type))
  }
}

extension Tensor {
  /// The tensors one behind the other along `axis`. Differentiable.
  public static func concatenate(
    _ tensors: [Tensor], axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard let first = tensors.first else {
      fatalError("concatenate: needs at least one array", file: file, line: line)
    }
    let axis = first.trapping(file, line) { () throws(ShapeError) in
      try first.shape.resolved(axis: axis, in: Concatenate.name)
    }
    return first.graph.apply(Concatenate(axis: axis), tensors, file: file, line: line)[0]
  }

  /// The array repeated to `shape` by the broadcasting rule. Differentiable.
  public func broadcast(
    to shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    shape == self.shape ? self : applying(Broadcast(shape: shape), file: file, line: line)
  }
}
