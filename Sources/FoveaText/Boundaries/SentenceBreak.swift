/// Where sentences begin and end: Unicode's Annex 29, section 5.
enum SentenceBreak {
  /// The property Sentence_Break.
  enum Class: UInt8 {
    case other, cr, lf, separator, extend, format, space, lower, upper, letter, numeric, fullStop
    case continuing, terminal, close
  }

  /// The sentences that a text falls into, with the space behind each, as ranges of its scalars.
  static func ranges(_ scalars: [UInt32]) -> [Range<Int>] {
    guard !scalars.isEmpty else { return [] }
    let classes = scalars.map { BreakTables.sentence(of: $0) }
    var ranges: [Range<Int>] = []
    var start = 0
    var state = State()
    state.note(classes[0])
    for index in 1..<scalars.count {
      if breaks(before: index, classes, state) {
        ranges.append(start..<index)
        start = index
      }
      state.note(classes[index])
    }
    ranges.append(start..<scalars.count)
    return ranges
  }

  /// What stands before a place, without what is skipped.
  private struct State {
    /// How far what may be the end of a sentence has come.
    enum Ending { case none, mark, close, space, separator }

    var last = Class.other
    var beforeLast = Class.other
    var ending = Ending.none
    /// Whether the mark is a full stop, which is an abbreviation's too.
    var isFullStop = false
    private var isStart = true

    mutating func note(_ next: Class) {
      // Rule 5: marks belong to what they follow, unless that is the end of a paragraph.
      if next.isSkipped, !isStart, !last.isParagraphEnd { return }
      isStart = false
      switch next {
      case .fullStop, .terminal:
        ending = .mark
        isFullStop = next == .fullStop
      case .close where ending == .mark || ending == .close: ending = .close
      case .space where ending != .none && ending != .separator: ending = .space
      case .cr, .lf, .separator: ending = ending == .none ? .none : .separator
      default: ending = .none
      }
      beforeLast = last
      last = next
    }
  }

  private static func breaks(before index: Int, _ classes: [Class], _ state: State) -> Bool {
    let (left, right) = (classes[index - 1], classes[index])
    if left == .cr, right == .lf { return false }  // 3
    if left.isParagraphEnd { return true }  // 4
    if right.isSkipped { return false }  // 5
    guard state.ending != .none, state.ending != .separator else { return false }  // 998
    if state.ending == .mark, state.isFullStop {
      if right == .numeric { return false }  // 6
      if right == .upper, state.beforeLast == .upper || state.beforeLast == .lower {
        return false  // 7
      }
    }
    if state.isFullStop, continuesInLower(classes[index...]) { return false }  // 8
    if right == .continuing || right == .fullStop || right == .terminal { return false }  // 8a
    switch state.ending {
    case .mark, .close:
      if right == .close || right == .space || right.isParagraphEnd { return false }  // 9
    default:
      if right == .space || right.isParagraphEnd { return false }  // 10
    }
    return true  // 11
  }

  /// Whether a small letter comes before any other letter and before any end.
  private static func continuesInLower(_ classes: ArraySlice<Class>) -> Bool {
    for next in classes {
      switch next {
      case .lower: return true
      case .letter, .upper, .cr, .lf, .separator, .fullStop, .terminal: return false
      default: continue
      }
    }
    return false
  }
}

extension SentenceBreak.Class {
  var isParagraphEnd: Bool { self == .cr || self == .lf || self == .separator }
  var isSkipped: Bool { self == .extend || self == .format }
}
