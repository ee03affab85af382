public import FoveaArray

/// Gives a store's pictures batch by batch, prepared ahead on a thread of its own.
///
/// Which pictures a batch holds, and how they are augmented, follows from the order, the batch
/// size and the key alone: a loader that starts at batch `k` gives what one that started at 0
/// gives from there on. The last batch may be smaller; no example is left out.
public final class PictureLoader: Sendable {
  /// How many batches there are from the first.
  public let batchCount: Int

  private let loader: BatchLoader

  /// Starts to prepare batches.
  ///
  /// - Parameters:
  ///   - store: where the pictures come from.
  ///   - order: the indices of the examples, in the order in which they are wanted.
  ///   - batchSize: examples in a batch.
  ///   - augmentation: how pictures are changed.
  ///   - key: decides the augmentation, with an example's position in `order`.
  ///   - start: the first batch wanted, counted from 0.
  ///   - ahead: how many batches may be prepared before they are taken.
  /// - Throws: `InputError` when a batch would hold no picture, or the system grants no thread.
  public convenience init(
    _ store: PictureStore, order: [Int], batchSize: Int,
    augmentation: PictureAugmentation = .none, key: RandomKey = RandomKey(seed: 0),
    startingAt start: Int = 0, ahead: Int = 3
  ) throws {
    try self.init(
      store, order: order, batchSize: batchSize, key: key, startingAt: start, ahead: ahead,
      change: { augmentation($0, key: $1) })
  }

  /// As above, with any change to pictures that keeps their size.
  package init(
    _ store: PictureStore, order: [Int], batchSize: Int, key: RandomKey = RandomKey(seed: 0),
    startingAt start: Int = 0, ahead: Int = 3,
    change: @escaping @Sendable (Picture, RandomKey) -> Picture
  ) throws {
    guard batchSize >= 1 else {
      throw InputError(
        "a batch of \(batchSize) pictures cannot be", advice: "Give a number from 1 up")
    }
    require(start >= 0 && ahead >= 1, "loader: start at 0 or later, prepare 1 or more ahead")
    let batchCount = (order.count + batchSize - 1) / batchSize
    self.batchCount = batchCount
    loader = try BatchLoader(start..<max(start, batchCount), ahead: ahead) { batch in
      let first = batch * batchSize
      let indices = Array(order[first..<min(first + batchSize, order.count)])
      return try store.batch(of: indices) { picture, position in
        change(picture, key.folding(first + position))
      }
    }
  }

  /// The next batch, or `nil` after the last; waits until it is prepared.
  ///
  /// - Throws: `InputError` that names a picture which cannot be read any more, in the place of
  ///   the batch that it belongs to.
  public func next() throws -> Batch? { try loader.next() }

  /// Whether the next batch is prepared.
  public var isNextReady: Bool { loader.isNextReady }
}
