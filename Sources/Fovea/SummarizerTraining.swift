public import FoundationEssentials
import FoveaArray

extension Summarizer {
  /// A text with summaries that people wrote of it.
  public struct Example: Hashable, Sendable {
    /// The text's sentences in their order.
    public var sentences: [String]
    /// One summary at least.
    public var summaries: [String]

    /// An example with these.
    public init(sentences: [String], summaries: [String]) {
      self.sentences = sentences
      self.summaries = summaries
    }
  }

  /// Trains a scorer of sentences, with attention over a text's sentences, and keeps it in a folder
  /// beside two controls without.
  ///
  /// ```swift
  /// let summarizer = try await Summarizer.train(
  ///   on: examples, model: URL(filePath: "all-MiniLM-L6-v2"), scorer: URL(filePath: "scorer"))
  /// ```
  ///
  /// - Parameters:
  ///   - examples: a part of them is set aside to choose the epoch by.
  ///   - model: the folder of a model of sentence embeddings, which stays as it is.
  ///   - scorer: the folder to be written; one that holds anything is refused.
  ///   - settings: epochs, seed and the like; what suits some thousand texts where not given.
  /// - Throws: `InputError` when examples or settings cannot be; `CancellationError`.
  public static func train(
    on examples: [Example], model: URL, scorer: URL,
    settings: TrainingSettings? = nil
  ) async throws -> Summarizer {
    let settings = settings ?? SentenceScorerTraining.usualSettings
    let folder = try OwnedFolder(
      scorer, .sentenceScorer, .new(replacing: false), verb: "summarize")
    defer { folder.close() }
    guard examples.allSatisfy({ !$0.summaries.isEmpty }) else {
      throw InputError("an example has no summary", advice: "Give one at least, or leave it out")
    }
    let embedder = try SentenceEmbedder(contentsOf: model, threads: settings.threads)
    let trained = try await SentenceScorerTraining(
      examples.map { SummarizedText(sentences: $0.sentences, references: $0.summaries) },
      embedder: embedder, identity: SentenceEncoderIdentity(model, width: embedder.width),
      settings: settings, data: ("", "")
    ).execute()
    try trained.write(to: folder)
    return try Summarizer(trained, embedder: embedder, threads: settings.threads)
  }
}
