package import FoveaKernels

/// x / (1 − rate) where a uniform number is at least `rate`, else 0. Srivastava et al. 2014.
///
/// The numbers follow from the run's key, this op's stream and the element's position, so the
/// gradient draws the same ones again and nothing is stored.
package struct Dropout: Op {
  package static let name = "dropout"
  package let rate: Float
  package let stream: UInt32

  package init(rate: Float, stream: UInt32) {
    self.rate = rate
    self.stream = stream
  }

  package var settings: String { "rate: \(rate), stream: \(stream)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    try inputs[0].requireFloat(Self.name)
    guard rate >= 0, rate < 1 else {
      throw ShapeError(Self.name, "a rate of \(rate) does not lie in 0..<1")
    }
    return [inputs[0]]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    [request.upstream[0].map { $0.graph.apply(self, [$0, request.inputs[1]])[0] }, nil]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(
      TrainingKernels.dropout(
        elements: inputs[0].type.shape.elementCount, rate: rate, stream: stream))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    inputs[0].shape.elementCount
  }

  package func runsInPlace(of input: Int) -> Bool { input == 0 }
}

extension Tensor {
  /// In a training graph, x / (1 − rate) with probability 1 − rate, else 0; in an inference graph,
  /// x. Adds an input `randomKey`, int32 `[2]`, to the graph. Differentiable.
  /// Srivastava et al. 2014.
  public func dropout(
    rate: Float, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rate >= 0 && rate < 1, "dropout: a rate of \(rate) does not lie in 0..<1", file: file,
      line: line)
    guard graph.mode == .training, rate != 0 else { return self }
    let (key, stream) = graph.randomStream()
    return applying(Dropout(rate: rate, stream: stream), key, file: file, line: line)
  }
}
