/// How sentences are told that say what a text says.
public enum SummaryMethod: String, Hashable, Sendable, CaseIterable, Codable {
  /// The first sentences.
  case lead
  /// Sentences that are like many others by their words' weights: LexRank (Erkan and Radev 2004).
  case lexrank
  /// The same by the number of words they share: TextRank (Mihalcea and Tarau 2004).
  case textrank
  /// Sentences whose embeddings are like many others', earlier ones rather: needs a model.
  case centrality
  /// Sentences that a network wants which learned from summaries by people: needs it, and a model.
  case trained
}

/// Scores of sentences: the higher, the more a summary wants them.
enum SentenceRanking {
  /// 0 for the first sentence, then falling.
  static func lead(_ count: Int) -> [Double] { (0..<count).map { -Double($0) } }

  /// The stationary distribution of a walk over sentences, which goes on to one whose cosine is
  /// above a threshold, each alike; to any with probability 0.15.
  ///
  /// Erkan and Radev 2004, equation 4 with d = 0.15 and the threshold of 0.1 that did best there.
  static func lexRank(_ vectors: TermVectors, threshold: Double = 0.1) -> [Double] {
    walk(
      vectors.cosines().map { row in row.map { $0 > threshold ? 1 : 0 } }, damping: 0.85)
  }

  /// The same with links as strong as their sentences overlap, none to itself. Mihalcea and Tarau
  /// 2004, equation 2.
  static func textRank(_ vectors: TermVectors) -> [Double] {
    var links = vectors.overlaps()
    for index in links.indices { links[index][index] = 0 }
    return walk(links, damping: 0.85)
  }

  /// The mean cosine to all other sentences, times a prior that falls by an eighth from the first
  /// sentence to the last.
  ///
  /// How much it falls was chosen on 500 training texts of one kind, abstracts of papers, where a
  /// steeper one was worse.
  ///
  /// - Parameter embeddings: of unit length.
  static func centrality(_ embeddings: [[Float]]) -> [Double] {
    let count = embeddings.count
    guard count > 1, let width = embeddings.first?.count else { return lead(count) }
    var sum = [Double](repeating: 0, count: width)
    for vector in embeddings { for index in 0..<width { sum[index] += Double(vector[index]) } }
    return embeddings.enumerated().map { position, vector in
      var product = 0.0
      var own = 0.0
      for index in 0..<width {
        product += sum[index] * Double(vector[index])
        own += Double(vector[index]) * Double(vector[index])
      }
      return (product - own) / Double(count - 1) * prior(position, of: count)
    }
  }

  private static func prior(_ position: Int, of count: Int) -> Double {
    1 / (1 + 0.15 * Double(position) / Double(count))
  }

  /// The stationary distribution of a random walk along links.
  private static func walk(_ links: [[Double]], damping: Double) -> [Double] {
    let count = links.count
    guard count > 0 else { return [] }
    let sums = links.map { $0.reduce(0, +) }
    var scores = [Double](repeating: 1 / Double(count), count: count)
    for _ in 0..<200 {
      var next = [Double](repeating: (1 - damping) / Double(count), count: count)
      for (from, row) in links.enumerated() {
        // What leads nowhere leads everywhere.
        if sums[from] == 0 {
          let share = damping * scores[from] / Double(count)
          for to in 0..<count { next[to] += share }
        } else {
          let share = damping * scores[from] / sums[from]
          for to in 0..<count where row[to] != 0 { next[to] += share * row[to] }
        }
      }
      let change = zip(next, scores).map { abs($0 - $1) }.reduce(0, +)
      scores = next
      if change < 1e-12 { break }
    }
    return scores
  }
}
