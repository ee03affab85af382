import FoveaArray
import Glibc

/// What a network hears at each step: log-probabilities `[steps, symbols]` of the words and, last, of
/// the blank.
package struct SymbolScores: Sendable {
  package let steps: Int
  package let symbols: Int
  private let values: [Double]

  /// The symbol that means no word.
  package var blank: Int { symbols - 1 }

  /// The scores of logits `[steps, symbols]`, row by row.
  package init(logits: some Collection<Float>, symbols: Int) {
    require(
      symbols >= 2 && logits.count % symbols == 0, "scores: \(logits.count) for \(symbols)")
    self.symbols = symbols
    steps = logits.count / symbols
    var values = logits.map(Double.init)
    for step in 0..<steps {
      let row = (step * symbols)..<((step + 1) * symbols)
      let largest = values[row].max() ?? 0
      let shift = largest + log(values[row].reduce(0) { $0 + exp($1 - largest) })
      for index in row { values[index] -= shift }
    }
    self.values = values
  }

  /// log p(symbol) at a step.
  package subscript(_ step: Int, _ symbol: Int) -> Double { values[step * symbols + symbol] }
}

/// log(exp a + exp b) without overflow.
func logSum(_ a: Double, _ b: Double) -> Double {
  let (high, low) = a > b ? (a, b) : (b, a)
  return low == -.infinity ? high : high + log1p(exp(low - high))
}

// MARK: - The words of a target on the steps

extension SymbolScores {
  /// log p(words), summed over all paths that collapse to them; −∞ where none has room.
  package func logLikelihood(of words: [Int]) -> Double {
    let ends = trellis(words, logSum).last ?? (words.isEmpty ? [0] : [-.infinity])
    return ends.suffix(2).reduce(-.infinity, logSum)
  }

  /// At which steps the most probable path hears each of the words; `nil` where none has room.
  package func alignment(of words: [Int]) -> [Range<Int>]? {
    if words.isEmpty { return [] }
    let best = trellis(words, max)
    guard let last = best.last else { return nil }
    var place = last[last.count - 1] > last[last.count - 2] ? last.count - 1 : last.count - 2
    guard last[place] > -.infinity else { return nil }
    var spans = [Range<Int>](repeating: 0..<0, count: words.count)
    for step in stride(from: steps - 1, through: 0, by: -1) {
      if place % 2 == 1 {
        let word = place / 2
        spans[word] = step..<(spans[word].isEmpty ? step + 1 : spans[word].upperBound)
      }
      guard step > 0 else { break }
      let before = best[step - 1]
      let from = place
      for candidate in sources(of: from, words) where before[candidate] > before[place] {
        place = candidate
      }
    }
    return spans
  }

  /// For each step, and each place of the words with blanks around each: all ways to stand there,
  /// joined by `join`.
  private func trellis(_ words: [Int], _ join: (Double, Double) -> Double) -> [[Double]] {
    let places = 2 * words.count + 1
    func symbol(_ place: Int) -> Int { place % 2 == 1 ? words[place / 2] : blank }
    var rows: [[Double]] = []
    for step in 0..<steps {
      rows.append(
        (0..<places).map { place in
          guard step > 0 else { return place < 2 ? self[0, symbol(place)] : -.infinity }
          let before = rows[step - 1]
          return sources(of: place, words).reduce(-.infinity) { join($0, before[$1]) }
            + self[step, symbol(place)]
        })
    }
    return rows
  }

  /// Where a path may come from: the same place, the one before, or the word before past a blank.
  private func sources(of place: Int, _ words: [Int]) -> [Int] {
    var sources = [place]
    if place >= 1 { sources.append(place - 1) }
    if place % 2 == 1, place >= 3, words[place / 2] != words[place / 2 - 1] {
      sources.append(place - 2)
    }
    return sources
  }
}
