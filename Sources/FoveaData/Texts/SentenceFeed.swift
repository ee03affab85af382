package import FoveaArray
import Glibc

/// A text as a vector for each of its sentences, with what each is worth.
package struct SentenceVectors: Sendable {
  /// All of one length.
  package let vectors: [[Float]]
  /// What a summary gains by each sentence, such as its ROUGE.
  package let gains: [Float]

  /// - Parameter gains: as many as vectors.
  package init(_ vectors: [[Float]], gains: [Float]) {
    require(vectors.count == gains.count, "sentences: each needs a vector and a gain")
    self.vectors = vectors
    self.gains = gains
  }

  /// `sentences` `[batch, steps, features]`, filled up with zeros, and `lengths` `[batch]` of texts
  /// given by the vectors of their sentences.
  package static func arrays(_ texts: [[[Float]]]) -> [String: HostArray] {
    let steps = steps(texts.map(\.count))
    let features = texts.lazy.compactMap(\.first?.count).first ?? 0
    var numbers: [Float] = []
    numbers.reserveCapacity(texts.count * steps * features)
    for vectors in texts {
      for vector in vectors { numbers += vector }
      numbers += repeatElement(0, count: (steps - vectors.count) * features)
    }
    return [
      "sentences": HostArray([texts.count, steps, features], numbers),
      "lengths": HostArray(texts.map { Int32($0.count) }),
    ]
  }

  fileprivate static func steps(_ lengths: [Int]) -> Int {
    LengthBuckets.padded(lengths.max() ?? 1, most: .max)
  }

  /// exp(gain / temperature), divided by its sum over the sentences: the one that gains most has most.
  fileprivate func shares(_ temperature: Float) -> [Float] {
    let largest = gains.max() ?? 0
    let powers = gains.map { expf(($0 - largest) / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}

/// Texts as vectors of sentences in batches: the arrays of `SentenceVectors`, `gains` `[batch, steps]`,
/// and `shares` `[batch, steps]`, what each sentence should get of 1: softmax(gains / temperature).
///
/// Training batches hold texts of similar length (`LengthBuckets`); which they are follows from the key
/// and the epoch alone.
package struct SentenceFeed: BatchFeed {
  private let texts: [SentenceVectors]
  private let temperature: Float
  private let key: RandomKey?
  /// Texts in a batch.
  package let batchSize: Int

  /// How many texts an epoch has.
  package var exampleCount: Int { texts.count }

  /// Texts to train on where there is a key; else texts in their order.
  package init(
    _ texts: [SentenceVectors], batchSize: Int, temperature: Float, shufflingBy key: RandomKey?
  ) {
    self.texts = texts
    self.batchSize = batchSize
    self.temperature = temperature
    self.key = key
  }

  /// The batches of an epoch from one of them on.
  package func batches(epoch: Int, from batch: Int) throws -> any BatchStream {
    let plan =
      key.map {
        LengthBuckets.shuffled(
          Array(texts.indices), batchSize: batchSize, epoch: epoch, key: $0,
          length: { texts[$0].vectors.count })
      } ?? LengthBuckets.cut(texts.indices, batchSize: batchSize)
    return try BatchLoader(min(batch, plan.count)..<plan.count) { [self] number in
      let chosen = plan[number].map { texts[$0] }
      var arrays = SentenceVectors.arrays(chosen.map(\.vectors))
      let steps = SentenceVectors.steps(chosen.map(\.vectors.count))
      func filled(_ rows: [[Float]]) -> HostArray {
        HostArray(
          [rows.count, steps],
          rows.flatMap { $0 + [Float](repeating: 0, count: steps - $0.count) })
      }
      arrays["gains"] = filled(chosen.map(\.gains))
      arrays["shares"] = filled(chosen.map { $0.shares(temperature) })
      return Batch(arrays: arrays, examples: plan[number])
    }
  }
}
