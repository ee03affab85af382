import FoveaData
public import FoveaExplain
import FoveaNN

extension TextClassifier {
  /// Which words and sentences the answer to a text rests on, with scores and a verdict. Of a text that
  /// is longer than the network takes at once the beginning is explained.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - method: how the map is made; occlusion of words where not given.
  ///   - label: the class to explain, `class:` at the call; the predicted one where not given.
  /// - Throws: `InputError` for a text without a word, where there is no such class, or the network
  ///   cannot serve the method (`attention` where nothing attends).
  public func explanation(
    of text: String, method: HighlightMethod? = nil, class label: String? = nil
  ) async throws -> TextHighlight {
    try await explanations(of: text, methods: [method ?? defaultMethod], class: label)[0]
  }

  /// The methods that the network can serve.
  public var availableMethods: [HighlightMethod] {
    get async throws { try await explanationEngine.availableMethods() }
  }

  /// The method where none is asked for.
  package var defaultMethod: HighlightMethod { .occlusion }

  /// Highlights of a text by several methods, with the truth if it is known.
  package func explanations(
    of text: String, methods: [HighlightMethod], class label: String? = nil,
    truth: [Range<Int>]? = nil, settings: HighlightSettings = HighlightSettings()
  ) async throws -> [TextHighlight] {
    try await explanationEngine.highlights(
      of: text,
      HighlightRequest(
        methods: methods, label: label, truth: truth, doubt: NetworkStanding(configuration).doubt),
      settings: settings)
  }
}
