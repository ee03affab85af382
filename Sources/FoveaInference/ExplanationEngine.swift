package import FoveaData
package import FoveaExplain
import FoveaKernels
package import FoveaNN
package import FoveaRuns

/// Explains pictures on the kernel thread, whichever tasks ask.
///
/// Like predictions, requests run one after the other, each on the whole team of threads.
package final class ExplanationEngine: Sendable {
  private let worker: Worker

  /// An engine for a model; nothing is compiled before the first request.
  package init(
    _ model: PictureModel, weights: Weights, description: ClassifierDescription,
    threads: Int? = nil
  ) {
    worker = Worker(model, weights, description, threads)
  }

  /// Highlights of a picture in its original size, one for each method.
  ///
  /// - Throws: `InputError` for a class that does not exist or a method that the network cannot
  ///   serve; `CancellationError`.
  package func highlights(
    of picture: Picture, _ request: Explainer.Request, settings: HighlightSettings
  ) async throws -> [Highlight] {
    var result: [Highlight] = []
    for method in request.methods {
      // One at a time, so that others come in between.
      var single = request
      single.methods = [method]
      result += try await worker.highlights(of: picture, single, settings)
      await Task.yield()
    }
    return result
  }

  /// What the network says of a video's frame and where it looks, without scores.
  package func frame(
    _ picture: Picture, method: HighlightMethod, class label: String?, settings: HighlightSettings
  ) async throws -> Explainer.FrameExplanation {
    try await worker.frame(picture, method, label, settings)
  }

  /// The methods that the network can serve.
  package func availableMethods() async throws -> [HighlightMethod] {
    try await worker.availableMethods()
  }

  /// Holds the methods against each other on prepared pictures.
  package func study(
    on pictures: [Picture], part: String,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws -> HighlightStudy {
    try await worker.study(on: pictures, part: part, progress)
  }
}

/// The part that lives on the kernel thread.
@KernelActor
private final class Worker {
  private let model: PictureModel
  private let weights: Weights
  private let description: ClassifierDescription
  private let threads: Int?
  private var madeNetwork: ExplainedNetwork?

  nonisolated init(
    _ model: PictureModel, _ weights: Weights, _ description: ClassifierDescription,
    _ threads: Int?
  ) {
    self.model = model
    self.weights = weights
    self.description = description
    self.threads = threads
  }

  private func explainer(_ settings: HighlightSettings) throws -> Explainer {
    let network = try madeNetwork ?? ExplainedNetwork(model, weights: weights, threads: threads)
    madeNetwork = network
    return Explainer(
      network, classes: description.classes, input: try description.input.picture,
      settings: settings)
  }

  func highlights(
    of picture: Picture, _ request: Explainer.Request, _ settings: HighlightSettings
  ) throws -> [Highlight] {
    try explainer(settings).highlights(of: picture, request)
  }

  func frame(
    _ picture: Picture, _ method: HighlightMethod, _ label: String?, _ settings: HighlightSettings
  ) throws -> Explainer.FrameExplanation {
    try explainer(settings).frame(picture, method: method, class: label)
  }

  func availableMethods() throws -> [HighlightMethod] {
    try explainer(HighlightSettings()).availableMethods()
  }

  func study(
    on pictures: [Picture], part: String, _ progress: @Sendable (Int, Int) -> Void
  ) throws -> HighlightStudy {
    try explainer(HighlightSettings()).study(
      on: pictures, weights: weights, of: model, part: part, progress: progress)
  }
}
