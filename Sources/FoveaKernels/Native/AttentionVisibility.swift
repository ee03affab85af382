import CKernels
package import FoveaArray

/// Which keys each query of an attention sees. What a query sees begins with the first key.
package enum AttentionVisibility: Hashable, Sendable {
  /// All keys.
  case all
  /// Query i sees keys 0…i.
  case causal
  /// Each item sees as many keys as an int32 of this shape, which broadcasts to `[batch…]`, says.
  case lengths(Shape)

  var lengths: Shape? {
    if case .lengths(let shape) = self { shape } else { nil }
  }
}

/// Which columns of each tile are seen, with the lengths' memory.
struct BoundVisibility {
  private let tiles: AttentionDescription
  private let lengths: UnsafeMutablePointer<Int32>?
  /// Where the length of each group lies.
  private let offsets: [Int]

  /// - Parameter lengths: the operand behind the values, which is the lengths if there are any.
  init(_ tiles: AttentionDescription, lengths: UnsafeMutableRawPointer?) {
    self.tiles = tiles
    guard let shape = tiles.visibility.lengths else {
      (self.lengths, offsets) = (nil, [])
      return
    }
    self.lengths = lengths?.elements()
    let batch = Shape(Array(tiles.query.sizes.dropLast(2)))
    let strides = shape.broadcastStrides(to: batch)
    var offsets = [0]
    for axis in 0..<batch.rank {
      offsets = offsets.flatMap { offset in
        (0..<batch[axis]).map { offset + $0 * strides[axis] }
      }
    }
    self.offsets = offsets
  }

  /// The columns of a tile that its rows see; `nil` where none sees any.
  func columns(row: Int, column: Int, group: Int) -> fovea_visibility? {
    let firstKey = column * tiles.tileColumns
    switch tiles.visibility {
    case .all: return fovea_visibility(first: Int64(tiles.columns(column)), step: 0)
    case .causal:
      let first = row * tiles.tileRows - firstKey + 1
      return first + tiles.rows(row) > 1 ? fovea_visibility(first: Int64(first), step: 1) : nil
    case .lengths:
      let first = (lengths.map { Int($0[offsets[group]]) } ?? 0) - firstKey
      return first > 0 ? fovea_visibility(first: Int64(first), step: 0) : nil
    }
  }
}
