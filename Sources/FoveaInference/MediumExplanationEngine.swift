package import FoveaExplain
import FoveaKernels

/// Explains examples of one medium on the kernel thread, whichever tasks ask.
package final class MediumExplanationEngine<Explainer: MediumExplainer>: Sendable {
  private let worker: Worker<Explainer>

  /// An engine; `make` is called by the first request.
  package init(_ make: @escaping @Sendable () -> Explainer) { worker = Worker(make) }

  /// Highlights of an example, one for each method.
  ///
  /// - Throws: `InputError` for a class that does not exist or a method that the network cannot
  ///   serve; `CancellationError`.
  package func highlights(
    of example: Explainer.Example, _ request: Explainer.Request, settings: HighlightSettings
  ) async throws -> [Explainer.Found] {
    var result: [Explainer.Found] = []
    for method in request.methods {
      // One at a time, so that others come in between.
      var single = request
      single.methods = [method]
      result += try await worker.highlights(of: example, single, settings)
      await Task.yield()
    }
    return result
  }

  package func availableMethods() async throws -> [HighlightMethod] {
    try await worker.availableMethods()
  }
}

/// The part that lives on the kernel thread.
@KernelActor
private final class Worker<Explainer: MediumExplainer> {
  private let make: @Sendable () -> Explainer
  private lazy var explainer = make()

  nonisolated init(_ make: @escaping @Sendable () -> Explainer) { self.make = make }

  func highlights(
    of example: Explainer.Example, _ request: Explainer.Request, _ settings: HighlightSettings
  ) throws -> [Explainer.Found] {
    explainer.settings = settings
    return try explainer.highlights(of: example, request)
  }

  func availableMethods() throws -> [HighlightMethod] { try explainer.availableMethods() }
}
