package import FoveaKernels

/// In which order a recurrent layer reads the steps of a sequence.
public enum RecurrentDirections: String, Hashable, Sendable {
  /// From the first to the last.
  case forward
  /// From the last to the first.
  case reverse
  /// Both, the states of one beside those of the other.
  case both

  /// How many there are.
  var count: Int { self == .both ? 2 : 1 }
}

/// The states of a recurrent layer over a sequence, from what its input sends to the gates:
///
///     LSTM   i, f, o = σ(x_t + h_{t−1} Wᵀ),  g = tanh(x_t + h_{t−1} Wᵀ)
///            c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ tanh(c_t)
///     GRU    q = h_{t−1} Wᵀ + b,  r, z = σ(x_t + q),  n = tanh(x_t + r ⊙ q)
///            h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
///
/// Inputs: x `[time, batch, directions · gates · size]` in the order i, f, g, o or r, z, n, W
/// `[directions · gates · size, size]`, b `[directions · gates · size]` of a GRU, lengths int32
/// `[batch]` if any. Results: h `[time, batch, directions · size]`, and what the gradient needs: the
/// gates, and c or q. Behind a sequence's end states are 0.
///
/// Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000; Cho et al. 2014.
/// Differs: the reset gate follows the product, as in cuDNN and PyTorch, so that one product serves
/// all gates.
package struct Recurrence: Op {
  package static let name = "recurrence"
  package let cell: RecurrentCell
  package let directions: RecurrentDirections
  package let hasLengths: Bool

  package init(
    _ cell: RecurrentCell, directions: RecurrentDirections = .forward, hasLengths: Bool = false
  ) {
    self.cell = cell
    self.directions = directions
    self.hasLengths = hasLengths
  }

  package var settings: String {
    "\(cell), \(directions)" + (hasLengths ? ", lengths" : "")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let name = cell.rawValue
    for input in inputs.dropLast(hasLengths ? 1 : 0) { try input.requireFloat(name) }
    let rows = directions == .both ? 2 * cell.gates : cell.gates
    try inputs[0].requireRank(3, name, "[time, batch, \(rows) · size]")
    let shape = inputs[0].shape
    let size = shape[2] / rows
    guard shape[2] == rows * size else {
      throw ShapeError(name, "needs [time, batch, \(rows) · size], not shape \(shape)")
    }
    guard inputs[1].shape == [rows * size, size] else {
      throw ShapeError(
        name, "needs weights [\(rows * size), \(size)], not shape \(inputs[1].shape)")
    }
    if cell.hasBias, inputs[2] != ArrayType([rows * size]) {
      throw ShapeError(name, "needs a bias of shape [\(rows * size)], not \(inputs[2])")
    }
    if hasLengths, let lengths = inputs.last, lengths != ArrayType([shape[1]], .int32) {
      throw ShapeError(name, "needs int32 lengths [\(shape[1])], not \(lengths)")
    }
    func steps(_ width: Int) -> ArrayType { ArrayType([shape[0], shape[1], width]) }
    return [
      steps(directions.count * size), steps(shape[2]),
      steps(directions.count * cell.memories * size),
    ]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    require(
      request.upstream[1] == nil && request.upstream[2] == nil,
      "recurrence: there is no gradient through gates and memory")
    guard let dh = request.upstream[0] else { return request.inputs.map { _ in nil } }
    let op = RecurrenceGradient(cell, directions: directions, hasLengths: hasLengths)
    let gradients = dh.graph.apply(
      op, [dh, request.inputs[1]] + request.results + (hasLengths ? request.inputs.suffix(1) : []))
    return gradients + (hasLengths ? [nil] : [])
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    var choice = LayoutChoice.rowMajor(inputs, results)
    // States lie in the order of the input, so that a batch may begin with its items.
    if inputs[0].hasDenseRows, let order = inputs[0].order, order.last == 2 {
      choice.inputs[0] = inputs[0]
      choice.results[0] = .ordered(results[0], axes: order)
    }
    return choice
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let description = RecurrentDescription(
      cell: cell, directions: directions.count, isReversed: directions == .reverse,
      hasLengths: hasLengths, projected: inputs[0], states: results[0])
    return .kernel(description.forward(threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    2 * results[1].shape.elementCount * inputs[1].shape[1] + 10 * results[1].shape.elementCount
  }
}

/// The gradients of a `Recurrence`, backwards through time: of what the input sends to the gates, of
/// the weights and of a GRU's bias.
///
/// Inputs: gradient of the states, weights, the results of `Recurrence`, lengths if any.
package struct RecurrenceGradient: Op {
  package static let name = "recurrenceGradient"
  package static let differentiability = Differentiability.undefined
  package let cell: RecurrentCell
  package let directions: RecurrentDirections
  package let hasLengths: Bool

  package init(
    _ cell: RecurrentCell, directions: RecurrentDirections = .forward, hasLengths: Bool = false
  ) {
    self.cell = cell
    self.directions = directions
    self.hasLengths = hasLengths
  }

  package var settings: String {
    "\(cell), \(directions)" + (hasLengths ? ", lengths" : "")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [inputs[3], inputs[1]] + (cell.hasBias ? [ArrayType([inputs[1].shape[0]])] : [])
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    var choice = LayoutChoice.rowMajor(inputs, results)
    if inputs[0].hasDenseRows { choice.inputs[0] = inputs[0] }
    // As the forward pass left them.
    if inputs[2].hasDenseRows, let order = inputs[2].order, order.last == 2 {
      choice.inputs[2] = inputs[2]
      choice.results[0] = .ordered(results[0], axes: order)
    }
    return choice
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let description = RecurrentDescription(
      cell: cell, directions: directions.count, isReversed: directions == .reverse,
      hasLengths: hasLengths, projected: results[0], states: inputs[2])
    return .kernel(description.backward(upstream: inputs[0], threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    4 * results[0].shape.elementCount * inputs[1].shape[1] + 10 * results[0].shape.elementCount
  }
}

extension Tensor {
  /// The states `[time, batch, directions · size]` of an LSTM, where `self` is what its input sends
  /// to the gates input, forget, cell, output: `[time, batch, directions · 4 · size]`.
  /// Differentiable in `self` and weights.
  ///
  /// - Parameters:
  ///   - recurrentWeight: `[directions · 4 · size, size]`
  ///   - lengths: steps of each sequence, int32 `[batch]`; behind its end states are 0.
  ///   - directions: the order in which steps are read.
  public func lstm(
    recurrentWeight: Tensor, lengths: Tensor? = nil, directions: RecurrentDirections = .forward,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    graph.apply(
      Recurrence(.lstm, directions: directions, hasLengths: lengths != nil),
      [self, recurrentWeight] + (lengths.map { [$0] } ?? []), file: file, line: line)[0]
  }

  /// The states `[time, batch, directions · size]` of a GRU, where `self` is what its input sends to
  /// the gates reset, update, candidate: `[time, batch, directions · 3 · size]`. Differentiable in
  /// `self`, weights and bias.
  ///
  /// - Parameters:
  ///   - recurrentWeight: `[directions · 3 · size, size]`
  ///   - recurrentBias: `[directions · 3 · size]`
  ///   - lengths: steps of each sequence, int32 `[batch]`; behind its end states are 0.
  ///   - directions: the order in which steps are read.
  public func gru(
    recurrentWeight: Tensor, recurrentBias: Tensor, lengths: Tensor? = nil,
    directions: RecurrentDirections = .forward, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    graph.apply(
      Recurrence(.gru, directions: directions, hasLengths: lengths != nil),
      [self, recurrentWeight, recurrentBias] + (lengths.map { [$0] } ?? []), file: file,
      line: line)[0]
  }
}
