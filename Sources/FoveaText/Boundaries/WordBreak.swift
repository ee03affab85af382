/// Where words begin and end: Unicode's Annex 29, section 4, without a dictionary.
///
/// Every sign and every run of spaces is a piece too; each ideograph is one, as no rule tells the
/// words of Chinese.
enum WordBreak {
  /// The property Word_Break.
  enum Class: UInt8 {
    case other, cr, lf, newline, extend, joiner, regionalIndicator, format, katakana, hebrew, letter
    case singleQuote, doubleQuote, midNumLet, midLetter, midNum, numeric, extendNumLet, space
  }

  /// The pieces that a text falls into, as ranges of its scalars.
  static func ranges(_ scalars: [UInt32]) -> [Range<Int>] {
    guard !scalars.isEmpty else { return [] }
    let classes = scalars.map { BreakTables.word(of: $0) }
    var ranges: [Range<Int>] = []
    var start = 0
    var state = State()
    state.note(classes[0])
    for index in 1..<scalars.count {
      if breaks(before: index, scalars, classes, state) {
        ranges.append(start..<index)
        start = index
      }
      state.note(classes[index])
    }
    ranges.append(start..<scalars.count)
    return ranges
  }

  /// The last two classes that are not skipped, and how many flags' letters there are in a row.
  private struct State {
    var last = Class.other
    var beforeLast = Class.other
    var indicators = 0
    private var isStart = true

    mutating func note(_ next: Class) {
      // Rule 4: marks belong to what they follow, unless that is the end of a line.
      if next.isSkipped, !isStart, !last.isLineEnd { return }
      isStart = false
      beforeLast = last
      last = next
      indicators = next == .regionalIndicator ? indicators + 1 : 0
    }
  }

  private static func breaks(
    before index: Int, _ scalars: [UInt32], _ classes: [Class], _ state: State
  ) -> Bool {
    let (left, right) = (classes[index - 1], classes[index])
    if left == .cr, right == .lf { return false }  // 3
    if left.isLineEnd || right.isLineEnd { return true }  // 3a, 3b
    if left == .joiner, ScalarSet.pictographic.contains(scalars[index]) { return false }  // 3c
    if left == .space, right == .space { return false }  // 3d
    if right.isSkipped { return false }  // 4
    let last = state.last
    // What follows, once it matters.
    func next() -> Class {
      classes[(index + 1)...].first { !$0.isSkipped } ?? .other
    }
    switch (last, right) {
    case (.letter, .letter), (.letter, .hebrew), (.hebrew, .letter), (.hebrew, .hebrew):
      return false  // 5
    case (.hebrew, .singleQuote): return false  // 7a
    case (.letter, .midLetter), (.letter, .midNumLet), (.letter, .singleQuote),
      (.hebrew, .midLetter), (.hebrew, .midNumLet):
      return !next().isLetter  // 6
    case (.hebrew, .doubleQuote): return next() != .hebrew  // 7b
    case (.midLetter, _) where right.isLetter, (.midNumLet, _) where right.isLetter,
      (.singleQuote, _) where right.isLetter:
      return !state.beforeLast.isLetter  // 7
    case (.doubleQuote, .hebrew): return state.beforeLast != .hebrew  // 7c
    case (.numeric, .numeric), (.letter, .numeric), (.hebrew, .numeric): return false  // 8, 9
    case (.numeric, .letter), (.numeric, .hebrew): return false  // 10
    case (.midNum, .numeric), (.midNumLet, .numeric), (.singleQuote, .numeric):
      return state.beforeLast != .numeric  // 11
    case (.numeric, .midNum), (.numeric, .midNumLet), (.numeric, .singleQuote):
      return next() != .numeric  // 12
    case (.katakana, .katakana): return false  // 13
    case (.letter, .extendNumLet), (.hebrew, .extendNumLet), (.numeric, .extendNumLet),
      (.katakana, .extendNumLet), (.extendNumLet, .extendNumLet):
      return false  // 13a
    case (.extendNumLet, .letter), (.extendNumLet, .hebrew), (.extendNumLet, .numeric),
      (.extendNumLet, .katakana):
      return false  // 13b
    case (.regionalIndicator, .regionalIndicator): return state.indicators.isMultiple(of: 2)  // 15
    default: return true  // 999
    }
  }
}

extension WordBreak.Class {
  var isLineEnd: Bool { self == .cr || self == .lf || self == .newline }
  var isSkipped: Bool { self == .extend || self == .joiner || self == .format }
  var isLetter: Bool { self == .letter || self == .hebrew }
}
