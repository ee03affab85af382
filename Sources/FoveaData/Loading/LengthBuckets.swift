import FoveaArray

/// How examples of different lengths become batches with little filling.
enum LengthBuckets {
  /// Batches that are sorted by length together.
  private static let stretch = 8

  /// Steps that the arrays of a batch have whose longest example has so many: few different numbers,
  /// so that few plans serve all batches, and at most a quarter filled up.
  static func padded(_ steps: Int, most: Int) -> Int {
    var bucket = 16
    while bucket < steps {
      // Four steps an octave.
      let octave = 1 << (Int.bitWidth - 1 - bucket.leadingZeroBitCount)
      bucket += max(octave / 4, 4)
    }
    return min(bucket, max(most, steps))
  }

  /// The examples of each batch, in the order given.
  static func cut(_ order: some RandomAccessCollection<Int>, batchSize: Int) -> [[Int]] {
    let order = Array(order)
    return stride(from: 0, to: order.count, by: batchSize).map {
      Array(order[$0..<min($0 + batchSize, order.count)])
    }
  }

  /// The examples of each batch of an epoch that is trained on: the epoch's order is cut into
  /// stretches of eight batches, each stretch is sorted by length and cut into batches, and the
  /// batches are shuffled. All of it follows from the key and the epoch.
  ///
  /// - Parameter length: the length of an example; without it none is sorted.
  static func shuffled(
    _ indices: [Int], batchSize: Int, epoch: Int, key: RandomKey, length: ((Int) -> Int)?
  ) -> [[Int]] {
    let order = key.folding("shuffle").folding(epoch).permutation(of: indices.count)
      .map { indices[$0] }
    guard let length else { return cut(order, batchSize: batchSize) }
    var batches: [[Int]] = []
    for start in stride(from: 0, to: order.count, by: batchSize * stretch) {
      let part = order[start..<min(start + batchSize * stretch, order.count)]
      let sorted = part.enumerated().sorted { first, second in
        let lengths = (length(first.element), length(second.element))
        return lengths.0 != lengths.1 ? lengths.0 < lengths.1 : first.offset < second.offset
      }
      batches += cut(sorted.map(\.element), batchSize: batchSize)
    }
    return key.folding("batches").folding(epoch).permutation(of: batches.count)
      .map { batches[$0] }
  }
}
