import CKernels
import FoveaArray

extension RecurrentDescription {
  /// Operands: what the input sends to the gates `[time, batch, 4 · size]`, weights
  /// `[4 · size, size]`, lengths (int32 `[batch]`) if any; states `[time, batch, size]`, gates
  /// `[time, batch, 4 · size]`, cells `[time, batch, size]`. Gates are in the order input, forget,
  /// cell, output.
  package func lstm() throws(KernelError) -> NativeKernel {
    let product = try forwardProduct(gates: 4, hasBias: false)
    return NativeKernel("lstm", scratchBytes: product.scratchBytes) {
      (operands, scratch) throws(KernelError) in
      let bound = try BoundLSTM(self, product, operands, scratch: scratch)
      return { () throws(KernelError) in try bound.run() }
    }
  }

  /// Operands: gradient of the states, weights, gates, cells, lengths if any; gradient of what the
  /// input sends to the gates.
  package func lstmGradient() throws(KernelError) -> NativeKernel {
    let product = try backwardProduct(gates: 4, adding: false)
    return NativeKernel("lstmGradient", scratchBytes: 2 * stateBytes + product.scratchBytes) {
      (operands, scratch) throws(KernelError) in
      let bound = try BoundLSTMGradient(self, product, operands, scratch: scratch)
      return { () throws(KernelError) in try bound.run() }
    }
  }
}

/// The forward pass tied to memory.
private final class BoundLSTM {
  private let description: RecurrentDescription
  private let product: BoundPrimitive
  private let projected: UnsafeMutablePointer<Float>
  private let lengths: UnsafeMutablePointer<Int32>?
  private let hidden: UnsafeMutablePointer<Float>
  private let gates: UnsafeMutablePointer<Float>
  private let cells: UnsafeMutablePointer<Float>

  init(
    _ description: RecurrentDescription, _ product: PrimitiveKernel,
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer
  ) throws(KernelError) {
    self.description = description
    let results = description.hasLengths ? 3 : 2
    projected = operands[0].elements()
    lengths = description.hasLengths ? operands[2].elements() : nil
    hidden = operands[results].elements()
    gates = operands[results + 1].elements()
    cells = operands[results + 2].elements()
    self.product = try BoundPrimitive(
      product, [operands[results], operands[1], operands[results + 1]], scratch: scratch)
  }

  func run() throws(KernelError) {
    let (batch, size) = (description.batch, description.size)
    let states = batch * size
    gates.update(from: projected, count: 4 * states * description.time)
    for index in 0..<description.time {
      let time = description.place(index)
      let previous = index == 0 ? nil : description.place(index - 1)
      if let previous {
        product.point(0, at: hidden + previous * states)
        product.point(2, at: gates + time * 4 * states)
        try product.run()
      }
      fovea_lstm_step(
        gates + time * 4 * states, previous.map { cells + $0 * states }, cells + time * states,
        hidden + time * states, lengths, Int64(time), Int64(batch), Int64(size))
    }
  }
}

/// The backward pass through time tied to memory.
private final class BoundLSTMGradient {
  private let description: RecurrentDescription
  private let product: BoundPrimitive
  private let upstream: UnsafeMutablePointer<Float>
  private let gates: UnsafeMutablePointer<Float>
  private let cells: UnsafeMutablePointer<Float>
  private let lengths: UnsafeMutablePointer<Int32>?
  private let gradient: UnsafeMutablePointer<Float>
  private let carriedHidden: UnsafeMutablePointer<Float>
  private let carriedCell: UnsafeMutablePointer<Float>

  init(
    _ description: RecurrentDescription, _ product: PrimitiveKernel,
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer
  ) throws(KernelError) {
    self.description = description
    let result = operands[operands.count - 1]
    upstream = operands[0].elements()
    gates = operands[2].elements()
    cells = operands[3].elements()
    lengths = description.hasLengths ? operands[4].elements() : nil
    gradient = result.elements()
    carriedHidden = scratch.elements()
    carriedCell = (scratch + description.stateBytes).elements()
    self.product = try BoundPrimitive(
      product, [result, operands[1], scratch], scratch: scratch + 2 * description.stateBytes)
  }

  func run() throws(KernelError) {
    let (batch, size) = (description.batch, description.size)
    let states = batch * size
    carriedHidden.update(repeating: 0, count: states)
    carriedCell.update(repeating: 0, count: states)
    for index in (0..<description.time).reversed() {
      let time = description.place(index)
      let previous = index == 0 ? nil : description.place(index - 1)
      fovea_lstm_step_gradient(
        upstream + time * states, carriedHidden, carriedCell, gates + time * 4 * states,
        previous.map { cells + $0 * states }, cells + time * states, gradient + time * 4 * states,
        lengths, Int64(time), Int64(batch), Int64(size))
      if index > 0 {
        product.point(0, at: gradient + time * 4 * states)
        try product.run()
      }
    }
  }
}
