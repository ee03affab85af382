/// Places arrays in one stretch of memory so that those alive at the same time do not overlap.
///
/// Largest first, each at the lowest place that is free throughout its life (greedy by size: Pisarchyk
/// and Lee 2020, section 5).
package enum PlanMemory {
  /// An array and the steps, both ends included, during which its memory is taken.
  package struct Block: Hashable, Sendable {
    package var bytes: Int
    package var firstStep: Int
    package var lastStep: Int

    package init(bytes: Int, firstStep: Int, lastStep: Int) {
      self.bytes = bytes
      self.firstStep = firstStep
      self.lastStep = lastStep
    }
  }

  /// Every place is a multiple of this many bytes: a cache line.
  package static let alignment = 64

  /// Where each block begins, and how many bytes all of them take.
  package static func place(_ blocks: [Block]) -> (offsets: [Int], bytes: Int) {
    var offsets = [Int](repeating: 0, count: blocks.count)
    var placed: [Int] = []
    var total = 0
    let bySize = blocks.indices.sorted { (-blocks[$0].bytes, $0) < (-blocks[$1].bytes, $1) }
    for index in bySize where blocks[index].bytes > 0 {
      let block = blocks[index]
      let bytes = aligned(block.bytes)
      // Blocks alive at the same time, from the lowest up; the first gap that is wide enough.
      let neighbours = placed.filter {
        blocks[$0].firstStep <= block.lastStep && block.firstStep <= blocks[$0].lastStep
      }.sorted { offsets[$0] < offsets[$1] }
      var start = 0
      for neighbour in neighbours {
        if start + bytes <= offsets[neighbour] { break }
        start = max(start, offsets[neighbour] + aligned(blocks[neighbour].bytes))
      }
      offsets[index] = start
      total = max(total, start + bytes)
      placed.append(index)
    }
    return (offsets, total)
  }

  /// Bytes rounded up to whole cache lines.
  package static func aligned(_ bytes: Int) -> Int {
    (bytes + alignment - 1) / alignment * alignment
  }
}
