/// Which words of a text a map marks, and how they fit the characters that people marked.
struct WordMarks {
  private let words: [Range<Int>]
  private let truth: [Range<Int>]?

  init(_ read: ReadText, truth: [Range<Int>]?) {
    words = read.words.ranges
    // Nothing marked is no place to find.
    self.truth = truth.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The share of each word's characters that people marked; `nil` where nothing is known.
  var coverage: [Float]? {
    truth.map { truth in
      words.map { word in
        let hits = word.count { place in truth.contains { $0.contains(place) } }
        return Float(hits) / Float(max(word.count, 1))
      }
    }
  }

  /// Words with at least half of the largest value; none where the map is the same everywhere.
  func marked(_ map: HighlightMap) -> Set<Int> {
    map.isConstant && map.width > 1
      ? [] : Set(map.values.indices.filter { map.values[$0] >= 0.5 })
  }

  /// So many words with the largest values.
  func strongest(_ count: Int, of map: HighlightMap) -> Set<Int> {
    Set(map.values.indices.sorted { (-map.values[$0], $0) < (-map.values[$1], $1) }.prefix(count))
  }

  /// The characters of marked words, neighbours with what lies between them.
  func spans(_ marked: Set<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var last = -2
    for word in marked.sorted() {
      let range = words[word]
      if word == last + 1, let open = result.popLast() {
        result.append(open.lowerBound..<range.upperBound)
      } else {
        result.append(range)
      }
      last = word
    }
    return result
  }

  /// The harmonic mean of the share of marked characters that are true and of true characters that
  /// are marked, as in SemEval 2021, task 5; `nil` where no truth is known.
  func characterF1(_ marked: Set<Int>) -> Double? {
    guard let truth else { return nil }
    let expected = Set(truth.flatMap { $0 })
    let found = Set(spans(marked).flatMap { $0 })
    let both = Double(expected.intersection(found).count)
    return 2 * both / Double(max(expected.count + found.count, 1))
  }
}
