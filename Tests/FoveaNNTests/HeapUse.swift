import CAllocationCounter
import FoveaGraph
import FoveaKernels

/// Bytes of the largest piece of memory that a run of a session takes from the heap, a run before it
/// having taken what it needs once.
///
/// Without AVX-512, oneDNN's matrix product is its `gemm`, which takes the space for packing operands
/// from the heap at each call, 16,640 bytes for the smallest: these steps are left out there.
func largestAllocation(in session: Session) throws -> Int {
  try session.run()
  var largest = 0
  for (index, step) in session.plan.steps.enumerated() {
    if ProcessorLevel.current < .avx512, step.kernel.implementation.contains("gemm") { continue }
    allocation_counter_start()
    try session.runStep(index)
    largest = max(largest, Int(allocation_counter_stop().largest))
  }
  return largest
}
