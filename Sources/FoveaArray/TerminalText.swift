/// Text for a terminal: how wide it is, what must not reach one, where a line breaks.
package enum TerminalText {
  /// The text without what would move the cursor, change colours or turn the direction of writing.
  ///
  /// Names come from files, and a file may be called anything: control characters, line ends and
  /// the marks that override direction become U+FFFD.
  package static func printable(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      scalars.append(isHarmful(scalar) ? "\u{FFFD}" : scalar)
    }
    return String(scalars)
  }

  /// How many columns the text takes: two for East Asian wide characters and emoji.
  package static func columns(of text: String) -> Int {
    text.reduce(0) { $0 + columns(of: $1) }
  }

  /// The text in at most `limit` columns, with an ellipsis where its end was cut off.
  package static func shortened(_ text: String, to limit: Int) -> String {
    guard columns(of: text) > limit else { return text }
    var result = ""
    var width = 1
    for character in text {
      width += columns(of: character)
      if width > limit { break }
      result.append(character)
    }
    return result + "…"
  }

  /// The text in lines of at most `limit` columns, broken at spaces; a longer word stays whole.
  package static func wrapped(_ text: String, to limit: Int = 80, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = ""
    var width = 0
    for word in text.split(separator: " ") {
      let size = columns(of: String(word))
      if !line.isEmpty, width + 1 + size > limit {
        lines.append(line)
        line = ""
      }
      if line.isEmpty {
        line = indent + word
        width = columns(of: indent) + size
      } else {
        line += " " + word
        width += 1 + size
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    case .format:
      // Embeddings, overrides and isolates; joiners are part of words and emoji.
      (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    default: false
    }
  }

  private static func columns(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    // U+FE0F asks for the picture of a character that is a sign otherwise.
    let isPicture =
      first.properties.isEmojiPresentation
      || character.unicodeScalars.contains { $0.value == 0xFE0F }
    return isPicture || isWide(first.value) ? 2 : 1
  }

  /// Whether a character is wide or full-width: Unicode's Annex 11, by blocks.
  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    return wideBlocks.contains { $0.contains(value) }
  }

  private static let wideBlocks: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
  ]
}
