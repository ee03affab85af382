import FoveaArray
import FoveaInference
import Glibc
import Testing

/// Decoding held against every path, one by one.
struct WordDecoderTests {
  private func scores(_ steps: Int, _ symbols: Int, seed: UInt64) -> SymbolScores {
    let key = RandomKey(seed: seed)
    return SymbolScores(
      logits: (0..<(steps * symbols)).map { Float(2 * key.normal(at: UInt64($0))) },
      symbols: symbols)
  }

  /// Every path with its words and probability.
  private func paths(
    _ scores: SymbolScores
  ) -> [(path: [Int], words: [Int], probability: Double)] {
    var paths: [[Int]] = [[]]
    for _ in 0..<scores.steps {
      paths = paths.flatMap { path in (0..<scores.symbols).map { path + [$0] } }
    }
    return paths.map { path in
      var words: [Int] = []
      var last = scores.blank
      for symbol in path {
        if symbol != last, symbol != scores.blank { words.append(symbol) }
        last = symbol
      }
      let sum = path.enumerated().reduce(0) { $0 + scores[$1.offset, $1.element] }
      return (path, words, exp(sum))
    }
  }

  private func probabilities(_ scores: SymbolScores) -> [[Int]: Double] {
    paths(scores).reduce(into: [:]) { $0[$1.words, default: 0] += $1.probability }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func likelihoodsAreSumsOverAllPaths(_ seed: UInt64) {
    let scores = scores(5, 3, seed: seed)
    let all = probabilities(scores)
    for (words, probability) in all {
      #expect(abs(scores.logLikelihood(of: words) - log(probability)) < 1e-9)
    }
    #expect(scores.logLikelihood(of: [0, 0, 0, 0]) == -.infinity)
    #expect(abs(all.values.reduce(0, +) - 1) < 1e-9)
  }

  /// With room for all prefixes the search finds every probability.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func aWideBeamIsExact(_ seed: UInt64) throws {
    let scores = scores(5, 3, seed: seed)
    let all = probabilities(scores)
    let found = WordDecoder(beam: 1000).hypotheses(scores)
    #expect(found.count == all.count)
    for hypothesis in found {
      let expected = try #require(all[hypothesis.words])
      #expect(abs(hypothesis.logProbability - log(expected)) < 1e-9)
    }
    #expect(found.map(\.logProbability) == found.map(\.logProbability).sorted(by: >))
  }

  @Test(arguments: [5, 6, 7] as [UInt64])
  func theBestPathIsTheMostProbableOne(_ seed: UInt64) throws {
    let scores = scores(5, 3, seed: seed)
    let best = try #require(paths(scores).max { $0.probability < $1.probability })
    #expect(WordDecoder(beam: 1).words(scores) == best.words)
  }

  /// Two steps at which the blank is most probable, and yet the word is: its paths are three.
  @Test func theBeamFindsWhatTheBestPathMisses() {
    let logits = [log(Float(0.4)), log(Float(0.6))]
    let scores = SymbolScores(logits: logits + logits, symbols: 2)
    #expect(WordDecoder(beam: 1).words(scores) == [])
    #expect(WordDecoder(beam: 2).words(scores) == [0])
    #expect(abs(exp(scores.logLikelihood(of: [0])) - 0.64) < 1e-6)
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func theAlignmentIsTheMostProbablePathToItsWords(_ seed: UInt64) throws {
    let scores = scores(6, 3, seed: seed)
    for words in [[0], [1, 0], [1, 1], [0, 1, 0]] {
      let best = try #require(
        paths(scores).filter { $0.words == words }.max { $0.probability < $1.probability })
      let spans = try #require(scores.alignment(of: words))
      var path = [Int](repeating: scores.blank, count: scores.steps)
      for (word, span) in zip(words, spans) { for step in span { path[step] = word } }
      #expect(path == best.path)
    }
    #expect(scores.alignment(of: []) == [])
    #expect(scores.alignment(of: [1, 1, 1, 1]) == nil)
  }

  @Test func nothingIsHeardInNothing() {
    let scores = SymbolScores(logits: [], symbols: 4)
    #expect(WordDecoder().words(scores) == [] && scores.alignment(of: [1]) == nil)
    #expect(scores.logLikelihood(of: []) == 0 && scores.logLikelihood(of: [1]) == -.infinity)
  }
}
