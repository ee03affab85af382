package import FoveaArray
import Glibc

/// A stretch of memory with one owner: an arena, or a variable. Zeroed at first, 64-byte aligned.
package final class Memory {
  let pointer: UnsafeMutableRawPointer
  package let byteCount: Int

  /// The mapping that holds a large stretch; others are the allocator's.
  private let mapping: UnsafeMutableRawBufferPointer?

  private static let largePage = 1 << 21

  package init(byteCount: Int) {
    let bytes = max(byteCount, 64)
    self.byteCount = bytes
    if bytes >= Memory.largePage {
      // Pages fresh from the system are zero, and those that nothing touches take no memory.
      let length = bytes + Memory.largePage
      let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let start, start != MAP_FAILED else {
        fatalError("memory: \(bytes) bytes are not to be had")
      }
      mapping = UnsafeMutableRawBufferPointer(start: start, count: length)
      pointer = start.alignedUp(toMultipleOf: Memory.largePage)
      // Large pages spare the processor most translations of addresses.
      madvise(pointer, bytes, Int32(MADV_HUGEPAGE))
    } else {
      var memory: UnsafeMutableRawPointer?
      guard posix_memalign(&memory, 64, bytes) == 0, let memory else {
        fatalError("memory: \(bytes) bytes are not to be had")
      }
      memset(memory, 0, bytes)
      mapping = nil
      pointer = memory
    }
  }

  deinit {
    if let mapping { munmap(mapping.baseAddress, mapping.count) } else { free(pointer) }
  }

  /// Stores an array at `offset` in `layout`.
  ///
  /// - Throws: `KernelError` when there is no copy from row-major to the layout.
  package func write(_ array: HostArray, at offset: Int = 0, in layout: Layout) throws(KernelError)
  {
    require(
      array.type == layout.type && offset + layout.byteCount <= byteCount,
      "memory: \(array.type) does not fit \(layout.type)")
    guard array.shape.elementCount > 0 else { return }
    if layout.isRowMajor {
      array.withBytes { (pointer + offset).copyMemory(from: $0) }
    } else {
      let plain = Memory(byteCount: array.type.byteCount)
      array.withBytes { plain.pointer.copyMemory(from: $0) }
      try Memory.reorder(
        plain.pointer, .rowMajor(array.type), into: pointer + offset, layout)
    }
  }

  /// The array stored at `offset` in `layout`.
  ///
  /// - Throws: `KernelError` when there is no copy from the layout to row-major.
  package func read(at offset: Int = 0, in layout: Layout) throws(KernelError) -> HostArray {
    require(offset + layout.byteCount <= byteCount, "memory: \(layout.type) lies outside")
    guard layout.type.shape.elementCount > 0 else { return HostArray(zeros: layout.type) }
    func array(_ start: UnsafeMutableRawPointer) -> HostArray {
      HostArray(
        layout.type,
        copying: UnsafeRawBufferPointer(start: start, count: layout.type.byteCount).bytes)
    }
    if layout.isRowMajor { return array(pointer + offset) }
    let plain = Memory(byteCount: layout.type.byteCount)
    try Memory.reorder(pointer + offset, layout, into: plain.pointer, .rowMajor(layout.type))
    return array(plain.pointer)
  }

  private static func reorder(
    _ source: UnsafeMutableRawPointer, _ sourceLayout: Layout,
    into destination: UnsafeMutableRawPointer, _ destinationLayout: Layout
  ) throws(KernelError) {
    let kernel = try ReorderKernel.make(from: sourceLayout, to: destinationLayout)
    let scratch = Memory(byteCount: kernel.scratchBytes)
    try kernel.bind([source, destination], scratch: scratch.pointer)()
  }
}

extension UnsafeMutableRawPointer {
  fileprivate func copyMemory(from bytes: RawSpan) {
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { copyMemory(from: start, byteCount: source.count) }
    }
  }
}

/// A place in memory with a layout.
package struct Slot: Sendable, Hashable {
  /// What the place is part of.
  package enum Storage: Sendable, Hashable {
    /// The arena, from this byte on.
    case arena(Int)
    /// The variable with this number.
    case variable(Int)
  }

  package let storage: Storage
  package let layout: Layout

  package init(storage: Storage, layout: Layout) {
    self.storage = storage
    self.layout = layout
  }
}

/// Kernels tied to memory, in the order in which they run.
package final class BoundKernels {
  /// A closure in an array would be wrapped anew, on the heap, whenever it is read.
  private struct Entry {
    let run: BoundKernel
  }

  private let kernels: [Entry]
  // Kernels hold addresses into these.
  private let arena: Memory
  private let variables: [Memory]

  /// - Parameter scratchOffset: where in the arena scratch memory begins; kernels run one after
  ///   another and share it.
  package init(
    _ kernels: [(kernel: any Kernel, operands: [Slot])], arena: Memory, scratchOffset: Int,
    variables: [Memory]
  ) throws(KernelError) {
    self.arena = arena
    self.variables = variables
    var bound: [Entry] = []
    for (kernel, operands) in kernels {
      KernelThread.giveWay()
      let pointers = operands.map { slot in
        switch slot.storage {
        case .arena(let offset): arena.pointer + offset
        case .variable(let number): variables[number].pointer
        }
      }
      bound.append(Entry(run: try kernel.bind(pointers, scratch: arena.pointer + scratchOffset)))
    }
    self.kernels = bound
  }

  /// Runs all kernels.
  package func run() throws(KernelError) {
    // An iterator takes memory from the heap in debug builds.
    for index in 0..<kernels.count {
      KernelThread.giveWay()
      try kernels[index].run()
    }
  }

  /// Runs one kernel, for measurements.
  package func run(_ index: Int) throws(KernelError) { try kernels[index].run() }
}
