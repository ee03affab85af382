import FoveaArray

/// Sentences of a text that stand for all of it, in their places.
public struct Summary: Hashable, Sendable, Codable {
  /// How long a summary may be.
  public enum Length: Hashable, Sendable {
    /// So many sentences.
    case sentences(Int)
    /// Sentences as long as they have no more words than this together, and one at least, however long.
    case words(Int)
  }

  /// A sentence of the text.
  public struct Sentence: Hashable, Sendable, Codable {
    /// The sentence and its place.
    public let span: TextSpan
    /// How much the method wants it; comparable within one text.
    public let score: Double
    /// Whether it is in the summary.
    public let isChosen: Bool
  }

  /// How sentences were chosen.
  public let method: SummaryMethod
  /// All sentences of the text in their order.
  public let sentences: [Sentence]

  /// Words of the summary: more than were asked for where one sentence alone has more.
  public let wordCount: Int

  /// The sentences of the summary in their order.
  public var chosen: [Sentence] { sentences.filter(\.isChosen) }

  /// The summary as one text.
  public var text: String { chosen.map(\.span.text).joined(separator: " ") }

  /// Whether the method tells no sentence from another, so that the first are chosen: they share hardly any
  /// words, or are too few.
  public var allScoreAlike: Bool {
    let scores = sentences.map(\.score)
    guard method != .lead, scores.count > 1, let least = scores.min(), let most = scores.max()
    else { return false }
    return most - least <= 1e-9 * max(abs(most), abs(least))
  }

  /// Chooses sentences of a text.
  ///
  /// Of two sentences that say the same in nearly the same words only the stronger is taken, unless
  /// nothing else is left.
  ///
  /// - Parameters:
  ///   - embeddings: a vector of unit length for each sentence, for centrality.
  ///   - scores: what a network says of each sentence, for the trained method.
  ///   - spans: the sentences, where they are known; found in the text if not.
  package init(
    _ text: SegmentedText, method: SummaryMethod, length: Length, spans: [TextSpan]? = nil,
    embeddings: [[Float]] = [], scores trained: [Double] = []
  ) {
    let spans = spans ?? text.sentences
    let vectors = TermVectors(spans.map { text.terms(in: $0.range) })
    let scores =
      switch method {
      case .lead: SentenceRanking.lead(spans.count)
      case .lexrank: SentenceRanking.lexRank(vectors)
      case .textrank: SentenceRanking.textRank(vectors)
      case .centrality: SentenceRanking.centrality(embeddings)
      case .trained: trained
      }
    require(scores.count == spans.count, "summary: a method needs all sentences' scores")
    let words = spans.map { text.words(in: $0.range).count }
    let isChosen = Self.choose(
      scores, length: length, words: words,
      cosines: method == .lead ? nil : vectors.cosines())
    self.method = method
    wordCount = zip(words, isChosen).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
    sentences = spans.indices.map { index in
      Sentence(span: spans[index], score: scores[index], isChosen: isChosen[index])
    }
  }

  private static func choose(
    _ scores: [Double], length: Length, words: [Int], cosines: [[Double]]?
  ) -> [Bool] {
    // Equal scores go to the earlier sentence.
    let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    var isChosen = [Bool](repeating: false, count: scores.count)
    var chosen: [Int] = []
    var total = 0
    func fits(_ index: Int) -> Bool {
      switch length {
      case .sentences(let most): chosen.count < most
      case .words(let most): chosen.isEmpty || total + words[index] <= most
      }
    }
    func take(_ index: Int) {
      isChosen[index] = true
      chosen.append(index)
      total += words[index]
    }
    var repeats: [Int] = []
    for index in order where fits(index) {
      if let cosines, chosen.contains(where: { cosines[index][$0] > mostAlike }) {
        repeats.append(index)
      } else {
        take(index)
      }
    }
    for index in repeats where fits(index) { take(index) }
    return isChosen
  }

  /// Sentences with a larger cosine say the same.
  private static let mostAlike = 0.7
}

extension Summary.Length {
  /// A fifth of the sentences, from one to five: what is usual where nobody asked for a length.
  public static func usual(for sentences: Int) -> Summary.Length {
    .sentences(min(max(sentences / 5, 1), 5))
  }
}
