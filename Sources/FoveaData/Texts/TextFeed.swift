public import FoveaArray

/// Texts of a store in batches: `tokens` `[batch, steps]`, filled up with zeros, `lengths` `[batch]`,
/// the tokens of each, and `labels` `[batch]`.
///
/// Training batches hold texts of similar length (`LengthBuckets`); which they are follows from the key
/// and the epoch alone.
public struct TextFeed: BatchFeed {
  private let store: TextStore
  private let indices: [Int]
  private let key: RandomKey?
  /// Texts in a batch.
  public let batchSize: Int

  /// How many texts an epoch has.
  public var exampleCount: Int { indices.count }

  /// Texts to train on.
  public init(training store: TextStore, indices: [Int], batchSize: Int, key: RandomKey) {
    self.store = store
    self.indices = indices
    self.batchSize = batchSize
    self.key = key
  }

  /// Texts in the order of their indices.
  public init(evaluating store: TextStore, indices: [Int], batchSize: Int) {
    self.store = store
    self.indices = indices
    self.batchSize = batchSize
    key = nil
  }

  /// The batches of an epoch from one of them on.
  public func batches(epoch: Int, from batch: Int) throws -> any BatchStream {
    guard batchSize >= 1 else {
      throw InputError(
        "a batch of \(batchSize) texts cannot be", advice: "Give a number from 1 up")
    }
    let store = store
    let plan =
      key.map {
        LengthBuckets.shuffled(
          indices, batchSize: batchSize, epoch: epoch, key: $0,
          length: { store.tokens(at: $0).count }
        )
      } ?? LengthBuckets.cut(indices, batchSize: batchSize)
    return try BatchLoader(min(batch, plan.count)..<plan.count) { number in
      var arrays = store.input.arrays(plan[number].map { store.tokens(at: $0) })
      arrays["labels"] = HostArray(plan[number].map { Int32(store.dataset.examples[$0].label) })
      return Batch(arrays: arrays, examples: plan[number])
    }
  }
}
