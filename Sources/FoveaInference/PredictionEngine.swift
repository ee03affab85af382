package import FoveaData
import FoveaKernels
package import FoveaNN
import FoveaRuns

/// Runs a trained picture classifier on the kernel thread, whichever tasks ask.
///
/// Requests run one after the other, each on the whole team of threads, so several at once give
/// the same bits as one by one, and no thread of Swift's pool waits for a kernel.
package final class PredictionEngine: Sendable {
  /// Pictures that run together at most.
  package static let largestBatch = 32

  private let model: PictureModel
  private let weights: Weights
  private let threads: Int?
  private let state = State()

  /// The predictor, made by the first request.
  @KernelActor
  private final class State {
    var predictor: Predictor?
    nonisolated init() {}
  }

  /// An engine for a model; weights must fit.
  package init(_ model: PictureModel, weights: Weights, threads: Int? = nil) throws {
    try weights.check(against: model)
    self.model = model
    self.weights = weights
    self.threads = threads
  }

  /// The probability of each class for each picture, all of them in the model's shape.
  ///
  /// - Throws: `CancellationError` when the task is cancelled between two batches.
  @KernelActor
  package func probabilities(of pictures: [Picture]) async throws -> [[Float]] {
    let predictor = try predictor()
    var results: [[Float]] = []
    var rest = pictures[...]
    while !rest.isEmpty {
      try Task.checkCancellation()
      // Powers of two, so that any number of pictures needs few plans.
      var size = PredictionEngine.largestBatch
      while size > rest.count { size /= 2 }
      let batch = rest.prefix(size)
      rest = rest.dropFirst(size)
      let input = model.input
      let images = HostArray(
        [size, input.height, input.width, input.channels], batch.flatMap(\.pixels))
      let logits = try predictor.logits(["images": images], batch: size)
      let classes = logits.shape[1]
      let numbers = logits.floats
      for row in 0..<size {
        results.append(softmax(Array(numbers[(row * classes)..<((row + 1) * classes)])).0)
      }
      await Task.yield()
    }
    return results
  }

  /// What the model says of the pictures of a feed.
  @KernelActor
  package func evaluation(on feed: any BatchFeed) async throws -> Evaluation {
    try Evaluation(predictor(), on: feed)
  }

  @KernelActor
  private func predictor() throws -> Predictor {
    if let predictor = state.predictor { return predictor }
    let predictor = try Predictor(model, weights: weights, threads: threads)
    state.predictor = predictor
    return predictor
  }
}
