import CKernels
import FoveaArray

/// What a recurrent layer does at a step.
package enum RecurrentCell: String, Hashable, Sendable, CaseIterable {
  /// Gates input, forget, cell, output. Hochreiter and Schmidhuber 1997, Gers et al. 2000.
  case lstm
  /// Gates reset, update, candidate. Cho et al. 2014, the reset gate behind the product.
  case gru

  /// How many gates there are.
  package var gates: Int { self == .lstm ? 4 : 3 }
  /// Whether the products with the states have a bias of their own.
  package var hasBias: Bool { self == .gru }
  /// What each state's memory holds, in states: cells, or what the states send to the gates.
  package var memories: Int { self == .lstm ? 1 : 3 }
}

/// A recurrent layer over the steps of its sequences, in one direction or both.
///
/// A kernel of our own, as oneDNN trains recurrent layers with reference code. Each thread takes
/// some sequences of a direction through all steps, so that none waits between steps.
///
/// Arrays begin with the time but may lie in any order whose last axis is innermost: the states of
/// a batch that begins with its items are read where they lie.
package struct RecurrentDescription: Sendable {
  package var cell: RecurrentCell
  /// 1, or 2 for both.
  package var directions: Int
  /// Whether the first direction begins with the last step.
  package var isReversed: Bool
  /// Whether an operand says how long each sequence is.
  package var hasLengths: Bool
  /// What the input sends to the gates, `[time, batch, directions · gates · size]`, and its
  /// gradient.
  package var projected: Layout
  /// The states, `[time, batch, directions · size]`.
  package var states: Layout

  package init(
    cell: RecurrentCell, directions: Int, isReversed: Bool, hasLengths: Bool, projected: Layout,
    states: Layout
  ) {
    self.cell = cell
    self.directions = directions
    self.isReversed = isReversed
    self.hasLengths = hasLengths
    self.projected = projected
    self.states = states
  }

  /// Operands: what the input sends to the gates, weights `[directions · gates · size, size]`, bias
  /// `[directions · gates · size]` of a GRU, lengths (int32 `[batch]`) if any; states, gates
  /// `[time, batch, directions · gates · size]`, memory `[time, batch, directions · memories ·
  /// size]`. All but the first and the states are row-major.
  package func forward(threads: Int) -> NativeKernel {
    var call = call()
    let floats = Int(fovea_recurrence_scratch(&call, Int32(threads), false))
    let (hasBias, hasLengths) = (cell.hasBias, hasLengths)
    return NativeKernel(cell.rawValue, scratchBytes: 4 * floats) { operands, scratch in
      var call = self.call()
      var next = operands.makeIterator()
      func pointer() -> UnsafeMutableRawPointer? { next.next() }
      call.projected.base = pointer()?.elements()
      call.weights = pointer().map { UnsafePointer($0.elements()) }
      if hasBias { call.bias = pointer().map { UnsafePointer($0.elements()) } }
      if hasLengths { call.lengths = pointer().map { UnsafePointer($0.elements()) } }
      call.hidden.base = pointer()?.elements()
      call.gates.base = pointer()?.elements()
      call.memory.base = pointer()?.elements()
      return { [call] in
        var call = call
        fovea_recurrence_forward(&call, scratch.elements(), Int32(threads))
      }
    }
  }

  /// Operands: gradient of the states in a layout, weights, states, gates, memory, lengths if any;
  /// gradients of what the input sends to the gates, in its layout, of weights, and of a GRU's bias.
  package func backward(upstream: Layout, threads: Int) -> NativeKernel {
    var call = call(upstream: upstream)
    let floats = Int(fovea_recurrence_scratch(&call, Int32(threads), true))
    let (hasBias, hasLengths) = (cell.hasBias, hasLengths)
    return NativeKernel("\(cell)Gradient", scratchBytes: 4 * floats) { operands, scratch in
      var call = self.call(upstream: upstream)
      var next = operands.makeIterator()
      func pointer() -> UnsafeMutableRawPointer? { next.next() }
      call.upstream.base = pointer()?.elements()
      call.weights = pointer().map { UnsafePointer($0.elements()) }
      call.hidden.base = pointer()?.elements()
      call.gates.base = pointer()?.elements()
      call.memory.base = pointer()?.elements()
      if hasLengths { call.lengths = pointer().map { UnsafePointer($0.elements()) } }
      call.gradient.base = pointer()?.elements()
      call.weight_gradient = pointer()?.elements()
      if hasBias { call.bias_gradient = pointer()?.elements() }
      return { [call] in
        var call = call
        fovea_recurrence_backward(&call, scratch.elements(), Int32(threads))
      }
    }
  }

  /// The C call without addresses.
  private func call(upstream: Layout? = nil) -> fovea_recurrence {
    let shape = states.type.shape
    let size = shape[2] / directions
    func dense(_ width: Int) -> fovea_steps {
      fovea_steps(base: nil, time: Int64(shape[1] * width), batch: Int64(width))
    }
    var call = fovea_recurrence()
    call.gru = cell == .gru
    call.reversed = isReversed
    call.time = Int64(shape[0])
    call.batch = Int64(shape[1])
    call.size = Int64(size)
    call.directions = Int64(directions)
    call.projected = projected.steps
    call.gradient = projected.steps
    call.hidden = states.steps
    if let upstream { call.upstream = upstream.steps }
    call.gates = dense(directions * cell.gates * size)
    call.memory = dense(directions * cell.memories * size)
    return call
  }
}

extension Layout {
  /// Whether rows along the last axis are dense, wherever they begin.
  package var hasDenseRows: Bool {
    guard let last = strides?.last else { return false }
    return last == 1 || type.shape[-1] == 1
  }

  /// Where the rows of `[time, batch, width]` begin.
  fileprivate var steps: fovea_steps {
    let strides = strides ?? []
    return fovea_steps(base: nil, time: Int64(strides[0]), batch: Int64(strides[1]))
  }
}
