import FoveaArray

/// A part of a text with its place in it.
public struct TextSpan: Hashable, Sendable, Codable {
  /// The part itself.
  public let text: String
  /// The first character and the one behind the last, counted in Unicode scalars from 0.
  public let start: Int
  /// See `start`.
  public let end: Int

  /// A part that begins at a character.
  package init(_ text: String, at start: Int) {
    self.text = text
    self.start = start
    end = start + text.unicodeScalars.count
  }

  /// The characters' numbers.
  public var range: Range<Int> { start..<end }
}

/// The words and sentences of a text in any language.
///
/// Boundaries are those of Unicode's Annex 29. Scripts that write no spaces need a dictionary to find
/// words: for Thai, Lao, Khmer and Burmese a word is a whole run here, for Chinese and the kanji of
/// Japanese a character.
public struct SegmentedText: Sendable {
  /// The text.
  public let text: String
  private let scalars: [Unicode.Scalar]
  private let values: [UInt32]

  /// Takes a text.
  public init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
    values = scalars.map(\.value)
  }

  /// All pieces by the rules for words, spaces and signs too.
  package var wordPieces: [Range<Int>] { WordBreak.ranges(values) }

  /// All pieces by the rules for sentences, with the spaces behind them.
  package var sentencePieces: [Range<Int>] { SentenceBreak.ranges(values) }

  /// Sentences without the space around them; what holds no letter and no digit is none.
  ///
  /// Unlike by the rules alone no sentence ends behind an initial or a usual abbreviation, unless its
  /// paragraph does.
  public var sentences: [TextSpan] {
    var result: [Range<Int>] = []
    var start: Int?
    let pieces = sentencePieces
    for (index, piece) in pieces.enumerated() {
      let first = start ?? piece.lowerBound
      if index + 1 < pieces.count, endsInAbbreviation(piece) {
        start = first
      } else {
        result.append(trimmed(first..<piece.upperBound))
        start = nil
      }
    }
    return result.filter { range in
      range.contains { !ScalarClasses(of: values[$0]).isDisjoint(with: [.letter, .number]) }
    }.map { span($0) }
  }

  /// All of the text, cut where sentences begin: what stands between two is with the one before.
  package var sentenceRanges: [Range<Int>] {
    let cuts = [0] + sentences.dropFirst().map(\.start) + [scalars.count]
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }
  }

  /// Whether a piece ends in Dr. or J. and a space.
  private func endsInAbbreviation(_ piece: Range<Int>) -> Bool {
    let range = trimmed(piece)
    guard range.upperBound < piece.upperBound, values[range.upperBound - 1] == 0x2E,
      !values[range.upperBound..<piece.upperBound].contains(where: { $0 == 0x0A || $0 == 0x0D })
    else { return false }
    var first = range.upperBound - 1
    while first > range.lowerBound,
      values[first - 1] == 0x2E || ScalarClasses(of: values[first - 1]).contains(.letter)
    { first -= 1 }
    let word = String(String.UnicodeScalarView(scalars[first..<(range.upperBound - 1)]))
    let isInitial =
      word.unicodeScalars.count == 1 && word.unicodeScalars.first?.properties.isUppercase == true
    return isInitial || Self.abbreviations.contains(word)
  }

  /// What stands before a name or a number in European languages, without the full stop.
  private static let abbreviations: Set<String> = [
    "Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Mt", "Gen", "Col", "Lt", "Sgt", "Capt", "Rep", "Sen",
    "Gov",
    "Rev", "Hon", "Fig", "Figs", "Eq", "Eqs", "Sec", "Ref", "Refs", "No", "Nos", "Vol", "pp", "vs",
    "cf",
    "e.g", "i.e", "al", "approx", "Hr", "Fr", "Nr", "bzw", "z.B", "Sr", "Sra", "Mme", "M", "MM",
  ]

  /// Words: pieces with a letter or a digit.
  public var words: [TextSpan] { words(in: 0..<values.count) }

  /// The words of a part; one outside the text is a programmer's mistake and traps.
  public func words(
    in part: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> [TextSpan] {
    requireInside(part, file, line)
    return WordBreak.ranges(Array(values[part])).compactMap { piece in
      let range = (piece.lowerBound + part.lowerBound)..<(piece.upperBound + part.lowerBound)
      let isWord = range.contains { index in
        !ScalarClasses(of: values[index]).isDisjoint(with: [.letter, .number])
      }
      return isWord ? span(range) : nil
    }
  }

  /// A part by its characters' numbers; one outside the text is a programmer's mistake and traps.
  public func span(
    _ range: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> TextSpan {
    requireInside(range, file, line)
    return TextSpan(String(String.UnicodeScalarView(scalars[range])), at: range.lowerBound)
  }

  private func requireInside(_ part: Range<Int>, _ file: StaticString, _ line: UInt) {
    require(
      part.lowerBound >= 0 && part.upperBound <= values.count,
      "text: characters \(part) of \(values.count)", file: file, line: line)
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    func isSpace(_ index: Int) -> Bool { ScalarClasses(of: values[index]).contains(.whitespace) }
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isSpace(start) { start += 1 }
    while end > start, isSpace(end - 1) { end -= 1 }
    return start..<end
  }
}
