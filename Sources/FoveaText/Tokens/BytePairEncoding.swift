/// Joins neighbouring tokens as long as a list of merges names a pair of them, the pair that stands
/// first in the list before others.
///
/// Sennrich et al. 2016, on bytes as in Radford et al. 2019.
struct BytePairEncoding: Sendable {
  private let merges: PairTable
  /// The token of each byte.
  let byteTokens: [Int32]

  /// - Parameters:
  ///   - byteTokens: the token of each of the 256 bytes.
  ///   - merges: pairs of tokens and the token that they become, the first to be made first.
  init(byteTokens: [Int32], merges: [(left: Int32, right: Int32, result: Int32)]) {
    self.byteTokens = byteTokens
    self.merges = PairTable(merges)
  }

  /// The pairs in their order.
  var pairs: [(left: Int32, right: Int32)] { merges.pairs }

  /// Memory that is used again from word to word.
  struct Workspace {
    fileprivate var tokens: [Int32] = []
    fileprivate var ends: [Int] = []
    fileprivate var ranks: [UInt32] = []
  }

  /// Gives `body` the tokens of some bytes with the place where each ends.
  func forEachToken(
    _ bytes: [UInt8], in range: Range<Int>, _ workspace: inout Workspace,
    _ body: (Int32, Int) -> Void
  ) {
    workspace.tokens.removeAll(keepingCapacity: true)
    workspace.ends.removeAll(keepingCapacity: true)
    for position in range {
      workspace.tokens.append(byteTokens[Int(bytes[position])])
      workspace.ends.append(position + 1)
    }
    if range.count > 64 { mergeByQueue(&workspace) } else { mergeByScanning(&workspace) }
    for index in workspace.tokens.indices { body(workspace.tokens[index], workspace.ends[index]) }
  }

  /// For words: looks at all pairs before each merge.
  private func mergeByScanning(_ space: inout Workspace) {
    var count = space.tokens.count
    guard count > 1 else { return }
    space.ranks.removeAll(keepingCapacity: true)
    for index in 0..<(count - 1) {
      space.ranks.append(merges[space.tokens[index], space.tokens[index + 1]].rank)
    }
    while count > 1 {
      var best = 0
      var rank = space.ranks[0]
      for index in 1..<count where index < count - 1 && space.ranks[index] < rank {
        best = index
        rank = space.ranks[index]
      }
      guard rank != PairTable.none else { break }
      space.tokens[best] = merges[space.tokens[best], space.tokens[best + 1]].result
      space.ends[best] = space.ends[best + 1]
      for index in (best + 1)..<(count - 1) {
        space.tokens[index] = space.tokens[index + 1]
        space.ends[index] = space.ends[index + 1]
        if index < count - 2 { space.ranks[index] = space.ranks[index + 1] }
      }
      count -= 1
      if best < count - 1 {
        space.ranks[best] = merges[space.tokens[best], space.tokens[best + 1]].rank
      }
      if best > 0 {
        space.ranks[best - 1] = merges[space.tokens[best - 1], space.tokens[best]].rank
      }
    }
    space.tokens.removeLast(space.tokens.count - count)
    space.ends.removeLast(space.ends.count - count)
  }

  /// For text without spaces: a queue of pairs, n log n for n bytes.
  private func mergeByQueue(_ space: inout Workspace) {
    let count = space.tokens.count
    var next = (0..<Int32(count)).map { $0 + 1 }
    var previous = (0..<Int32(count)).map { $0 - 1 }
    var isGone = [Bool](repeating: false, count: count)
    // The rank, then the place: a merge's order in one number.
    var queue = MergeQueue()
    func push(_ index: Int) {
      let right = Int(next[index])
      guard right < count else { return }
      let rank = merges[space.tokens[index], space.tokens[right]].rank
      if rank != PairTable.none { queue.push(UInt64(rank) << 32 | UInt64(index)) }
    }
    for index in 0..<(count - 1) { push(index) }
    while let top = queue.pop() {
      let index = Int(top & 0xFFFF_FFFF)
      let right = Int(next[index])
      guard !isGone[index], right < count else { continue }
      let merge = merges[space.tokens[index], space.tokens[right]]
      // The pair has changed since it was noted.
      guard UInt64(merge.rank) == top >> 32 else { continue }
      space.tokens[index] = merge.result
      space.ends[index] = space.ends[right]
      isGone[right] = true
      next[index] = next[right]
      if Int(next[right]) < count { previous[Int(next[right])] = Int32(index) }
      if previous[index] >= 0 { push(Int(previous[index])) }
      push(index)
    }
    var kept = 0
    for index in 0..<count where !isGone[index] {
      space.tokens[kept] = space.tokens[index]
      space.ends[kept] = space.ends[index]
      kept += 1
    }
    space.tokens.removeLast(count - kept)
    space.ends.removeLast(count - kept)
  }
}

/// The smallest number first.
private struct MergeQueue {
  private var heap: [UInt64] = []

  mutating func push(_ value: UInt64) {
    heap.append(value)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> UInt64? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return first
  }
}

/// Merges by their pair.
private struct PairTable: Sendable {
  /// The rank of a pair that does not merge.
  static let none = UInt32.max

  private var keys: [UInt64]
  private var values: [UInt64]
  private let mask: Int

  init(_ merges: [(left: Int32, right: Int32, result: Int32)]) {
    var size = 16
    while size < merges.count * 2 { size *= 2 }
    keys = [UInt64](repeating: .max, count: size)
    values = [UInt64](repeating: 0, count: size)
    mask = size - 1
    for (rank, merge) in merges.enumerated() {
      let key = Self.key(merge.left, merge.right)
      let slot = slot(key)
      keys[slot] = key
      values[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merge.result))
    }
  }

  @inline(__always)
  subscript(left: Int32, right: Int32) -> (rank: UInt32, result: Int32) {
    let key = Self.key(left, right)
    let slot = slot(key)
    guard keys[slot] == key else { return (Self.none, -1) }
    let value = values[slot]
    return (UInt32(value >> 32), Int32(truncatingIfNeeded: value))
  }

  /// The pairs, the first to be made first.
  var pairs: [(left: Int32, right: Int32)] {
    let slots = keys.indices.filter { keys[$0] != UInt64.max }.sorted { values[$0] < values[$1] }
    return slots.map { slot in
      let key = keys[slot]
      return (
        left: Int32(bitPattern: UInt32(key >> 32)),
        right: Int32(bitPattern: UInt32(truncatingIfNeeded: key))
      )
    }
  }

  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    let hash = key &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while keys[slot] != key, keys[slot] != .max { slot = (slot + 1) & mask }
    return slot
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }
}
