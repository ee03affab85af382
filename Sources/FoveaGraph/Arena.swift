import FoveaKernels

/// Memory for the intermediate results of plans that take turns.
///
/// A text's length decides which plan runs; with an arena for each, training on texts of twenty lengths
/// would take the memory of twenty.
package final class Arena {
  /// A stretch that sessions are bound to, and the one whose inputs and constants lie in it now.
  final class Region {
    let memory: Memory
    weak var holder: Session?

    init(byteCount: Int) { memory = Memory(byteCount: byteCount) }
  }

  private var region: Region?

  package init() {}

  /// A region of at least so many bytes. Kernels keep addresses, so that one that has become too small
  /// stays with the sessions that have it; the next is twice as large, of which what nobody touches
  /// takes no memory.
  ///
  /// - Throws: `InputError` where the machine has not so much.
  func region(byteCount: Int) throws -> Region {
    if let region, region.memory.byteCount >= byteCount { return region }
    try SessionMemory.require(byteCount)
    let larger = Region(byteCount: max(byteCount, 2 * (region?.memory.byteCount ?? 0)))
    region = larger
    return larger
  }
}
