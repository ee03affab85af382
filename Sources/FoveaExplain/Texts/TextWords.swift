import FoveaText

/// The words and signs of a text, each with the tokens that stand for it.
struct TextWords {
  /// Characters of the text.
  let ranges: [Range<Int>]
  /// Tokens, by their place among those that were read.
  let tokens: [[Int]]

  /// Joins tokens to the pieces of a text by the rules for words, without spaces. Pieces that one
  /// token stands for together are one; a token of nothing but space belongs to the piece behind it.
  ///
  /// - Parameter places: the characters of each token, in order.
  init(_ text: SegmentedText, places: [Range<Int>]) {
    let scalars = Array(text.text.unicodeScalars)
    let pieces = text.wordPieces.filter { piece in
      piece.contains { !scalars[$0].properties.isWhitespace }
    }
    var ranges: [Range<Int>] = []
    var tokens: [[Int]] = []
    var next = 0
    var waiting: [Int] = []
    for (token, place) in places.enumerated() {
      let inside = place.filter { !scalars[$0].properties.isWhitespace }
      guard let first = inside.first, let last = inside.last else {
        waiting.append(token)
        continue
      }
      // A token may begin within the last piece, or reach over several.
      var taken: Range<Int>?
      while next < pieces.count, pieces[next].lowerBound <= last {
        if pieces[next].upperBound > first {
          taken = (taken?.lowerBound ?? pieces[next].lowerBound)..<pieces[next].upperBound
        }
        next += 1
      }
      if let end = ranges.last?.upperBound, first < end {
        ranges[ranges.count - 1] =
          ranges[ranges.count - 1].lowerBound..<max(end, taken?.upperBound ?? end)
        tokens[tokens.count - 1] += waiting + [token]
      } else {
        ranges.append(taken ?? first..<(last + 1))
        tokens.append(waiting + [token])
      }
      waiting = []
    }
    if !waiting.isEmpty, !tokens.isEmpty { tokens[tokens.count - 1] += waiting }
    self.ranges = ranges
    self.tokens = tokens
  }

  /// How many there are.
  var count: Int { ranges.count }

  /// The sum over each word's tokens.
  func sums(_ values: [Float]) -> [Float] {
    tokens.map { $0.reduce(0) { $0 + values[$1] } }
  }
}
