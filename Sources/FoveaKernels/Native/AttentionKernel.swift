import CKernels
package import FoveaArray

/// softmax(scale · Q Kᵀ + mask) V, tile by tile, and its gradient.
///
/// Neither pass holds more than one tile of the matrix of scores a thread: the forward pass keeps
/// the running maximum and sum of each row (Milakov and Gimelshein 2018), the backward pass
/// computes the tiles again from the rows' log-sum-exp (Dao et al. 2022, algorithm 4). The products
/// of a tile run on one thread each, through primitives compiled for one thread.
package struct AttentionDescription: Hashable, Sendable {
  /// `[batch…, queries, headSize]`.
  package var query: Shape
  /// `[batch…, keys, headSize]`.
  package var key: Shape
  /// `[batch…, keys, valueSize]`.
  package var value: Shape
  /// Broadcasts to `[batch…, queries, keys]`; `nil` for no mask.
  package var mask: Shape?
  /// The factor on Q Kᵀ.
  package var scale: Float
  /// Which keys each query sees, beside the mask; tiles that nobody sees are left out.
  package var visibility: AttentionVisibility

  /// - Precondition: a mask and lengths are not given together.
  package init(
    query: Shape, key: Shape, value: Shape, mask: Shape?, scale: Float,
    visibility: AttentionVisibility = .all
  ) {
    self.query = query
    self.key = key
    self.value = value
    self.mask = mask
    self.scale = scale
    self.visibility = visibility
    precondition(
      mask == nil || visibility.lengths == nil, "attention: both a mask and lengths are given")
  }

  /// Operands between the values and the results: a mask, or lengths.
  var maskOperands: Int { mask == nil && visibility.lengths == nil ? 0 : 1 }

  var queries: Int { query[-2] }
  var keys: Int { key[-2] }
  var headSize: Int { query[-1] }
  var valueSize: Int { value[-1] }
  /// Independent attentions: the product of the batch axes.
  var groups: Int { query.sizes.dropLast(2).reduce(1, *) }

  /// Queries in a tile; 64 rows of scores are enough for the products to run at full speed.
  var tileRows: Int { min(queries, 64) }
  /// Keys in a tile: with 64 rows, 128 KB of scores, a fraction of the second-level cache.
  var tileColumns: Int { min(keys, 512) }
  var rowTiles: Int { (queries + tileRows - 1) / tileRows }
  var columnTiles: Int { (keys + tileColumns - 1) / tileColumns }

  /// Rows of tile `index`.
  func rows(_ index: Int) -> Int { min(tileRows, queries - index * tileRows) }
  /// Columns of tile `index`.
  func columns(_ index: Int) -> Int { min(tileColumns, keys - index * tileColumns) }

  /// Operands: query, key, value, mask or lengths if any; result `[batch…, queries, valueSize]`,
  /// log-sum-exp `[batch…, queries]`. All row-major.
  package func forward(threads: Int) throws(KernelError) -> NativeKernel {
    let products = try ForwardProducts(self)
    let perThread = aligned(tileRows * tileColumns) + aligned(3 * tileRows)
    let bytes = 4 * perThread + products.scratchBytes
    return NativeKernel("attention", scratchBytes: threads * bytes) {
      (operands, scratch) throws(KernelError) in
      let bound = try BoundAttention(
        self, products, operands, scratch: scratch, bytesPerThread: bytes, threads: threads)
      return { () throws(KernelError) in try bound.run() }
    }
  }

  /// Operands: gradient of the result, query, key, value, mask or lengths if any, result,
  /// log-sum-exp;
  /// gradients of query, key and value. All row-major.
  package func backward(threads: Int) throws(KernelError) -> NativeKernel {
    // Nobody asked: keys and values have zeros for a gradient.
    guard queries > 0 else {
      let counts = [key, value].map { Int64($0.elementCount) }
      return NativeKernel("zeros") { operands, _ in
        {
          for (gradient, count) in zip(operands.suffix(2), counts) {
            fovea_fill(gradient, 0, 4, count)
          }
        }
      }
    }
    let products = try BackwardProducts(self)
    let perThread = 2 * aligned(tileRows * tileColumns) + aligned(queries)
    let bytes = 4 * perThread + products.scratchBytes
    return NativeKernel("attentionGradient", scratchBytes: threads * bytes) {
      (operands, scratch) throws(KernelError) in
      let bound = try BoundAttentionGradient(
        self, products, operands, scratch: scratch, bytesPerThread: bytes, threads: threads)
      return { () throws(KernelError) in try bound.run() }
    }
  }

  /// Elements rounded up to whole cache lines.
  func aligned(_ elements: Int) -> Int { (elements + 15) / 16 * 16 }

  /// Where the mask of each group begins, and its strides along queries and keys.
  func maskStrides() -> (groups: [Int], row: Int, column: Int) {
    guard let mask else { return ([], 0, 0) }
    let full = Shape(Array(query.sizes.dropLast()) + [keys])
    let strides = mask.broadcastStrides(to: full)
    var offsets: [Int] = [0]
    for axis in 0..<(full.rank - 2) {
      offsets = offsets.flatMap { offset in
        (0..<full[axis]).map { offset + $0 * strides[axis] }
      }
    }
    return (offsets, strides[full.rank - 2], strides[full.rank - 1])
  }
}

/// A product of small dense matrices on one thread, for each size that tiles have.
struct TileProduct: Sendable {
  /// By whether the row tile is the last one, then the column tile.
  private let kernels: [[PrimitiveKernel]]

  /// - Parameter make: the kernel for a tile of this many rows and columns.
  init(
    _ tiles: AttentionDescription,
    _ make: (_ rows: Int, _ columns: Int) throws(KernelError)
      -> PrimitiveKernel
  ) throws(KernelError) {
    var kernels: [[PrimitiveKernel]] = []
    for rows in [tiles.rows(0), tiles.rows(tiles.rowTiles - 1)] {
      var line: [PrimitiveKernel] = []
      for columns in [tiles.columns(0), tiles.columns(tiles.columnTiles - 1)] {
        line.append(try make(rows, columns))
      }
      kernels.append(line)
    }
    self.kernels = kernels
  }

  /// Dense `[rows, inner]` · `[inner, columns]`, operands stored transposed where said.
  static func make(
    _ rows: Int, _ inner: Int, _ columns: Int, transposingLeft: Bool = false,
    transposingRight: Bool = false, adding: Bool = false
  ) throws(KernelError) -> PrimitiveKernel {
    func layout(_ shape: Shape, _ transposed: Bool) -> Layout {
      .ordered(ArrayType(shape), axes: transposed ? [1, 0] : [0, 1])
    }
    return try MatMulKernel.make(
      left: layout([rows, inner], transposingLeft),
      right: layout([inner, columns], transposingRight),
      hasBias: false, result: layout([rows, columns], false), adding ? [.sum] : [])
  }

  var scratchBytes: Int { kernels.joined().map(\.scratchBytes).max() ?? 0 }

  func bind(scratch: UnsafeMutableRawPointer) throws(KernelError) -> BoundTileProduct {
    var bound: [[BoundPrimitive]] = []
    for line in kernels {
      var boundLine: [BoundPrimitive] = []
      for kernel in line {
        boundLine.append(
          try BoundPrimitive(kernel, [scratch, scratch, scratch], scratch: scratch))
      }
      bound.append(boundLine)
    }
    return BoundTileProduct(primitives: bound)
  }
}

/// A tile product that one thread runs on whatever memory it names.
struct BoundTileProduct {
  fileprivate let primitives: [[BoundPrimitive]]

  func callAsFunction(
    lastRows: Bool, lastColumns: Bool, _ left: UnsafeMutablePointer<Float>,
    _ right: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) throws(KernelError) {
    let primitive = primitives[lastRows ? 1 : 0][lastColumns ? 1 : 0]
    primitive.point(0, at: left)
    primitive.point(1, at: right)
    primitive.point(2, at: result)
    try primitive.run()
  }
}

/// Compiles with a team of one, as the products inside a tile run on one thread.
func compilingForOneThread<Result>(
  _ body: () throws(KernelError) -> Result
) throws(KernelError) -> Result {
  let threads = fovea_threads()
  fovea_set_threads(1)
  defer { fovea_set_threads(threads) }
  return try body()
}
