public import FoveaArray

/// Recordings of a store in batches: `frames` `[batch, frames, features]`, filled up with zeros,
/// `lengths` `[batch]`, the frames of each, and `labels` `[batch]`, or `targets` and `targetLengths`.
///
/// Training batches hold recordings of similar length (`LengthBuckets`). Which they are, and how they
/// are changed, follows from the key and the epoch alone.
public struct SoundFeed: BatchFeed {
  private let store: SoundStore
  private let indices: [Int]
  private let augmentation: SoundAugmentation
  private let key: RandomKey?
  /// Recordings in a batch.
  public let batchSize: Int

  /// How many recordings an epoch has.
  public var exampleCount: Int { indices.count }

  /// Recordings to train on.
  public init(
    training store: SoundStore, indices: [Int], batchSize: Int, augmentation: SoundAugmentation,
    key: RandomKey
  ) {
    self.store = store
    self.indices = indices
    self.batchSize = batchSize
    self.augmentation = augmentation
    self.key = key
  }

  /// Recordings as they are, in the order of their indices.
  public init(evaluating store: SoundStore, indices: [Int], batchSize: Int) {
    self.store = store
    self.indices = indices
    self.batchSize = batchSize
    augmentation = .none
    key = nil
  }

  /// The batches of an epoch from one of them on, prepared ahead on a thread of their own.
  public func batches(epoch: Int, from batch: Int) throws -> any BatchStream {
    guard batchSize >= 1 else {
      throw InputError(
        "a batch of \(batchSize) recordings cannot be", advice: "Give a number from 1 up")
    }
    let plan = self.plan(epoch: epoch)
    let key = key?.folding("augmentation").folding(epoch) ?? RandomKey(seed: 0)
    let (store, augmentation) = (store, augmentation)
    return try BatchLoader(min(batch, plan.count)..<plan.count) { number in
      try store.batch(of: plan[number]) { index in
        try store.features(at: index, augmentation: augmentation, key: key.folding(index))
      }
    }
  }

  /// The examples of each batch of an epoch.
  package func plan(epoch: Int) -> [[Int]] {
    guard let key else { return LengthBuckets.cut(indices, batchSize: batchSize) }
    let store = store
    return LengthBuckets.shuffled(
      indices, batchSize: batchSize, epoch: epoch, key: key,
      length: store.input.isFixedLength ? nil : { store.frameCount(at: $0) })
  }
}

extension SoundStore {
  /// A batch of the recordings with these indices.
  func batch(of indices: [Int], features: (Int) throws -> [Float]) throws -> Batch {
    let all = try indices.map(features)
    var arrays = input.arrays(all)
    switch dataset.task {
    case .classify:
      arrays["labels"] = HostArray(indices.map { Int32(dataset.examples[$0].label) })
    case .transcribe:
      arrays.merge(Transcripts.arrays(indices.map { dataset.examples[$0].labels })) { $1 }
    }
    return Batch(arrays: arrays, examples: indices)
  }
}

extension SoundInput {
  /// `frames` and `lengths` of recordings, each `[frames, features]`.
  package func arrays(_ all: [[Float]]) -> [String: HostArray] {
    let lengths = all.map { min($0.count / featureCount, mostFrames) }
    let frames = paddedFrameCount(lengths.max() ?? 1)
    var values = [Float](repeating: 0, count: all.count * frames * featureCount)
    for (row, features) in all.enumerated() {
      let start = row * frames * featureCount
      let count = lengths[row] * featureCount
      values.replaceSubrange(start..<(start + count), with: features[0..<count])
    }
    return [
      "frames": HostArray([all.count, frames, featureCount], values),
      "lengths": HostArray(lengths.map { Int32($0) }),
    ]
  }
}
