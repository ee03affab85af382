package import FoveaData
import FoveaKernels
import FoveaMetrics
package import FoveaNN

/// Runs a trained classifier on the kernel thread, whichever tasks ask.
///
/// Requests run one after the other, each on the whole team of threads, so several at once give
/// the same bits as one by one, and no thread of Swift's pool waits for a kernel. What leaves is finite:
/// each method throws `NonFiniteOutput` else.
package final class PredictionEngine: Sendable {
  private let worker: Worker

  /// An engine for a model.
  ///
  /// - Throws: `InputError` when the weights do not fit the model.
  package init(_ model: any ClassificationModel, weights: Weights, threads: Int? = nil) throws {
    try weights.check(against: model)
    worker = Worker(model, weights, threads)
  }

  /// The probability of each class for each of `count` examples.
  ///
  /// - Parameters:
  ///   - largestBatch: examples that run together at most.
  ///   - arrays: makes the arrays of a batch of some of the examples.
  /// - Throws: `CancellationError` when the task is cancelled between two batches.
  package func probabilities(
    of count: Int, largestBatch: Int = 32,
    arrays: @escaping @Sendable (Range<Int>) throws -> [String: HostArray]
  ) async throws -> [[Float]] {
    try await worker.probabilities(of: count, largestBatch, arrays)
  }

  /// The probability of each class for each picture, all of them in the model's shape.
  ///
  /// - Throws: `CancellationError` when the task is cancelled between two batches.
  package func probabilities(of pictures: [Picture]) async throws -> [[Float]] {
    try await probabilities(of: pictures.count) { range in
      let first = pictures[range.lowerBound]
      return [
        "images": HostArray(
          [range.count, first.height, first.width, first.channels],
          pictures[range].flatMap(\.pixels))
      ]
    }
  }

  /// What the model hears in one recording's arrays.
  package func scores(_ arrays: [String: HostArray]) async throws -> SymbolScores {
    try await worker.scores(arrays)
  }

  /// The logits of a batch's arrays.
  package func logits(_ arrays: [String: HostArray], batch: Int) async throws -> HostArray {
    try await worker.logits(arrays, batch)
  }

  /// What the model says of the examples of a feed.
  package func evaluation(
    on feed: any BatchFeed, decoder: WordDecoder = WordDecoder()
  ) async throws -> Evaluation {
    try await worker.evaluation(on: feed, decoder)
  }
}

/// The part that lives on the kernel thread; its plans are made by the first request.
@KernelActor
private final class Worker {
  private let model: any ClassificationModel
  private let weights: Weights
  private let threads: Int?
  private var madePredictor: Predictor?

  nonisolated init(_ model: any ClassificationModel, _ weights: Weights, _ threads: Int?) {
    self.model = model
    self.weights = weights
    self.threads = threads
  }

  private func predictor() throws -> Predictor {
    if let madePredictor { return madePredictor }
    let predictor = try Predictor(model, weights: weights, threads: threads)
    madePredictor = predictor
    return predictor
  }

  func evaluation(on feed: any BatchFeed, _ decoder: WordDecoder) throws -> Evaluation {
    try Evaluation(predictor(), on: feed, decoder: decoder)
  }

  func logits(_ arrays: [String: HostArray], _ batch: Int) throws -> HostArray {
    let logits = try predictor().logits(arrays, batch: batch)
    try NonFiniteOutput.check(logits.floats, rows: batch)
    return logits
  }

  func scores(_ arrays: [String: HostArray]) throws -> SymbolScores {
    SymbolScores(try logits(arrays, 1), row: 0, lengths: arrays["lengths"])
  }

  func probabilities(
    of count: Int, _ largestBatch: Int,
    _ arrays: @Sendable (Range<Int>) throws -> [String: HostArray]
  ) async throws -> [[Float]] {
    let predictor = try predictor()
    var results: [[Float]] = []
    while results.count < count {
      try Task.checkCancellation()
      // Powers of two, so that any number of examples needs few plans.
      var size = largestBatch
      while size > count - results.count { size /= 2 }
      let logits = try predictor.logits(
        arrays(results.count..<(results.count + size)), batch: size)
      let classes = logits.shape[1]
      let numbers = logits.floats
      try NonFiniteOutput.check(numbers, rows: size, first: results.count)
      for row in 0..<size {
        results.append(softmax(Array(numbers[(row * classes)..<((row + 1) * classes)])).0)
      }
      await Task.yield()
    }
    return results
  }
}
