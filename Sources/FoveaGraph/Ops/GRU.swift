package import FoveaKernels

/// The states of a GRU over a sequence, from what its input sends to the gates:
///
///     q = h_{t−1} Wᵀ + b,  r, z = σ(x_t + q),  n = tanh(x_t + r ⊙ q)
///     h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
///
/// Inputs: x `[time, batch, 3 · size]` in the order r, z, n, W `[3 · size, size]`, b `[3 · size]`,
/// lengths int32 `[batch]` if any. Results: h `[time, batch, size]`, gates and q
/// `[time, batch, 3 · size]`, which the gradient needs. Behind a sequence's end states are 0.
///
/// Cho et al. 2014. Differs: the reset gate follows the product, as in cuDNN and PyTorch, so that
/// one product serves all gates.
package struct GRU: Op {
  package static let name = "gru"
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
      Self.name, inputs, gates: 3, lengths: hasLengths ? inputs[3] : nil)
    guard inputs[2] == ArrayType([3 * size]) else {
      throw ShapeError(Self.name, "needs a bias of shape [\(3 * size)], not \(inputs[2])")
    }
    return [
      ArrayType(Shape(inputs[0].shape.sizes.dropLast() + [size])), inputs[0], inputs[0],
    ]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    precondition(
      request.upstream[1] == nil && request.upstream[2] == nil,
      "gru: there is no gradient through the gates")
    guard let dh = request.upstream[0] else { return request.inputs.map { _ in nil } }
    let gradients = dh.graph.apply(
      GRUGradient(isReversed: isReversed, hasLengths: hasLengths),
      [dh, request.inputs[1]] + request.results + request.inputs.dropFirst(3))
    let previous = request.results[0].statesBefore(isReversed: isReversed)
    let recurrent = gradients[1].flatSteps
    return [
      gradients[0], recurrent.matmul(previous.flatSteps, transposingLeft: true),
      recurrent.sum(axes: [0]),
    ] + request.inputs.dropFirst(3).map { _ in nil }
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try recurrence(results[0].type.shape, isReversed, hasLengths).gru())
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let shape = results[0].shape
    return shape.elementCount * (6 * shape[-1] + 30)
  }
}

/// The gradients of what input and states of a `GRU` send to its gates, backwards through time.
///
/// Inputs: gradient of the states, weights, states, gates, q, lengths if any.
package struct GRUGradient: Op {
  package static let name = "gruGradient"
  package static let differentiability = Differentiability.undefined
  package let isReversed: Bool
  package let hasLengths: Bool

  package init(isReversed: Bool = false, hasLengths: Bool = false) {
    self.isReversed = isReversed
    self.hasLengths = hasLengths
  }

  package var settings: String { recurrentSettings(isReversed, hasLengths) }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [inputs[3], inputs[3]]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try recurrence(inputs[0].type.shape, isReversed, hasLengths).gruGradient())
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    let shape = inputs[0].shape
    return shape.elementCount * (6 * shape[-1] + 30)
  }
}

extension Tensor {
  /// The states `[time, batch, size]` of a GRU, where `self` is what its input sends to the gates
  /// reset, update, candidate: `[time, batch, 3 · size]`. Differentiable in `self`, weights and
  /// bias.
  ///
  /// - Parameters:
  ///   - recurrentWeight: `[3 · size, size]`
  ///   - recurrentBias: `[3 · size]`
  ///   - lengths: steps of each sequence, int32 `[batch]`; behind its end states are 0.
  ///   - isReversed: whether the last step comes first.
  public func gru(
    recurrentWeight: Tensor, recurrentBias: Tensor, lengths: Tensor? = nil,
    isReversed: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    graph.apply(
      GRU(isReversed: isReversed, hasLengths: lengths != nil),
      [self, recurrentWeight, recurrentBias] + (lengths.map { [$0] } ?? []), file: file,
      line: line)[0]
  }
}
