import FoveaArray
package import FoveaMetrics
package import FoveaText

/// A text with summaries that people wrote of it.
package struct SummarizedText: Sendable {
  /// The sentences, joined by spaces.
  package let text: SegmentedText
  /// The sentences in their places.
  package let sentences: [TextSpan]
  /// Summaries by people, one at least.
  package let references: [String]

  /// A text of sentences that were told apart before.
  package init(sentences: [String], references: [String]) {
    var place = 0
    self.sentences = sentences.map { sentence in
      defer { place += sentence.unicodeScalars.count + 1 }
      return TextSpan(sentence, at: place)
    }
    text = SegmentedText(sentences.joined(separator: " "))
    self.references = references
  }

  /// A text whose sentences are found.
  package init(text: String, references: [String]) {
    self.text = SegmentedText(text)
    sentences = self.text.sentences
    self.references = references
  }

  /// What a summary gains by each sentence: the mean of ROUGE-1, -2 and -L F1 with the reference that
  /// it is most like.
  package var gains: [Float] {
    sentences.map { sentence in
      references.map { Float(Rouge.f1(sentence.text, against: $0).reduce(0, +) / 3) }.max() ?? 0
    }
  }

  /// The embeddings of all sentences, text by text.
  package static func embeddings(
    of texts: [SummarizedText], by embedder: SentenceEmbedder
  ) async throws -> [[[Float]]] {
    var rest = try await embedder.embeddings(of: texts.flatMap { $0.sentences.map(\.text) })[...]
    return texts.map { text in
      defer { rest = rest.dropFirst(text.sentences.count) }
      return Array(rest.prefix(text.sentences.count))
    }
  }
}

/// How near methods come to summaries by people, each against the first sentences.
package struct SummaryEvaluation: Sendable, Encodable {
  /// ROUGE of one method over all texts: F1, for each text the largest over its references.
  package struct MethodResult: Sendable, Encodable {
    /// The method, or which control of the trained one.
    package let method: String
    package let rouge1: Double
    package let rouge2: Double
    package let rougeL: Double
    /// ROUGE-L less that of the first sentences; none for these themselves.
    package let differenceToLead: PairedMean?
    /// What may be said of the difference.
    package let verdict: String
  }

  /// What attention adds to the trained method.
  package struct AttentionResult: Sendable, Encodable {
    /// The control that it is compared with.
    package let control: String
    /// ROUGE-L with attention less that of the control.
    package let difference: PairedMean
    /// What may be said of it.
    package let verdict: String
  }

  /// How many texts.
  package let texts: Int
  package let methods: [MethodResult]
  /// For each control of the trained method.
  package let attention: [AttentionResult]

  /// Summarizes all texts by all methods; those that need embeddings share the same.
  package init(
    _ texts: [SummarizedText], by summarizers: [Summarizer], length: Summary.Length
  ) async throws {
    let embedder = summarizers.lazy.compactMap(\.embedder).first
    let embeddings: [[[Float]]]
    if let embedder {
      embeddings = try await SummarizedText.embeddings(of: texts, by: embedder)
    } else {
      embeddings = texts.map { _ in [] }
    }
    var scores: [String: [[Double]]] = [:]
    for summarizer in summarizers {
      var rows: [[Double]] = []
      for (text, vectors) in zip(texts, embeddings) {
        try Task.checkCancellation()
        let summary = try await summarizer.summary(
          of: text.text, sentences: text.sentences, length: length, embeddings: vectors)
        rows.append(Self.best(summary.text, text.references))
      }
      scores[summarizer.name] = rows
    }
    /// ROUGE-L of one less that of another.
    func difference(_ name: String, to other: String) -> PairedMean? {
      guard name != other, let rows = scores[name], let others = scores[other] else { return nil }
      return PairedMean(zip(rows, others).map { $0[2] - $1[2] })
    }
    self.texts = texts.count
    methods = summarizers.map { summarizer in
      let rows = scores[summarizer.name] ?? []
      func mean(_ column: Int) -> Double {
        rows.map { $0[column] }.reduce(0, +) / Double(max(rows.count, 1))
      }
      let difference = difference(summarizer.name, to: SummaryMethod.lead.rawValue)
      return MethodResult(
        method: summarizer.name, rouge1: mean(0), rouge2: mean(1), rougeL: mean(2),
        differenceToLead: difference,
        verdict: difference.map {
          $0.verdict(
            above: "beats lead", below: "is worse than lead", across: "is not shown to beat lead")
        } ?? "")
    }
    attention = summarizers.compactMap { summarizer in
      guard summarizer.method == .trained,
        let difference = difference(SummaryMethod.trained.rawValue, to: summarizer.name)
      else { return nil }
      return AttentionResult(
        control: summarizer.name, difference: difference,
        verdict: difference.verdict(
          above: "attention helps", below: "attention hurts",
          across: "attention is not shown to help"))
    }
  }

  /// ROUGE-1, -2 and -L, each the largest over the references.
  private static func best(_ summary: String, _ references: [String]) -> [Double] {
    let scores = references.map { Rouge.f1(summary, against: $0) }
    return (0..<3).map { column in scores.map { $0[column] }.max() ?? 0 }
  }
}

extension PairedMean {
  /// What may be said of a difference whose interval is above or below 0, or holds it; where there is no
  /// interval, that there is none.
  fileprivate func verdict(above: String, below: String, across: String) -> String {
    guard let interval else { return "no verdict: too few texts differ" }
    return interval.lower > 0 ? above : interval.upper < 0 ? below : across
  }
}

extension Rouge {
  /// F1 of ROUGE-1, -2 and -L.
  fileprivate static func f1(_ summary: String, against reference: String) -> [Double] {
    let rouge = Rouge(summary, against: reference)
    return [rouge.one.f1, rouge.two.f1, rouge.longest.f1]
  }
}
