package import FoveaKernels

/// −log p(target | logits) of sequences whose words are known but not when they are said:
///
///     p(target) = Σ over paths π that collapse to the target of Πₜ softmax(logitsₜ)[πₜ]
///
/// A path names a symbol at each step; it collapses by dropping repetitions, then blanks. The last
/// symbol is the blank. Summed forward and backward over the target with blanks around each word, in
/// logarithms and double precision.
///
/// Inputs: logits `[batch, steps, symbols]`, targets int32 `[batch, words]`, input lengths and target
/// lengths int32 `[batch]`. Results: losses `[batch]`, and the gradient of each for the logits, found
/// on the way. A target that no path has room for (as many steps as words, and one more between two
/// equal ones) has an infinite loss and no gradient.
///
/// Graves et al. 2006, "Connectionist temporal classification".
package struct CTCLoss: Op {
  package static let name = "ctcLoss"

  package init() {}

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let logits = inputs[0]
    try logits.requireFloat(Self.name)
    try logits.requireRank(3, Self.name, "[batch, steps, symbols]")
    let batch = logits.shape[0]
    guard logits.shape[2] >= 2 else {
      throw ShapeError(Self.name, "needs a word and the blank at least, not shape \(logits.shape)")
    }
    guard inputs[1].elementType == .int32, inputs[1].shape.rank == 2, inputs[1].shape[0] == batch
    else { throw ShapeError(Self.name, "needs int32 targets [\(batch), words], not \(inputs[1])") }
    for lengths in inputs[2...] where lengths != ArrayType([batch], .int32) {
      throw ShapeError(Self.name, "needs int32 lengths [\(batch)], not \(lengths)")
    }
    return [ArrayType([batch]), logits]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    require(request.upstream[1] == nil, "ctcLoss: there is no gradient of the gradient")
    guard let upstream = request.upstream[0] else { return request.inputs.map { _ in nil } }
    return [request.results[1] * upstream.reshaped([upstream.shape[0], 1, 1]), nil, nil, nil]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(
      CTCKernel.loss(
        logits: inputs[0].type.shape, words: inputs[1].type.shape[1], threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let (logits, words) = (inputs[0].shape, inputs[1].shape[1])
    return logits[0] * logits[1] * (8 * logits[2] + 12 * (2 * words + 1))
  }
}

extension Tensor {
  /// −log p of each target, where `self` is logits `[batch, steps, symbols]` and the last symbol the
  /// blank. Differentiable in `self`.
  ///
  /// - Parameters:
  ///   - targets: int32 `[batch, words]`, each in 0..<(symbols − 1).
  ///   - inputLengths: steps of each sequence, int32 `[batch]`; what lies behind counts for nothing.
  ///   - targetLengths: words of each target, int32 `[batch]`.
  /// - Returns: `[batch]`, infinite where a target has no room in its steps.
  public func ctcLoss(
    targets: Tensor, inputLengths: Tensor, targetLengths: Tensor, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    graph.apply(
      CTCLoss(), [self, targets, inputLengths, targetLengths], file: file, line: line)[0]
  }
}
