import FoveaArray
import Glibc

/// Finds the words that a network heard.
///
/// With one prefix the words of the most probable path are taken: the most probable symbol at each
/// step, repetitions and then blanks dropped. With more, prefix beam search adds up all paths that
/// collapse to the same words, and so finds more probable words whose paths are many (Graves et al.
/// 2006, section 3.2; Hannun et al. 2014, algorithm 1, without a language model).
package struct WordDecoder: Hashable, Sendable {
  /// How many prefixes are followed.
  package let beam: Int

  /// The number of prefixes where nobody chose it.
  package static let usualBeam = 8

  package init(beam: Int = usualBeam) {
    require(beam >= 1, "decoder: a beam of \(beam)")
    self.beam = beam
  }

  /// The words heard.
  package func words(_ scores: SymbolScores) -> [Int] {
    beam == 1 ? Self.bestPath(scores) : hypotheses(scores)[0].words
  }

  /// The words of the most probable path.
  package static func bestPath(_ scores: SymbolScores) -> [Int] {
    collapsed(
      (0..<scores.steps).map { step in
        (0..<scores.symbols).reduce(0) { scores[step, $1] > scores[step, $0] ? $1 : $0 }
      }, blank: scores.blank)
  }

  /// The words of a path, a symbol at each step: repetitions and then blanks are dropped.
  package static func collapsed(_ path: some Sequence<Int>, blank: Int) -> [Int] {
    var words: [Int] = []
    var last = blank
    for symbol in path {
      if symbol != last, symbol != blank { words.append(symbol) }
      last = symbol
    }
    return words
  }

  /// Words with the logarithm of their probability, as far as the prefixes that were followed tell it.
  package struct Hypothesis: Hashable, Sendable {
    package let words: [Int]
    package let logProbability: Double
  }

  /// The most probable words, best first; as many as prefixes are followed at most.
  package func hypotheses(_ scores: SymbolScores) -> [Hypothesis] {
    var prefixes = [Prefix(words: [], blank: 0, word: -.infinity)]
    for step in 0..<scores.steps {
      var next: [[Int]: Prefix] = [:]
      func add(_ words: [Int], blank: Double = -.infinity, word: Double = -.infinity) {
        var prefix = next[words] ?? Prefix(words: words, blank: -.infinity, word: -.infinity)
        prefix.blank = logSum(prefix.blank, blank)
        prefix.word = logSum(prefix.word, word)
        next[words] = prefix
      }
      for prefix in prefixes {
        add(prefix.words, blank: prefix.total + scores[step, scores.blank])
        for symbol in 0..<scores.blank {
          let score = scores[step, symbol]
          guard symbol == prefix.words.last else {
            add(prefix.words + [symbol], word: prefix.total + score)
            continue
          }
          // The same word goes on, or, behind a blank, is said again.
          add(prefix.words, word: prefix.word + score)
          add(prefix.words + [symbol], word: prefix.blank + score)
        }
      }
      prefixes = Array(
        next.values.filter { $0.total > -.infinity }.sorted { $0.precedes($1) }.prefix(beam))
    }
    return prefixes.map { Hypothesis(words: $0.words, logProbability: $0.total) }
  }

  /// Words so far, and the probability of all paths to them that end in a blank, or in the last word.
  private struct Prefix {
    let words: [Int]
    var blank: Double
    var word: Double

    var total: Double { logSum(blank, word) }

    /// Of equally probable ones the first by its words, whatever the order of hashing.
    func precedes(_ other: Prefix) -> Bool {
      let (mine, others) = (total, other.total)
      return mine != others ? mine > others : words.lexicographicallyPrecedes(other.words)
    }
  }
}

extension SymbolScores {
  /// Words with the steps at which the most probable path to them hears each, and how sure the network
  /// is of each: its highest probability over those steps.
  package func heard(_ words: [Int]) -> [(word: Int, steps: Range<Int>, probability: Double)] {
    guard let spans = alignment(of: words) else { return [] }
    return zip(words, spans).map { word, span in
      (word, span, exp(span.map { self[$0, word] }.max() ?? -.infinity))
    }
  }
}
