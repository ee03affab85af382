/// What BERT does to a text before it is cut: control characters vanish, ideographs get spaces around
/// them, accents are taken off, capitals become small.
///
/// Devlin et al. 2019, `BasicTokenizer` of their code.
struct BERTNormalizer: Hashable, Sendable {
  /// Whether control characters vanish and every white space becomes a space.
  var cleansText = true
  /// Whether ideographs get spaces around them.
  var spacesIdeographs = true
  /// Whether accents are taken off.
  var stripsAccents = true
  /// Whether capitals become small.
  var lowercases = true

  func normalized(_ bytes: [UInt8], in range: Range<Int>) -> AlignedText {
    var text = AlignedText()
    text.reserve(range.count + range.count / 8)
    var isASCII = true
    var position = range.lowerBound
    while position < range.upperBound {
      let (value, end) = UTF8Scalars.scalar(bytes, at: position)
      defer { position = end }
      if value < 0x80 {
        let isCapital = lowercases && value &- 0x41 < 26
        if cleansText, value < 0x20 || value == 0x7F {
          guard value >= 9, value <= 13, value != 11, value != 12 else { continue }
          text.append(0x20, Int32(position), Int32(end))
        } else {
          text.append(isCapital ? value + 32 : value, Int32(position), Int32(end))
        }
        continue
      }
      let classes = ScalarClasses(of: value)
      if cleansText {
        if value == 0xFFFD || classes.contains(.other) { continue }
        if classes.contains(.whitespace) {
          text.append(0x20, Int32(position), Int32(end))
          continue
        }
      }
      isASCII = false
      let isSpaced = spacesIdeographs && classes.contains(.ideograph)
      if isSpaced { text.append(0x20, Int32(position), Int32(end)) }
      text.append(value, Int32(position), Int32(end))
      if isSpaced { text.append(0x20, Int32(position), Int32(end)) }
    }
    if isASCII { return text }
    if stripsAccents {
      text.decompose()
      text.remove { ScalarClasses(of: $0).contains(.nonspacingMark) }
    }
    if lowercases { text.lowercase() }
    return text
  }
}

extension AlignedText {
  /// Writes each character by itself in small letters, whatever stands around it.
  mutating func lowercase() {
    replaceEach { value, append in
      if value < 0x80 {
        append(value &- 0x41 < 26 ? value + 32 : value)
      } else if let scalar = Unicode.Scalar(value), scalar.properties.changesWhenLowercased {
        for small in scalar.properties.lowercaseMapping.unicodeScalars { append(small.value) }
      } else {
        append(value)
      }
    }
  }
}
