package import FoveaData
import FoveaKernels
import FoveaMetrics
package import FoveaNN

/// Runs a trained classifier on the kernel thread, whichever tasks ask.
///
/// Requests run one after the other, each on the whole team of threads, so several at once give
/// the same bits as one by one, and no thread of Swift's pool waits for a kernel. A request for a few
/// examples comes between the kernels of evaluations, of requests for many, and of explanations and
/// trainings in the same process; to keep them apart, many examples have plans and memory of
/// their own. What leaves is finite: each method throws `NonFiniteOutput` else.
package final class PredictionEngine: Sendable {
  private let prompt: PromptWorker
  private let long: LongWorker

  /// Examples that are a prompt request at most: they run together.
  private static let promptCount = 32

  /// An engine for a model.
  ///
  /// - Throws: `InputError` when the weights do not fit the model.
  package init(_ model: any ClassificationModel, weights: Weights, threads: Int? = nil) throws {
    try weights.check(against: model)
    let make: @Sendable () throws -> Predictor = {
      try Predictor(model, weights: weights, threads: threads)
    }
    prompt = PromptWorker(make)
    long = LongWorker(make)
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
    var results: [[Float]] = []
    while results.count < count {
      try Task.checkCancellation()
      // Powers of two, so that any number of examples needs few plans.
      var size = largestBatch
      while size > count - results.count { size /= 2 }
      let batch = try arrays(results.count..<(results.count + size))
      let logits =
        count > Self.promptCount
        ? try await long.logits(batch, size) : try await prompt.logits(batch, size)
      let classes = logits.shape[1]
      let numbers = logits.floats
      try NonFiniteOutput.check(numbers, rows: size, first: results.count)
      for row in 0..<size {
        results.append(softmax(Array(numbers[(row * classes)..<((row + 1) * classes)])).0)
      }
    }
    return results
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
    SymbolScores(try await logits(arrays, batch: 1), row: 0, lengths: arrays["lengths"])
  }

  /// The logits of a batch's arrays.
  package func logits(_ arrays: [String: HostArray], batch: Int) async throws -> HostArray {
    let logits = try await prompt.logits(arrays, batch)
    try NonFiniteOutput.check(logits.floats, rows: batch)
    return logits
  }

  /// What the model says of the examples of a feed.
  package func evaluation(
    on feed: any BatchFeed, decoder: WordDecoder = WordDecoder()
  ) async throws -> Evaluation {
    try await long.evaluation(on: feed, decoder)
  }
}

/// The part that answers a few examples; its plans are made by the first request.
@PromptKernelActor
private final class PromptWorker {
  private let make: @Sendable () throws -> Predictor
  private var madePredictor: Predictor?

  nonisolated init(_ make: @escaping @Sendable () throws -> Predictor) { self.make = make }

  func logits(_ arrays: [String: HostArray], _ batch: Int) throws -> HostArray {
    let predictor = try madePredictor ?? make()
    madePredictor = predictor
    return try predictor.logits(arrays, batch: batch)
  }
}

/// The part that answers many.
@KernelActor
private final class LongWorker {
  private let make: @Sendable () throws -> Predictor
  private var madePredictor: Predictor?

  nonisolated init(_ make: @escaping @Sendable () throws -> Predictor) { self.make = make }

  private func predictor() throws -> Predictor {
    let predictor = try madePredictor ?? make()
    madePredictor = predictor
    return predictor
  }

  func logits(_ arrays: [String: HostArray], _ batch: Int) throws -> HostArray {
    try predictor().logits(arrays, batch: batch)
  }

  func evaluation(on feed: any BatchFeed, _ decoder: WordDecoder) throws -> Evaluation {
    try Evaluation(predictor(), on: feed, decoder: decoder)
  }
}
