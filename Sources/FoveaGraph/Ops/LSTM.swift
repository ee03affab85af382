package import FoveaKernels

/// The states of an LSTM over a sequence, from what its input sends to the gates:
///
///     i, f, o = σ(x_t + h_{t−1} Wᵀ),  g = tanh(x_t + h_{t−1} Wᵀ)
///     c_t = f ⊙ c_{t−1} + i ⊙ g,      h_t = o ⊙ tanh(c_t)
///
/// Inputs: x `[time, batch, 4 · size]` in the order i, f, g, o, W `[4 · size, size]`, lengths
/// int32 `[batch]` if any. Results: h `[time, batch, size]`, the gates `[time, batch, 4 · size]`
/// and c `[time, batch, size]`, which the gradient needs. Behind a sequence's end states are 0.
///
/// Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
package struct LSTM: Op {
  package static let name = "lstm"
  /// Whether the last step comes first.
  package let isReversed: Bool
  package let hasLengths: Bool

  package init(isReversed: Bool = false, hasLengths: Bool = false) {
    self.isReversed = isReversed
    self.hasLengths = hasLengths
  }

  package var settings: String { recurrentSettings(isReversed, hasLengths) }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let size = try requireRecurrent(
      Self.name, inputs, gates: 4, lengths: hasLengths ? inputs[2] : nil)
    let states = ArrayType(Shape(inputs[0].shape.sizes.dropLast() + [size]))
    return [states, inputs[0], states]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    precondition(
      request.upstream[1] == nil && request.upstream[2] == nil,
      "lstm: there is no gradient through gates and cells")
    guard let dh = request.upstream[0] else { return request.inputs.map { _ in nil } }
    let results = request.results
    let dx = dh.graph.apply(
      LSTMGradient(isReversed: isReversed, hasLengths: hasLengths),
      [dh, request.inputs[1], results[1], results[2]] + request.inputs.dropFirst(2))[0]
    let previous = results[0].statesBefore(isReversed: isReversed)
    return [dx, dx.flatSteps.matmul(previous.flatSteps, transposingLeft: true)]
      + request.inputs.dropFirst(2).map { _ in nil }
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try recurrence(results[0].type.shape, isReversed, hasLengths).lstm())
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let shape = results[0].shape
    return shape.elementCount * (8 * shape[-1] + 40)
  }
}

/// The gradient of what the input of an `LSTM` sends to its gates, backwards through time.
///
/// Inputs: gradient of the states, weights, gates, cells, lengths if any.
package struct LSTMGradient: Op {
  package static let name = "lstmGradient"
  package static let differentiability = Differentiability.undefined
  package let isReversed: Bool
  package let hasLengths: Bool

  package init(isReversed: Bool = false, hasLengths: Bool = false) {
    self.isReversed = isReversed
    self.hasLengths = hasLengths
  }

  package var settings: String { recurrentSettings(isReversed, hasLengths) }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [inputs[2]]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try recurrence(inputs[0].type.shape, isReversed, hasLengths).lstmGradient())
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let shape = inputs[0].shape
    return shape.elementCount * (8 * shape[-1] + 40)
  }
}

extension Tensor {
  /// The states `[time, batch, size]` of an LSTM, where `self` is what its input sends to the gates
  /// input, forget, cell, output: `[time, batch, 4 · size]`. Differentiable in `self` and weights.
  ///
  /// - Parameters:
  ///   - recurrentWeight: `[4 · size, size]`
  ///   - lengths: steps of each sequence, int32 `[batch]`; behind its end states are 0.
  ///   - isReversed: whether the last step comes first.
  public func lstm(
    recurrentWeight: Tensor, lengths: Tensor? = nil, isReversed: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    graph.apply(
      LSTM(isReversed: isReversed, hasLengths: lengths != nil),
      [self, recurrentWeight] + (lengths.map { [$0] } ?? []), file: file, line: line)[0]
  }
}
