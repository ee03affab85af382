import CKernels
import FoveaArray

/// The two products of a tile of attention.
struct ForwardProducts: Sendable {
  let scores: TileProduct
  let weighted: TileProduct
  let weightedAdding: TileProduct

  init(_ tiles: AttentionDescription) throws(KernelError) {
    let (headSize, valueSize) = (tiles.headSize, tiles.valueSize)
    (scores, weighted, weightedAdding) = try compilingForOneThread {
      () throws(KernelError) in
      (
        try TileProduct(tiles) { (rows, columns) throws(KernelError) in
          try TileProduct.make(rows, headSize, columns, transposingRight: true)
        },
        try TileProduct(tiles) { (rows, columns) throws(KernelError) in
          try TileProduct.make(rows, columns, valueSize)
        },
        try TileProduct(tiles) { (rows, columns) throws(KernelError) in
          try TileProduct.make(rows, columns, valueSize, adding: true)
        }
      )
    }
  }

  var scratchBytes: Int {
    (max(scores.scratchBytes, weighted.scratchBytes, weightedAdding.scratchBytes) + 63) / 64 * 64
  }
}

/// The forward pass tied to memory. Each thread takes an equal share of the row tiles.
final class BoundAttention {
  private let tiles: AttentionDescription
  private let operands: [UnsafeMutablePointer<Float>]
  private let scratch: UnsafeMutableRawPointer
  private let bytesPerThread: Int
  private let threads: Int
  private let mask: (groups: [Int], row: Int, column: Int)
  private let visibility: BoundVisibility
  private var products: [(BoundTileProduct, BoundTileProduct, BoundTileProduct)] = []
  private var failures: [KernelError?]

  init(
    _ tiles: AttentionDescription, _ products: ForwardProducts,
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer, bytesPerThread: Int,
    threads: Int
  ) throws(KernelError) {
    self.tiles = tiles
    self.operands = operands.map { $0.elements() }
    self.scratch = scratch
    self.bytesPerThread = bytesPerThread
    self.threads = min(threads, tiles.groups * tiles.rowTiles)
    mask = tiles.maskStrides()
    visibility = BoundVisibility(tiles, lengths: operands.count > 3 ? operands[3] : nil)
    failures = .init(repeating: nil, count: threads)
    for thread in 0..<threads {
      let space = scratch + thread * bytesPerThread
      self.products.append(
        (
          try products.scores.bind(scratch: space), try products.weighted.bind(scratch: space),
          try products.weightedAdding.bind(scratch: space)
        ))
    }
    let primitiveBytes = products.scratchBytes
    tileOffset = primitiveBytes
  }

  /// Where a thread's own arrays begin, after the primitives' scratch.
  private let tileOffset: Int

  func run() throws(KernelError) {
    fovea_parallel_threads(
      Int32(threads),
      { context, thread, threads in
        guard let context else { return }
        let bound = Unmanaged<BoundAttention>.fromOpaque(context).takeUnretainedValue()
        bound.runShare(Int(thread), of: Int(threads))
      }, Unmanaged.passUnretained(self).toOpaque())
    for failure in failures { if let failure { throw failure } }
  }

  private func runShare(_ thread: Int, of threads: Int) {
    let items = tiles.groups * tiles.rowTiles
    do {
      for item in (items * thread / threads)..<(items * (thread + 1) / threads) {
        try runTile(group: item / tiles.rowTiles, row: item % tiles.rowTiles, thread)
      }
    } catch {
      failures[thread] = error
    }
  }

  private func runTile(group: Int, row: Int, _ thread: Int) throws(KernelError) {
    let hasMask = tiles.mask != nil
    let rows = tiles.rows(row)
    let first = row * tiles.tileRows
    let query = operands[0] + (group * tiles.queries + first) * tiles.headSize
    let results = 3 + tiles.maskOperands
    let result = operands[results] + (group * tiles.queries + first) * tiles.valueSize
    let logSumExp = operands[results + 1] + group * tiles.queries + first
    let space: UnsafeMutablePointer<Float> =
      (scratch + thread * bytesPerThread + tileOffset).elements()
    let scores = space
    let maximum = space + tiles.aligned(tiles.tileRows * tiles.tileColumns)
    let sum = maximum + tiles.tileRows
    let correction = sum + tiles.tileRows
    maximum.update(repeating: -.infinity, count: rows)
    sum.update(repeating: 0, count: rows)
    let (score, weighted, weightedAdding) = products[thread]
    let lastRows = row == tiles.rowTiles - 1
    var isFirst = true
    for column in 0..<tiles.columnTiles {
      guard let visible = visibility.columns(row: row, column: column, group: group) else {
        continue
      }
      let columns = tiles.columns(column)
      let lastColumns = column == tiles.columnTiles - 1
      let firstKey = column * tiles.tileColumns
      let key = operands[1] + (group * tiles.keys + firstKey) * tiles.headSize
      let value = operands[2] + (group * tiles.keys + firstKey) * tiles.valueSize
      let bias =
        hasMask
        ? operands[3] + mask.groups[group] + first * mask.row + firstKey * mask.column : nil
      try score(lastRows: lastRows, lastColumns: lastColumns, query, key, into: scores)
      fovea_softmax_tile(
        scores, Int64(rows), Int64(columns), tiles.scale, bias, Int64(mask.row),
        Int64(mask.column), visible, maximum, sum, correction)
      if !isFirst {
        fovea_scale_rows(result, correction, Int64(rows), Int64(tiles.valueSize))
      }
      let product = isFirst ? weighted : weightedAdding
      try product(lastRows: lastRows, lastColumns: lastColumns, scores, value, into: result)
      isFirst = false
    }
    if isFirst { result.update(repeating: 0, count: rows * tiles.valueSize) }
    fovea_finish_rows(
      result, maximum, sum, logSumExp, Int64(rows), Int64(tiles.valueSize))
  }
}
