package import FoveaKernels

/// softmax(x)ᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x) along the innermost axis, or its logarithm.
package struct Softmax: Op {
  package static let name = "softmax"
  package let isLogarithm: Bool

  package init(isLogarithm: Bool) {
    self.isLogarithm = isLogarithm
  }

  package var settings: String { isLogarithm ? "logarithm" : "" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let operation = isLogarithm ? "logSoftmax" : Self.name
    try inputs[0].requireFloat(operation)
    guard inputs[0].shape.rank > 0 else {
      throw ShapeError(operation, "needs at least one axis, not a scalar")
    }
    return inputs
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0] else { return [nil] }
    let y = request.results[0]
    // dx = dy − softmax(x) Σ dy, and for softmax itself y ⊙ (dy − Σ dy ⊙ y).
    return isLogarithm
      ? [dy - y.exp() * dy.sum(axes: [-1], keepingAxes: true)]
      : [y * (dy - (dy * y).sum(axes: [-1], keepingAxes: true))]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(ReductionKernel.softmax(inputs[0].type, logarithm: isLogarithm))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    5 * inputs[0].shape.elementCount
  }
}

extension Tensor {
  private func softmax(
    logarithm: Bool, axis: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let last = movingAxisLast(axis, in: Softmax.name, file, line)
    let result = last.applying(Softmax(isLogarithm: logarithm), file: file, line: line)
    let axis = axis < 0 ? axis + shape.rank : axis
    guard axis != shape.rank - 1 else { return result }
    // Back to where the axis was.
    var order = Array(0..<(shape.rank - 1))
    order.insert(shape.rank - 1, at: axis)
    return result.permuted(order)
  }

  /// exp(xᵢ) / Σⱼ exp(xⱼ) along `axis`, without overflow. Same shape. Differentiable.
  public func softmax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { softmax(logarithm: false, axis: axis, file, line) }

  /// log softmax(x) along `axis`, without overflow. Same shape. Differentiable.
  public func logSoftmax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { softmax(logarithm: true, axis: axis, file, line) }
}
