import CKernels
package import FoveaArray

/// The loss of connectionist temporal classification and its gradient, in one pass.
///
/// All operands are row-major; scratch memory holds a trellis for each thread.
package enum CTCKernel {
  /// Operands: logits `[batch, steps, symbols]`, targets int32 `[batch, words]`, input lengths and
  /// target lengths int32 `[batch]`; losses `[batch]` and the gradient of each loss for the logits.
  ///
  /// Running fails where a target is no symbol but the blank, or a length is beyond its array.
  package static func loss(logits: Shape, words: Int, threads: Int) -> NativeKernel {
    var call = self.call(logits, words)
    let doubles = Int(fovea_ctc_scratch(&call))
    return NativeKernel("ctcLoss", scratchBytes: 8 * threads * doubles) { operands, scratch in
      var call = self.call(logits, words)
      call.logits = UnsafePointer(operands[0].elements())
      call.targets = UnsafePointer(operands[1].elements())
      call.input_lengths = UnsafePointer(operands[2].elements())
      call.target_lengths = UnsafePointer(operands[3].elements())
      call.losses = operands[4].elements()
      call.gradient = operands[5].elements()
      return { [call] () throws(KernelError) in
        var call = call
        let status = fovea_ctc_loss(&call, scratch.elements(), Int32(threads))
        guard status == Int32(FOVEA_SUCCESS.rawValue) else {
          throw KernelError("ctcLoss: a target or a length is out of range")
        }
      }
    }
  }

  /// The C call without addresses.
  private static func call(_ logits: Shape, _ words: Int) -> fovea_ctc {
    var call = fovea_ctc()
    call.batch = Int64(logits[0])
    call.steps = Int64(logits[1])
    call.symbols = Int64(logits[2])
    call.words = Int64(words)
    return call
  }
}
