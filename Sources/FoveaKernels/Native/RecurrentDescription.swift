import FoveaArray

/// The loop of a recurrent layer over the steps of its sequences.
///
/// The products with the recurrent weights run on the whole team, one a step; the gates between
/// them are a loop of our own, as oneDNN trains recurrent layers with reference code. Arrays begin
/// with the time, so that what a step works on is dense.
package struct RecurrentDescription: Hashable, Sendable {
  /// Steps of the longest sequence.
  package var time: Int
  package var batch: Int
  /// Numbers in a state.
  package var size: Int
  /// Whether the last step comes first.
  package var isReversed: Bool
  /// Whether an operand says how long each sequence is.
  package var hasLengths: Bool

  package init(time: Int, batch: Int, size: Int, isReversed: Bool, hasLengths: Bool) {
    self.time = time
    self.batch = batch
    self.size = size
    self.isReversed = isReversed
    self.hasLengths = hasLengths
  }

  /// The place in time of step `index`, counted in the order in which steps run.
  func place(_ index: Int) -> Int { isReversed ? time - 1 - index : index }

  /// Bytes of one state of all sequences, rounded up to whole cache lines.
  var stateBytes: Int { (4 * batch * size + 63) / 64 * 64 }

  /// [batch, size] · Wᵀ + what the result held before, or + a bias, for W `[gates · size, size]`.
  func forwardProduct(gates: Int, hasBias: Bool) throws(KernelError) -> PrimitiveKernel {
    let width = gates * size
    return try MatMulKernel.make(
      left: .rowMajor(ArrayType([batch, size])),
      right: .ordered(ArrayType([size, width]), axes: [1, 0]), hasBias: hasBias,
      result: .rowMajor(ArrayType([batch, width])), hasBias ? [] : [.sum])
  }

  /// [batch, gates · size] · W, added to what the result held before if `adding`.
  func backwardProduct(gates: Int, adding: Bool) throws(KernelError) -> PrimitiveKernel {
    let width = gates * size
    return try MatMulKernel.make(
      left: .rowMajor(ArrayType([batch, width])), right: .rowMajor(ArrayType([width, size])),
      hasBias: false, result: .rowMajor(ArrayType([batch, size])), adding ? [.sum] : [])
  }
}
