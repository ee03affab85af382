package import FoveaArray

/// One computation that is compiled and ready to be bound to memory.
///
/// Operands are its inputs, then its results, in the order of the op that it implements.
package protocol Kernel: Sendable {
  /// The implementation's name: oneDNN's own (`jit:avx512_core`), or `native:` and ours.
  var implementation: String { get }
  /// Bytes of scratch memory that one run needs.
  var scratchBytes: Int { get }
  /// Ties the kernel to its operands' memory, 64-byte aligned, and to scratch memory.
  ///
  /// Everything that a run needs is made here, so that running allocates nothing of ours.
  func bind(
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer
  )
    throws(KernelError) -> BoundKernel
}

/// A kernel tied to memory: calling it runs it on the calling thread's team.
package typealias BoundKernel = () throws(KernelError) -> Void
