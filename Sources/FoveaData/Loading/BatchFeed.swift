public import FoveaArray

/// Examples in batches, epoch by epoch.
public protocol BatchFeed: Sendable {
  /// How many examples an epoch has.
  var exampleCount: Int { get }
  /// Examples in a batch; the last one of an epoch may have fewer.
  var batchSize: Int { get }
  /// The batches of an epoch (counted from 0) from one of them on.
  ///
  /// - Throws: `InputError` when the batches cannot be prepared.
  func batches(epoch: Int, from batch: Int) throws -> any BatchStream
}

extension BatchFeed {
  /// How many batches an epoch has; none where a batch holds none, which `batches` refuses.
  public var batchCount: Int {
    batchSize >= 1 ? (exampleCount + batchSize - 1) / batchSize : 0
  }
}

/// Batches one after the other.
public protocol BatchStream: Sendable {
  /// The next batch, or `nil` after the last.
  ///
  /// - Throws: `InputError` that names an example that cannot be read any more.
  func next() throws -> Batch?
  /// Whether `next()` returns at once; true where nothing is prepared ahead.
  var isNextReady: Bool { get }
}

extension BatchStream {
  /// True: nothing is prepared ahead.
  public var isNextReady: Bool { true }
}

extension PictureLoader: BatchStream {}

/// Pictures of a store in batches: shuffled anew for each epoch, or always in the same order.
public struct PictureFeed: BatchFeed {
  private let store: PictureStore
  private let indices: [Int]
  private let augmentation: PictureAugmentation
  private let key: RandomKey?
  /// Pictures in a batch.
  public let batchSize: Int

  /// How many pictures an epoch has.
  public var exampleCount: Int { indices.count }

  /// Pictures to train on: in an order, and changed in a way, that follow from the key and the
  /// epoch.
  public init(
    training store: PictureStore, indices: [Int], batchSize: Int,
    augmentation: PictureAugmentation, key: RandomKey
  ) {
    self.store = store
    self.indices = indices
    self.batchSize = batchSize
    self.augmentation = augmentation
    self.key = key
  }

  /// Pictures to look at as they are, in the order of their indices.
  public init(evaluating store: PictureStore, indices: [Int], batchSize: Int) {
    self.store = store
    self.indices = indices
    self.batchSize = batchSize
    augmentation = .none
    key = nil
  }

  /// The batches of an epoch from one of them on, prepared ahead on a thread of their own.
  public func batches(epoch: Int, from batch: Int) throws -> any BatchStream {
    guard let key else {
      return try PictureLoader(store, order: indices, batchSize: batchSize, startingAt: batch)
    }
    let order = key.folding("shuffle").folding(epoch).permutation(of: indices.count)
    return try PictureLoader(
      store, order: order.map { indices[$0] }, batchSize: batchSize, augmentation: augmentation,
      key: key.folding("augmentation").folding(epoch), startingAt: batch)
  }
}
