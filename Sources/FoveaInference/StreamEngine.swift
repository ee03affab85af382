import FoveaData
import FoveaKernels
import FoveaMetrics
import FoveaNN

/// Hears a stream frame by frame on the kernel thread: for networks that read forward.
package final class StreamEngine: Sendable {
  private let worker: Worker

  /// An engine at the beginning of a stream; `nil` where the classifier needs whole windows.
  package init?(_ classifier: SoundClassifier) {
    guard FrameStep(classifier.model) != nil else { return nil }
    worker = Worker(classifier.model, classifier.trained.weights)
  }

  /// Hears frames, and gives the probability of each class for all since the last restart.
  ///
  /// - Parameter restarting: whether to forget what was heard before.
  package func hear(_ frames: [[Float]], restarting: Bool) async throws -> [Float] {
    try await worker.hear(frames, restarting)
  }
}

/// The part that lives on the kernel thread.
@PromptKernelActor
private final class Worker {
  private let model: SoundModel
  private let weights: Weights
  private var madeListener: FrameListener?

  nonisolated init(_ model: SoundModel, _ weights: Weights) {
    self.model = model
    self.weights = weights
  }

  func hear(_ frames: [[Float]], _ restarting: Bool) throws -> [Float] {
    guard let listener = try madeListener ?? FrameListener(model, weights: weights) else {
      return []
    }
    madeListener = listener
    if restarting { listener.restart() }
    var logits: [Float] = []
    for frame in frames { logits = try listener.hear(frame) }
    do {
      try NonFiniteOutput.check(logits)
    } catch let error as NonFiniteOutput {
      throw error.error()
    }
    return softmax(logits).0
  }
}
