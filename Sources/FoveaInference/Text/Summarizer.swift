public import FoundationEssentials
import FoveaArray
import FoveaData
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
  /// The method, or which control of the trained one this is.
  package let name: String
  /// What makes vectors of sentences, where the method needs them.
  package let embedder: SentenceEmbedder?
  private let scorer: PredictionEngine?
  /// Their similarities take 8 bytes for each pair.
  private static let mostSentences = 5000

  private init(
    _ method: SummaryMethod, name: String? = nil, embedder: SentenceEmbedder? = nil,
    scorer: PredictionEngine? = nil
  ) {
    self.method = method
    self.name = name ?? method.rawValue
    self.embedder = embedder
    self.scorer = scorer
  }

  /// A summarizer by words, or one that takes the first sentences.
  ///
  /// - Throws: `InputError` for a method that needs a model.
  public init(_ method: SummaryMethod = .lexrank) throws {
    switch method {
    case .lead, .lexrank, .textrank: self.init(method, name: nil)
    case .centrality:
      throw InputError(
        "the method centrality needs a model of sentence embeddings", advice: "Name its folder")
    case .trained:
      throw InputError(
        "the method trained needs a scorer and a model of sentence embeddings",
        advice: "Name their folders")
    }
  }

  /// A summarizer that compares sentences by what they mean.
  public init(_ embedder: SentenceEmbedder) { self.init(.centrality, embedder: embedder) }

  /// A summarizer that learned from summaries by people which sentences are wanted.
  ///
  /// - Parameters:
  ///   - scorer: the folder that `fovea summarize --train` wrote.
  ///   - model: the folder of the model of sentence embeddings that it was trained with.
  ///   - threads: that kernels run on, from 1 to 1,024; all where not given.
  /// - Throws: `InputError` where a folder holds none, they do not belong together, or the number of
  ///   threads cannot be.
  public init(scorer: URL, model: URL, threads: Int? = nil) throws {
    try ThreadCount.check(threads)
    try self.init(
      scorer: scorer, model: model,
      embedder: SentenceEmbedder(contentsOf: model, threads: threads), threads: threads)
  }

  /// The same on a model that is loaded, or a control of the scorer.
  package init(
    scorer folder: URL, model: URL, embedder: SentenceEmbedder,
    variant: ScorerVariant = .attention, threads: Int? = nil
  ) throws {
    let scorer = try ScorerFolder(contentsOf: folder)
    try scorer.description.encoder.check(
      SentenceEncoderIdentity(model, width: embedder.width), scorer: folder.relativePath)
    try self.init(scorer, embedder: embedder, variant: variant, threads: threads)
  }

  /// A summarizer by a scorer that is known to belong to the model.
  package init(
    _ scorer: ScorerFolder, embedder: SentenceEmbedder, variant: ScorerVariant = .attention,
    threads: Int? = nil
  ) throws {
    self.init(
      .trained, name: variant == .attention ? nil : "trained-\(variant.rawValue)",
      embedder: embedder, scorer: try scorer.engine(variant, threads: threads))
  }

  /// The summary of a text.
  ///
  /// - Parameter length: how long it may be; a fifth of the sentences, five at most, where not given.
  /// - Throws: `InputError` for a length below 1.
  public func summary(of text: String, length: Summary.Length? = nil) async throws -> Summary {
    switch length {
    case .sentences(let most) where most < 1, .words(let most) where most < 1:
      throw InputError("a summary of \(most) cannot be", advice: "Give 1 or more")
    default: break
    }
    let text = SegmentedText(text)
    return try await summary(of: text, sentences: text.sentences, length: length)
  }

  /// The summary of a text whose sentences are known.
  ///
  /// - Parameter known: the sentences' embeddings, where they are known too.
  package func summary(
    of text: SegmentedText, sentences: [TextSpan], length: Summary.Length?,
    embeddings known: [[Float]]? = nil
  ) async throws -> Summary {
    guard sentences.count <= Self.mostSentences || method == .lead else {
      throw InputError(
        "the text has \(sentences.count) sentences; \(method.rawValue) compares each with each and "
          + "takes \(Self.mostSentences) at most",
        advice: "Summarize its chapters one by one")
    }
    var embeddings: [[Float]] = []
    if let embedder {
      if let known {
        embeddings = known
      } else {
        embeddings = try await embedder.embeddings(of: sentences.map(\.text))
      }
    }
    var scores: [Double] = []
    if let scorer, !embeddings.isEmpty {
      scores = try await namingExamples {
        try await scorer.logits(SentenceVectors.arrays([embeddings]), batch: 1)
      }.floats.prefix(embeddings.count).map(Double.init)
    }
    return Summary(
      text, method: method, length: length ?? .usual(for: sentences.count), spans: sentences,
      embeddings: embeddings, scores: scores)
  }
}
