package import FoveaKernels

/// y = (x − mean) / √(variance + ε) · scale + shift with mean and (biased) variance of the batch
/// over all axes but the channels, axis 1.
///
/// Results: y, mean `[channels]`, variance `[channels]`. Ioffe and Szegedy 2015, algorithm 1.
package struct BatchNorm: Op {
  package static let name = "batchNorm"
  package var epsilon: Float

  package init(epsilon: Float) {
    self.epsilon = epsilon
  }

  package var settings: String { "epsilon: \(epsilon)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    try requireChannels(Self.name, inputs)
    let channels = ArrayType([inputs[0].shape[1]])
    return [inputs[0], channels, channels]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    require(
      request.upstream[1] == nil && request.upstream[2] == nil,
      "batchNorm: there is no gradient through the statistics that it returns")
    guard let dy = request.upstream[0] else { return [nil, nil, nil] }
    return dy.graph.apply(
      BatchNormGradient(epsilon: epsilon),
      [dy, request.inputs[0], request.inputs[1], request.results[1], request.results[2]])
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    .followingFirst(inputs, results)
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try BatchNormKernel.training(inputs[0], epsilon: epsilon))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    7 * inputs[0].shape.elementCount
  }
}

/// The gradients of input, scale and shift of `BatchNorm`, through the batch's statistics.
package struct BatchNormGradient: Op {
  package static let name = "batchNormGradient"
  package static let differentiability = Differentiability.undefined
  package var epsilon: Float

  package init(epsilon: Float) {
    self.epsilon = epsilon
  }

  package var settings: String { "epsilon: \(epsilon)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [inputs[1], inputs[2], inputs[2]]
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    var choice = LayoutChoice.followingFirst([inputs[1], inputs[0]] + inputs[2...], results)
    choice.inputs.swapAt(0, 1)
    return choice
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try BatchNormKernel.backward(inputs[1], epsilon: epsilon))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    10 * inputs[0].shape.elementCount
  }
}

/// y = (x − mean) / √(variance + ε) · scale + shift with given statistics.
package struct BatchNormInference: Op {
  package static let name = "batchNormInference"
  package var epsilon: Float

  package init(epsilon: Float) {
    self.epsilon = epsilon
  }

  package var settings: String { "epsilon: \(epsilon)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    try requireChannels(Self.name, inputs)
    return [inputs[0]]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0] else { return request.inputs.map { _ in nil } }
    let channels = request.inputs[1].shape[0]
    let rank = dy.shape.rank
    let broadcast = Shape([1, channels] + [Int](repeating: 1, count: rank - 2))
    let across = [0] + Array(2..<rank)
    let (x, scale, mean) = (request.inputs[0], request.inputs[1], request.inputs[3])
    let inverse = 1 / (request.inputs[4] + epsilon).squareRoot()
    let centred = x - mean.reshaped(broadcast)
    let shift = dy.sum(axes: across)
    let product = (dy * centred).sum(axes: across)
    return [
      dy * (scale * inverse).reshaped(broadcast), product * inverse, shift,
      -(shift * scale * inverse), -0.5 * product * scale * inverse * inverse * inverse,
    ]
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    .followingFirst(inputs, results)
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try BatchNormKernel.inference(inputs[0], epsilon: epsilon))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    4 * inputs[0].shape.elementCount
  }
}

private func requireChannels(
  _ operation: String, _ inputs: [ArrayType]
) throws(ShapeError) {
  for input in inputs { try input.requireFloat(operation) }
  guard inputs[0].shape.rank >= 2 else {
    throw ShapeError(operation, "needs [batch, channels, …], not shape \(inputs[0].shape)")
  }
  let channels: Shape = [inputs[0].shape[1]]
  for input in inputs.dropFirst() where input.shape != channels {
    throw ShapeError(
      operation, "needs scale, shift and statistics of shape \(channels), not \(input.shape)")
  }
}

extension LayoutChoice {
  /// The first input's layout for all arrays of its shape, row-major for the rest.
  static func followingFirst(_ inputs: [Layout], _ results: [ArrayType]) -> LayoutChoice {
    let first = inputs[0]
    func layout(_ type: ArrayType) -> Layout {
      type.shape == first.type.shape ? first.like(type) : .rowMajor(type)
    }
    return LayoutChoice(inputs: inputs.map { layout($0.type) }, results: results.map(layout))
  }
}

extension Tensor {
  /// Batch normalisation with the batch's own statistics. Differentiable in all but the returned
  /// statistics. Ioffe and Szegedy 2015, algorithm 1.
  ///
  /// - Parameters:
  ///   - scale: `[channels]`
  ///   - shift: `[channels]`
  /// - Returns: the result, of the shape `[batch, channels, …]` of `self`, and the batch's mean
  ///   and biased variance, `[channels]` each.
  public func batchNorm(
    scale: Tensor, shift: Tensor, epsilon: Float = 1e-5, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    let results = graph.apply(
      BatchNorm(epsilon: epsilon), [self, scale, shift], file: file, line: line)
    return (results[0], results[1], results[2])
  }

  /// Batch normalisation with given statistics. Differentiable.
  ///
  /// - Parameters:
  ///   - scale: `[channels]`
  ///   - shift: `[channels]`
  ///   - mean: `[channels]`
  ///   - variance: `[channels]`
  public func batchNorm(
    scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor, epsilon: Float = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    applying(
      BatchNormInference(epsilon: epsilon), scale, shift, mean, variance, file: file, line: line)
  }
}
