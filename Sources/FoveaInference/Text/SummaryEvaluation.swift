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
}

/// How near methods come to summaries by people, each against the first sentences.
package struct SummaryEvaluation: Sendable, Encodable {
  /// ROUGE of one method over all texts: F1, for each text the largest over its references.
  package struct MethodResult: Sendable, Encodable {
    package let method: SummaryMethod
    package let rouge1: Double
    package let rouge2: Double
    package let rougeL: Double
    /// ROUGE-L less that of the first sentences; none for these themselves.
    package let differenceToLead: PairedBootstrap?
    /// What may be said of the difference.
    package let verdict: String
  }

  /// How many texts.
  package let texts: Int
  package let methods: [MethodResult]

  /// Summarizes all texts by all methods.
  package init(
    _ texts: [SummarizedText], by summarizers: [Summarizer], length: Summary.Length
  ) async throws {
    var scores: [SummaryMethod: [[Double]]] = [:]
    for summarizer in summarizers {
      var rows: [[Double]] = []
      for text in texts {
        try Task.checkCancellation()
        let summary = try await summarizer.summary(
          of: text.text, sentences: text.sentences, length: length)
        rows.append(Self.best(summary.text, text.references))
      }
      scores[summarizer.method] = rows
    }
    let lead = scores[.lead]
    self.texts = texts.count
    methods = summarizers.map { summarizer in
      let rows = scores[summarizer.method] ?? []
      func mean(_ column: Int) -> Double {
        rows.map { $0[column] }.reduce(0, +) / Double(max(rows.count, 1))
      }
      var difference: PairedBootstrap?
      if let lead, summarizer.method != .lead {
        difference = PairedBootstrap(zip(rows, lead).map { $0[2] - $1[2] })
      }
      return MethodResult(
        method: summarizer.method, rouge1: mean(0), rouge2: mean(1), rougeL: mean(2),
        differenceToLead: difference, verdict: Self.verdict(difference?.interval))
    }
  }

  /// ROUGE-1, -2 and -L, each the largest over the references.
  private static func best(_ summary: String, _ references: [String]) -> [Double] {
    let scores = references.map { reference in
      let rouge = Rouge(summary, against: reference)
      return [rouge.one.f1, rouge.two.f1, rouge.longest.f1]
    }
    return (0..<3).map { column in scores.map { $0[column] }.max() ?? 0 }
  }

  private static func verdict(_ interval: ConfidenceInterval?) -> String {
    guard let interval else { return "" }
    if interval.lower > 0 { return "beats lead" }
    return interval.upper < 0 ? "is worse than lead" : "does not beat lead"
  }
}
