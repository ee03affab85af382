import FoveaKernels

func recurrentSettings(_ isReversed: Bool, _ hasLengths: Bool) -> String {
  [isReversed ? "reversed" : nil, hasLengths ? "lengths" : nil].compactMap { $0 }
    .joined(separator: ", ")
}

func recurrence(_ states: Shape, _ isReversed: Bool, _ hasLengths: Bool) -> RecurrentDescription {
  RecurrentDescription(
    time: states[0], batch: states[1], size: states[2], isReversed: isReversed,
    hasLengths: hasLengths)
}

/// The size of a state.
func requireRecurrent(
  _ operation: String, _ inputs: [ArrayType], gates: Int, lengths: ArrayType?
) throws(ShapeError) -> Int {
  for input in inputs.dropLast(lengths == nil ? 0 : 1) { try input.requireFloat(operation) }
  try inputs[0].requireRank(3, operation, "[time, batch, \(gates) · size]")
  let shape = inputs[0].shape
  let size = shape[2] / gates
  guard shape[2] == gates * size else {
    throw ShapeError(operation, "needs [time, batch, \(gates) · size], not shape \(shape)")
  }
  guard inputs[1].shape == [gates * size, size] else {
    throw ShapeError(
      operation, "needs weights [\(gates * size), \(size)], not shape \(inputs[1].shape)")
  }
  if let lengths, lengths != ArrayType([shape[1]], .int32) {
    throw ShapeError(operation, "needs int32 lengths [\(shape[1])], not \(lengths)")
  }
  return size
}

extension Tensor {
  /// `[time, batch, size]` → `[time · batch, size]`
  var flatSteps: Tensor { reshaped([shape[0] * shape[1], shape[2]]) }

  /// For each step the state before it, zeros before the first.
  func statesBefore(isReversed: Bool) -> Tensor {
    let time = shape[0]
    guard time > 0 else { return self }
    let kept = slice(axis: 0, isReversed ? 1..<time : 0..<(time - 1))
    return kept.padded(
      before: [isReversed ? 0 : 1, 0, 0], after: [isReversed ? 1 : 0, 0, 0])
  }
}
