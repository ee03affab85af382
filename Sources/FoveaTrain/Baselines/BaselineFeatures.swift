import FoveaArray
import FoveaData
import Glibc

/// What simple classifiers see of an example: a few numbers that anybody would think of first.
///
/// Pictures are grey, at most 32 places a side, each the mean of the pixels there; recordings are the mean and
/// the deviation of every log-mel band over time; texts are bags of words, log (1 + count) of each of the
/// 2,048 tokens that occur in most of the texts that are trained on, divided by the vector's length.
struct BaselineFeatures {
  /// What is seen, for people.
  let name: String
  private let medium: Medium
  /// The columns of texts by their token.
  private var columns: [Int: Int] = [:]

  private static let side = 32
  private static let wordLimit = 2048

  /// Features of a store's examples; which words count is learned from `indices`.
  init(_ store: any ExampleStore, learningFrom indices: [Int]) throws {
    medium = store.dataset.medium
    switch medium {
    case .picture: name = "small grey pixels"
    case .sound: name = "the mean and deviation of each band over time"
    case .text:
      name = "bags of words"
      var occurrences: [Int: Int] = [:]
      try Self.forEachBatch(of: indices, in: store) { batch in
        for tokens in Self.tokens(batch) {
          for token in Set(tokens) { occurrences[token, default: 0] += 1 }
        }
      }
      let chosen = occurrences.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .prefix(Self.wordLimit)
      columns = Dictionary(
        uniqueKeysWithValues: chosen.enumerated().map { ($1.key, $0) })
    }
  }

  /// A row for each of a store's examples.
  ///
  /// - Throws: `InputError` where one cannot be read any more; `CancellationError`.
  func rows(of indices: [Int], in store: any ExampleStore) throws -> [[Float]] {
    var rows: [[Float]] = []
    try Self.forEachBatch(of: indices, in: store) { batch in
      switch medium {
      case .picture: rows += Self.pixels(batch)
      case .sound: rows += Self.bands(batch)
      case .text:
        rows += Self.tokens(batch).map { tokens in
          var row = [Float](repeating: 0, count: columns.count)
          for token in tokens { if let column = columns[token] { row[column] += 1 } }
          row = row.map { log1p($0) }
          let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return length > 0 ? row.map { $0 / length } : row
        }
      }
    }
    return rows
  }

  private static func forEachBatch(
    of indices: [Int], in store: any ExampleStore, _ body: (Batch) throws -> Void
  ) throws {
    let batches = try store.evaluationFeed(of: indices, batchSize: 64).batches(epoch: 0, from: 0)
    while let batch = try batches.next() {
      try Task.checkCancellation()
      try body(batch)
    }
  }

  // MARK: Media

  /// From `images` `[batch, height, width, channels]`.
  private static func pixels(_ batch: Batch) -> [[Float]] {
    guard let images = batch.arrays["images"] else { return [] }
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let bytes = images.elements(of: UInt8.self)
    let (rows, columns) = (min(height, side), min(width, side))
    return (0..<images.shape[0]).map { item in
      var sums = [Float](repeating: 0, count: rows * columns)
      var counts = sums
      var position = item * height * width * channels
      for y in 0..<height {
        for x in 0..<width {
          let place = y * rows / height * columns + x * columns / width
          for _ in 0..<channels {
            sums[place] += Float(bytes[position])
            position += 1
          }
          counts[place] += Float(channels)
        }
      }
      return zip(sums, counts).map { $0 / $1 / 255 }
    }
  }

  /// From `frames` `[batch, frames, bands]`.
  private static func bands(_ batch: Batch) -> [[Float]] {
    guard let frames = batch.arrays["frames"] else { return [] }
    let (steps, bands) = (frames.shape[1], frames.shape[2])
    let values = frames.floats
    let lengths = batch.arrays["lengths"]?.elements(of: Int32.self).map { Int($0) }
    return (0..<frames.shape[0]).map { item in
      let count = max(lengths?[item] ?? steps, 1)
      var (sums, squares) = (
        [Double](repeating: 0, count: bands), [Double](repeating: 0, count: bands)
      )
      for step in 0..<min(count, steps) {
        for band in 0..<bands {
          let value = Double(values[(item * steps + step) * bands + band])
          sums[band] += value
          squares[band] += value * value
        }
      }
      let means = sums.map { $0 / Double(count) }
      return means.map { Float($0) }
        + zip(squares, means).map { Float(max($0 / Double(count) - $1 * $1, 0).squareRoot()) }
    }
  }

  /// From `tokens` `[batch, steps]`.
  private static func tokens(_ batch: Batch) -> [[Int]] {
    guard let tokens = batch.arrays["tokens"] else { return [] }
    let (steps, numbers) = (tokens.shape[1], tokens.elements(of: Int32.self))
    let lengths = batch.arrays["lengths"]?.elements(of: Int32.self)
    return (0..<tokens.shape[0]).map { item in
      let count = lengths.map { Int($0[item]) } ?? steps
      return numbers[(item * steps)..<(item * steps + count)].map { Int($0) }
    }
  }
}
