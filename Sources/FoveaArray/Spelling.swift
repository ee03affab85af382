/// Words that were probably meant.
package enum Spelling {
  /// The one of `words` that is nearest to `word`, at most a third of its letters away, in any case; `nil`
  /// where none is.
  package static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased())
    // Another number is no misspelt one.
    guard letters.contains(where: \.isLetter) else { return nil }
    let most = max(1, letters.count / 3)
    return words.map { ($0, distance(letters, Array($0.lowercased()))) }
      .filter { $0.1 <= most && $0.1 < letters.count }.min { $0.1 < $1.1 }?.0
  }

  /// Letters that are put in, left out, changed, or exchanged with their neighbours (Damerau 1964,
  /// Levenshtein 1966).
  private static func distance(_ first: [Character], _ second: [Character]) -> Int {
    // Names longer than this are not typed.
    guard first.count <= 64, second.count <= 64 else { return .max }
    var before: [Int] = []
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var next = [i + 1]
      for (j, other) in second.enumerated() {
        var best = min(row[j + 1] + 1, next[j] + 1, row[j] + (letter == other ? 0 : 1))
        if i > 0, j > 0, letter == second[j - 1], first[i - 1] == other {
          best = min(best, before[j - 1] + 1)
        }
        next.append(best)
      }
      (before, row) = (row, next)
    }
    return row[second.count]
  }
}
