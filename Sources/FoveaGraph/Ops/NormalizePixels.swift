package import FoveaKernels

/// (x / 255 − mean) / deviation per channel, from bytes with channels last to floats with
/// channels first.
///
/// Inputs: bytes `[batch, height, width, channels]`, mean `[channels]`, deviation `[channels]`.
package struct NormalizePixels: Op {
  package static let name = "normalizePixels"
  package static let differentiability = Differentiability.undefined

  package init() {}

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    try inputs[0].requireRank(4, Self.name, "[batch, height, width, channels]")
    let shape = inputs[0].shape
    guard inputs[0].elementType == .uint8 else {
      throw ShapeError(Self.name, "needs uint8 pixels, not \(inputs[0])")
    }
    for input in inputs.dropFirst() where input != ArrayType([shape[3]]) {
      throw ShapeError(Self.name, "needs mean and deviation of [\(shape[3])], not \(input)")
    }
    return [ArrayType([shape[0], shape[3], shape[1], shape[2]])]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(TrainingKernels.normalizePixels(inputs[0].type.shape))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    2 * inputs[0].shape.elementCount
  }
}

extension Tensor {
  /// (x / 255 − mean) / deviation per channel, for pixels as bytes. No gradient flows to bytes.
  ///
  /// - Parameters:
  ///   - mean: `[channels]`, of values in 0…1.
  ///   - deviation: `[channels]`, of values in 0…1.
  /// - Returns: `[batch, channels, height, width]` for `self` `[batch, height, width, channels]`.
  public func normalizedPixels(
    mean: Tensor, deviation: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { applying(NormalizePixels(), mean, deviation, file: file, line: line) }
}
