/// Makes highlights of examples of one medium.
///
/// Belongs to the thread that made it, like a session.
package protocol MediumExplainer: AnyObject {
  /// What is explained.
  associatedtype Example: Sendable
  /// What may be known to matter in it.
  associatedtype Marks: Sendable
  /// What comes out, one for each method asked for.
  associatedtype Found: Sendable

  typealias Request = HighlightRequest<Marks>

  /// How carefully highlights are made and scored.
  var settings: HighlightSettings { get set }
  /// - Throws: `InputError`; `CancellationError`.
  func highlights(of example: Example, _ request: Request) throws -> [Found]
  /// The methods that the network can serve.
  func availableMethods() throws -> [HighlightMethod]
}

/// What is asked of an example.
package struct HighlightRequest<Marks: Sendable>: Sendable {
  /// Several give a highlight each.
  package var methods: [HighlightMethod]
  /// The class to explain; the predicted one where not given.
  package var label: String?
  /// What is known to matter in the example.
  package var truth: Marks?
  /// Why nothing of the network is judged, where that is so.
  package var doubt: String?

  package init(
    methods: [HighlightMethod], label: String? = nil, truth: Marks? = nil, doubt: String? = nil
  ) {
    self.methods = methods
    self.label = label
    self.truth = truth
    self.doubt = doubt
  }
}
