package import FoveaKernels

/// x Wᵀ with weights of signed bytes, for inference: `QuantizedProductKernel` gives the formula. Made
/// by `QuantizeProducts`.
///
/// Inputs: x `[rows, depth]`, the bytes, scales and sums of `QuantizedWeights`, bias `[columns]` if
/// any.
package struct QuantizedMatMul: Op {
  package static let name = "quantizedMatmul"
  package static let differentiability = Differentiability.undefined
  package let hasBias: Bool
  package let activation: PostOperation?

  package init(hasBias: Bool, activation: PostOperation? = nil) {
    self.hasBias = hasBias
    self.activation = activation
  }

  package var settings: String {
    [hasBias ? "bias" : nil, activation.map { "\($0)" }].compactMap { $0 }.joined(separator: ", ")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    for input in [inputs[0]] + inputs[2...] { try input.requireFloat(Self.name) }
    try inputs[0].requireRank(2, Self.name, "[rows, depth]")
    let (columns, depth) = (inputs[2].shape.elementCount, inputs[0].shape[1])
    guard depth > 0, depth <= QuantizedProductKernel.largestDepth else {
      throw ShapeError(
        Self.name,
        "sums over 1 to \(QuantizedProductKernel.largestDepth) numbers, not shape \(inputs[0].shape)"
      )
    }
    let bytes = QuantizedWeights.byteCount(columns: columns, depth: depth)
    guard inputs[1] == ArrayType([bytes], .uint8) else {
      throw ShapeError(
        Self.name,
        "weights of \(columns) columns for \(inputs[0].shape) are \(ArrayType([bytes], .uint8)), "
          + "not \(inputs[1])")
    }
    for input in inputs[2...] where input.shape != [columns] {
      throw ShapeError(
        Self.name, "needs scales, sums and bias of shape [\(columns)], not \(input.shape)")
    }
    return [ArrayType([inputs[0].shape[0], columns])]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let (x, result) = (inputs[0].type.shape, results[0].type.shape)
    guard
      let kernel = QuantizedProductKernel.make(
        rows: x[0], depth: x[1], columns: result[1], hasBias: hasBias, activation: activation,
        threads: threads)
    else { throw KernelError("\(Self.name): there is no kernel that ends with \(settings)") }
    return .kernel(kernel)
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    2 * results[0].shape.elementCount * inputs[0].shape[1]
  }
}
