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
  public var sentences: [TextSpan] {
    SentenceBreak.ranges(values).compactMap { range in
      let trimmed = self.trimmed(range)
      let hasContent = trimmed.contains { index in
        !ScalarClasses(of: values[index]).isDisjoint(with: [.letter, .number])
      }
      return hasContent ? span(trimmed) : nil
    }
  }

  /// Words: pieces with a letter or a digit.
  public var words: [TextSpan] { words(in: 0..<values.count) }

  /// The words of a part.
  public func words(in part: Range<Int>) -> [TextSpan] {
    WordBreak.ranges(Array(values[part])).compactMap { piece in
      let range = (piece.lowerBound + part.lowerBound)..<(piece.upperBound + part.lowerBound)
      let isWord = range.contains { index in
        !ScalarClasses(of: values[index]).isDisjoint(with: [.letter, .number])
      }
      return isWord ? span(range) : nil
    }
  }

  /// A part by its characters' numbers.
  public func span(_ range: Range<Int>) -> TextSpan {
    TextSpan(String(String.UnicodeScalarView(scalars[range])), at: range.lowerBound)
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    func isSpace(_ index: Int) -> Bool { ScalarClasses(of: values[index]).contains(.whitespace) }
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isSpace(start) { start += 1 }
    while end > start, isSpace(end - 1) { end -= 1 }
    return start..<end
  }
}
