package import FoveaExplain
import FoveaKernels

/// Explains examples of one medium on the kernel thread, whichever tasks ask.
package final class MediumExplanationEngine<Explainer: MediumExplainer>: Sendable {
  private let worker: Worker<Explainer>

  /// An engine; `make` is called by the first request.
  package init(_ make: @escaping @Sendable () -> Explainer) { worker = Worker(make) }

  package func highlights(
    of example: Explainer.Example, _ request: Explainer.Request, _ settings: HighlightSettings
  ) async throws -> [Explainer.Found] {
    try await worker.highlights(of: example, request, settings)
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
