/// Makes highlights of examples of one medium.
///
/// Belongs to the thread that made it, like a session.
package protocol MediumExplainer: AnyObject {
  /// What is explained.
  associatedtype Example: Sendable
  /// What is asked of it.
  associatedtype Request: Sendable
  /// What comes out, one for each method asked for.
  associatedtype Found: Sendable

  /// How carefully highlights are made and scored.
  var settings: HighlightSettings { get set }
  /// - Throws: `InputError`; `CancellationError`.
  func highlights(of example: Example, _ request: Request) throws -> [Found]
  /// The methods that the network can serve.
  func availableMethods() throws -> [HighlightMethod]
}

extension SoundExplainer: MediumExplainer {}
