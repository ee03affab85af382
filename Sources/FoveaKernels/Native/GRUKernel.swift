import CKernels
import FoveaArray

extension RecurrentDescription {
  /// Operands: what the input sends to the gates `[time, batch, 3 · size]`, weights
  /// `[3 · size, size]`, bias `[3 · size]`, lengths (int32 `[batch]`) if any; states
  /// `[time, batch, size]`, gates and what the states send to them `[time, batch, 3 · size]`.
  /// Gates are in the order reset, update, candidate.
  package func gru() throws(KernelError) -> NativeKernel {
    let product = try forwardProduct(gates: 3, hasBias: true)
    return NativeKernel("gru", scratchBytes: stateBytes + product.scratchBytes) {
      (operands, scratch) throws(KernelError) in
      let bound = try BoundGRU(self, product, operands, scratch: scratch)
      return { () throws(KernelError) in try bound.run() }
    }
  }

  /// Operands: gradient of the states, weights, states, gates, what the states send to them,
  /// lengths if any; gradients of what input and states send to the gates.
  package func gruGradient() throws(KernelError) -> NativeKernel {
    let product = try backwardProduct(gates: 3, adding: true)
    return NativeKernel("gruGradient", scratchBytes: stateBytes + product.scratchBytes) {
      (operands, scratch) throws(KernelError) in
      let bound = try BoundGRUGradient(self, product, operands, scratch: scratch)
      return { () throws(KernelError) in try bound.run() }
    }
  }
}

/// The forward pass tied to memory.
private final class BoundGRU {
  private let description: RecurrentDescription
  private let product: BoundPrimitive
  private let projected: UnsafeMutablePointer<Float>
  private let lengths: UnsafeMutablePointer<Int32>?
  private let hidden: UnsafeMutablePointer<Float>
  private let gates: UnsafeMutablePointer<Float>
  private let recurrent: UnsafeMutablePointer<Float>
  /// The state before the first step.
  private let zeros: UnsafeMutablePointer<Float>

  init(
    _ description: RecurrentDescription, _ product: PrimitiveKernel,
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer
  ) throws(KernelError) {
    self.description = description
    let results = description.hasLengths ? 4 : 3
    projected = operands[0].elements()
    lengths = description.hasLengths ? operands[3].elements() : nil
    hidden = operands[results].elements()
    gates = operands[results + 1].elements()
    recurrent = operands[results + 2].elements()
    zeros = scratch.elements()
    self.product = try BoundPrimitive(
      product, [scratch, operands[1], operands[2], operands[results + 2]],
      scratch: scratch + description.stateBytes)
  }

  func run() throws(KernelError) {
    let (batch, size) = (description.batch, description.size)
    let states = batch * size
    zeros.update(repeating: 0, count: states)
    for index in 0..<description.time {
      let time = description.place(index)
      let previous = index == 0 ? nil : hidden + description.place(index - 1) * states
      product.point(0, at: previous ?? zeros)
      product.point(3, at: recurrent + time * 3 * states)
      try product.run()
      fovea_gru_step(
        projected + time * 3 * states, recurrent + time * 3 * states, previous,
        gates + time * 3 * states, hidden + time * states, lengths, Int64(time), Int64(batch),
        Int64(size))
    }
  }
}

/// The backward pass through time tied to memory.
private final class BoundGRUGradient {
  private let description: RecurrentDescription
  private let product: BoundPrimitive
  private let upstream: UnsafeMutablePointer<Float>
  private let hidden: UnsafeMutablePointer<Float>
  private let gates: UnsafeMutablePointer<Float>
  private let recurrent: UnsafeMutablePointer<Float>
  private let lengths: UnsafeMutablePointer<Int32>?
  private let projectedGradient: UnsafeMutablePointer<Float>
  private let recurrentGradient: UnsafeMutablePointer<Float>
  private let carried: UnsafeMutablePointer<Float>

  init(
    _ description: RecurrentDescription, _ product: PrimitiveKernel,
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer
  ) throws(KernelError) {
    self.description = description
    let results = description.hasLengths ? 6 : 5
    upstream = operands[0].elements()
    hidden = operands[2].elements()
    gates = operands[3].elements()
    recurrent = operands[4].elements()
    lengths = description.hasLengths ? operands[5].elements() : nil
    projectedGradient = operands[results].elements()
    recurrentGradient = operands[results + 1].elements()
    carried = scratch.elements()
    self.product = try BoundPrimitive(
      product, [operands[results + 1], operands[1], scratch],
      scratch: scratch + description.stateBytes)
  }

  func run() throws(KernelError) {
    let (batch, size) = (description.batch, description.size)
    let states = batch * size
    carried.update(repeating: 0, count: states)
    for index in (0..<description.time).reversed() {
      let time = description.place(index)
      let previous = index == 0 ? nil : hidden + description.place(index - 1) * states
      fovea_gru_step_gradient(
        upstream + time * states, carried, gates + time * 3 * states,
        recurrent + time * 3 * states, previous, projectedGradient + time * 3 * states,
        recurrentGradient + time * 3 * states, lengths, Int64(time), Int64(batch), Int64(size))
      if index > 0 {
        product.point(0, at: recurrentGradient + time * 3 * states)
        try product.run()
      }
    }
  }
}
