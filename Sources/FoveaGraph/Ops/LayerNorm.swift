package import FoveaKernels

/// y = (x − mean) / √(variance + ε) · scale + shift with mean and (biased) variance over the
/// innermost axis.
///
/// Results: y, mean, variance, the last two without the innermost axis. Ba et al. 2016.
package struct LayerNorm: Op {
  package static let name = "layerNorm"
  package var epsilon: Float

  package init(epsilon: Float) {
    self.epsilon = epsilon
  }

  package var settings: String { "epsilon: \(epsilon)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    for input in inputs { try input.requireFloat(Self.name) }
    let shape = inputs[0].shape
    guard shape.rank >= 2 else {
      throw ShapeError(Self.name, "needs [batch…, features], not shape \(shape)")
    }
    let features: Shape = [shape[-1]]
    for input in inputs.dropFirst() where input.shape != features {
      throw ShapeError(
        Self.name, "needs scale and shift of shape \(features), not \(input.shape)")
    }
    let statistics = ArrayType(Shape(shape.sizes.dropLast()))
    return [inputs[0], statistics, statistics]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    require(
      request.upstream[1] == nil && request.upstream[2] == nil,
      "layerNorm: there is no gradient through the statistics that it returns")
    guard let dy = request.upstream[0] else { return [nil, nil, nil] }
    return dy.graph.apply(
      LayerNormGradient(epsilon: epsilon),
      [dy, request.inputs[0], request.inputs[1], request.results[1], request.results[2]])
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try LayerNormKernel.forward(inputs[0].type, epsilon: epsilon))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    7 * inputs[0].shape.elementCount
  }
}

/// The gradients of input, scale and shift of `LayerNorm`.
package struct LayerNormGradient: Op {
  package static let name = "layerNormGradient"
  package static let differentiability = Differentiability.undefined
  package var epsilon: Float

  package init(epsilon: Float) {
    self.epsilon = epsilon
  }

  package var settings: String { "epsilon: \(epsilon)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [inputs[1], inputs[2], inputs[2]]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try LayerNormKernel.backward(inputs[1].type, epsilon: epsilon))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    10 * inputs[0].shape.elementCount
  }
}

extension Tensor {
  /// Layer normalisation over the innermost axis. Same shape. Differentiable. Ba et al. 2016.
  ///
  /// - Parameters:
  ///   - scale: `[features]`
  ///   - shift: `[features]`
  public func layerNorm(
    scale: Tensor, shift: Tensor, epsilon: Float = 1e-5, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor { applying(LayerNorm(epsilon: epsilon), scale, shift, file: file, line: line) }
}
