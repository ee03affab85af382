import CKernels
import FoveaArray

/// The five products of a tile of attention's gradient; three of them also adding to their result.
struct BackwardProducts: Sendable {
  let scores: TileProduct
  let probabilityGradient: TileProduct
  let valueGradient: [TileProduct]
  let keyGradient: [TileProduct]
  let queryGradient: [TileProduct]

  init(_ tiles: AttentionDescription) throws(KernelError) {
    let (headSize, valueSize) = (tiles.headSize, tiles.valueSize)
    func product(
      _ make: (_ rows: Int, _ columns: Int) throws(KernelError) -> PrimitiveKernel
    ) throws(KernelError) -> TileProduct {
      try compilingForOneThread { () throws(KernelError) in try TileProduct(tiles, make) }
    }
    scores = try product { (rows, columns) throws(KernelError) in
      try TileProduct.make(rows, headSize, columns, transposingRight: true)
    }
    probabilityGradient = try product { (rows, columns) throws(KernelError) in
      try TileProduct.make(rows, valueSize, columns, transposingRight: true)
    }
    var valueGradient: [TileProduct] = []
    var keyGradient: [TileProduct] = []
    var queryGradient: [TileProduct] = []
    for adding in [false, true] {
      valueGradient.append(
        try product { (rows, columns) throws(KernelError) in
          try TileProduct.make(columns, rows, valueSize, transposingLeft: true, adding: adding)
        })
      keyGradient.append(
        try product { (rows, columns) throws(KernelError) in
          try TileProduct.make(columns, rows, headSize, transposingLeft: true, adding: adding)
        })
      queryGradient.append(
        try product { (rows, columns) throws(KernelError) in
          try TileProduct.make(rows, columns, headSize, adding: adding)
        })
    }
    self.valueGradient = valueGradient
    self.keyGradient = keyGradient
    self.queryGradient = queryGradient
  }

  fileprivate var all: [TileProduct] {
    [scores, probabilityGradient] + valueGradient + keyGradient + queryGradient
  }

  var scratchBytes: Int { ((all.map(\.scratchBytes).max() ?? 0) + 63) / 64 * 64 }
}

/// The backward pass tied to memory. Each thread takes an equal share of the groups.
final class BoundAttentionGradient {
  private let tiles: AttentionDescription
  private let operands: [UnsafeMutablePointer<Float>]
  private let scratch: UnsafeMutableRawPointer
  private let bytesPerThread: Int
  private let tileOffset: Int
  private let threads: Int
  private let mask: (groups: [Int], row: Int, column: Int)
  private let visibility: BoundVisibility
  /// For each thread, the products in the order of `BackwardProducts.all`.
  private var products: [[BoundTileProduct]] = []
  private var failures: [KernelError?]

  init(
    _ tiles: AttentionDescription, _ products: BackwardProducts,
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer, bytesPerThread: Int,
    threads: Int
  ) throws(KernelError) {
    self.tiles = tiles
    self.operands = operands.map { $0.elements() }
    self.scratch = scratch
    self.bytesPerThread = bytesPerThread
    self.threads = min(threads, tiles.groups)
    tileOffset = products.scratchBytes
    mask = tiles.maskStrides()
    visibility = BoundVisibility(tiles, lengths: operands.count > 4 ? operands[4] : nil)
    failures = .init(repeating: nil, count: threads)
    for thread in 0..<threads {
      var bound: [BoundTileProduct] = []
      for product in products.all {
        bound.append(try product.bind(scratch: scratch + thread * bytesPerThread))
      }
      self.products.append(bound)
    }
  }

  func run() throws(KernelError) {
    fovea_parallel_threads(
      Int32(threads),
      { context, thread, threads in
        guard let context else { return }
        let bound = Unmanaged<BoundAttentionGradient>.fromOpaque(context).takeUnretainedValue()
        bound.runShare(Int(thread), of: Int(threads))
      }, Unmanaged.passUnretained(self).toOpaque())
    for failure in failures { if let failure { throw failure } }
  }

  private func runShare(_ thread: Int, of threads: Int) {
    do {
      let groups = tiles.groups
      for group in (groups * thread / threads)..<(groups * (thread + 1) / threads) {
        try runGroup(group, thread)
      }
    } catch {
      failures[thread] = error
    }
  }

  private func runGroup(_ group: Int, _ thread: Int) throws(KernelError) {
    let offset = tiles.maskOperands
    let queryStart = group * tiles.queries
    let keyStart = group * tiles.keys
    let resultGradient = operands[0] + queryStart * tiles.valueSize
    let result = operands[4 + offset] + queryStart * tiles.valueSize
    let space: UnsafeMutablePointer<Float> =
      (scratch + thread * bytesPerThread + tileOffset).elements()
    let dots = space + 2 * tiles.aligned(tiles.tileRows * tiles.tileColumns)
    fovea_row_dots(
      resultGradient, result, dots, Int64(tiles.queries), Int64(tiles.valueSize))
    for column in 0..<tiles.columnTiles {
      var isFirst = true
      for row in 0..<tiles.rowTiles {
        guard let visible = visibility.columns(row: row, column: column, group: group) else {
          // What a query sees begins with the first key: it sees nothing at all.
          if column == 0 {
            let start = queryStart + row * tiles.tileRows
            (operands[6 + offset] + start * tiles.headSize).update(
              repeating: 0, count: tiles.rows(row) * tiles.headSize)
          }
          continue
        }
        try runTile(
          row: row, column: column, group: group, queryStart: queryStart, keyStart: keyStart,
          visible: visible, addsToKeys: !isFirst, space: space, dots: dots, products[thread])
        isFirst = false
      }
      guard isFirst else { continue }
      let start = keyStart + column * tiles.tileColumns
      (operands[7 + offset] + start * tiles.headSize).update(
        repeating: 0, count: tiles.columns(column) * tiles.headSize)
      (operands[8 + offset] + start * tiles.valueSize).update(
        repeating: 0, count: tiles.columns(column) * tiles.valueSize)
    }
  }

  private func runTile(
    row: Int, column: Int, group: Int, queryStart: Int, keyStart: Int,
    visible: fovea_visibility, addsToKeys: Bool, space: UnsafeMutablePointer<Float>,
    dots: UnsafeMutablePointer<Float>, _ products: [BoundTileProduct]
  ) throws(KernelError) {
    let hasMask = tiles.mask != nil
    let offset = tiles.maskOperands
    let rows = Int64(tiles.rows(row))
    let columns = Int64(tiles.columns(column))
    let lastRows = row == tiles.rowTiles - 1
    let lastColumns = column == tiles.columnTiles - 1
    let firstRow = row * tiles.tileRows
    let firstKey = column * tiles.tileColumns
    let resultGradient = operands[0] + (queryStart + firstRow) * tiles.valueSize
    let query = operands[1] + (queryStart + firstRow) * tiles.headSize
    let key = operands[2] + (keyStart + firstKey) * tiles.headSize
    let value = operands[3] + (keyStart + firstKey) * tiles.valueSize
    let logSumExp = operands[5 + offset] + queryStart + firstRow
    let queryGradient = operands[6 + offset] + (queryStart + firstRow) * tiles.headSize
    let keyGradient = operands[7 + offset] + (keyStart + firstKey) * tiles.headSize
    let valueGradient = operands[8 + offset] + (keyStart + firstKey) * tiles.valueSize
    let bias =
      hasMask
      ? operands[4] + mask.groups[group] + firstRow * mask.row + firstKey * mask.column : nil
    let probability = space
    let gradient = space + tiles.aligned(tiles.tileRows * tiles.tileColumns)
    func run(
      _ index: Int, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
      _ result: UnsafeMutablePointer<Float>
    ) throws(KernelError) {
      try products[index](
        lastRows: lastRows, lastColumns: lastColumns, left, right, into: result)
    }
    try run(0, query, key, probability)
    fovea_probability_tile(
      probability, rows, columns, tiles.scale, bias, Int64(mask.row), Int64(mask.column), visible,
      logSumExp)
    try run(1, resultGradient, value, gradient)
    try run(addsToKeys ? 3 : 2, probability, resultGradient, valueGradient)
    fovea_score_gradient_tile(
      gradient, probability, dots + firstRow, rows, columns, tiles.scale)
    try run(addsToKeys ? 5 : 4, gradient, query, keyGradient)
    try run(column == 0 ? 6 : 7, gradient, key, queryGradient)
  }
}
