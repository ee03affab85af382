/// Text for a terminal: how wide it is, what must not reach one, where a line breaks.
package enum TerminalText {
  /// The text as a line on which everything can be seen: `a\n` followed by `b` as `a\\nb`.
  ///
  /// Names come from files, and a file may be called anything. What would move the cursor, end the
  /// line, change colours or titles, turn the direction of writing or not be seen at all stands as an
  /// escape in Swift's notation, such as `\u{1B}`. Signs without a width stay where a script or an
  /// emoji needs them.
  package static func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      let before = index > 0 ? scalars[index - 1] : nil
      let after = index + 1 < scalars.count ? scalars[index + 1] : nil
      if isHarmful(scalar, between: before, and: after) {
        result.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// JSON that says the same without a character that a terminal would obey or not show.
  ///
  /// JSON itself escapes what lies below U+0020 alone; the others can stand in its strings only.
  package static func printable(json text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x7F }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      let isPlain = scalar.isASCII && scalar.value != 0x7F
      if isPlain || !isHarmful(scalar, between: nil, and: nil) {
        result.unicodeScalars.append(scalar)
      } else {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return result
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

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
  }

  private static func isHarmful(
    _ scalar: Unicode.Scalar, between before: Unicode.Scalar?, and after: Unicode.Scalar?
  ) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: return true
    default: break
    }
    // Interlinear annotations hide text, too, although they are not ignored by definition.
    if (0xFFF9...0xFFFB).contains(scalar.value) { return true }
    guard scalar.properties.isDefaultIgnorableCodePoint else { return false }
    switch scalar.value {
    case 0x200B:
      // Thai, Lao, Burmese and Khmer write no spaces between words.
      return !(isWrittenWithoutSpaces(before) && isWrittenWithoutSpaces(after))
    case 0x200C, 0x200D:
      // Between letters of scripts that join them, and in emoji; never within ASCII.
      return !((before?.value ?? 0) >= 0x300 && (after?.value ?? 0) >= 0x300)
    case 0xFE00...0xFE0F, 0x180B...0x180F, 0xE0100...0xE01EF:
      guard let before else { return true }
      return !(before.properties.isEmoji || before.value >= 0x1000)
    default: return true
    }
  }

  private static func isWrittenWithoutSpaces(_ scalar: Unicode.Scalar?) -> Bool {
    switch scalar?.value ?? 0 {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true
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
