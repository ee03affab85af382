import FoveaArray
public import FoveaText

/// Picks the sentences of a text that stand for all of it, in any language.
///
/// ```swift
/// let summary = try await Summarizer(.lexrank).summary(of: article, length: .sentences(3))
/// print(summary.text)
/// ```
public struct Summarizer: Sendable {
  /// How sentences are chosen.
  public let method: SummaryMethod
  private let embedder: SentenceEmbedder?
  /// Their similarities take 8 bytes for each pair.
  private static let mostSentences = 5000

  /// A summarizer by words, or one that takes the first sentences.
  ///
  /// - Throws: `InputError` for a method that needs a model.
  public init(_ method: SummaryMethod = .lexrank) throws {
    guard method != .centrality else {
      throw InputError(
        "the method centrality needs a model of sentence embeddings", advice: "Name its folder")
    }
    self.method = method
    embedder = nil
  }

  /// A summarizer that compares sentences by what they mean.
  public init(_ embedder: SentenceEmbedder) {
    method = .centrality
    self.embedder = embedder
  }

  /// The summary of a text.
  ///
  /// - Parameter length: how long it may be; a fifth of the sentences, five at most, where not given.
  public func summary(of text: String, length: Summary.Length? = nil) async throws -> Summary {
    let text = SegmentedText(text)
    return try await summary(of: text, sentences: text.sentences, length: length)
  }

  /// The summary of a text whose sentences are known.
  package func summary(
    of text: SegmentedText, sentences: [TextSpan], length: Summary.Length?
  ) async throws -> Summary {
    guard sentences.count <= Self.mostSentences || method == .lead else {
      throw InputError(
        "the text has \(sentences.count) sentences; \(method.rawValue) compares each with each and "
          + "takes \(Self.mostSentences) at most",
        advice: "Summarize its chapters one by one")
    }
    var embeddings: [[Float]] = []
    if let embedder { embeddings = try await embedder.embeddings(of: sentences.map(\.text)) }
    return Summary(
      text, method: method, length: length ?? .usual(for: sentences.count), spans: sentences,
      embeddings: embeddings)
  }
}
