/// Characters of a text that is known to be UTF-8, such as the bytes of a `String`.
enum UTF8Scalars {
  /// The scalar that begins at `position`, and where the next one does.
  @inline(__always)
  static func scalar(_ bytes: [UInt8], at position: Int) -> (value: UInt32, end: Int) {
    let first = UInt32(bytes[position])
    if first < 0x80 { return (first, position + 1) }
    if first < 0xE0 {
      return (((first & 0x1F) << 6) | UInt32(bytes[position + 1] & 0x3F), position + 2)
    }
    let middle = (UInt32(bytes[position + 1] & 0x3F) << 6) | UInt32(bytes[position + 2] & 0x3F)
    if first < 0xF0 { return (((first & 0x0F) << 12) | middle, position + 3) }
    return (
      ((first & 0x07) << 18) | (middle << 6) | UInt32(bytes[position + 3] & 0x3F), position + 4
    )
  }

  /// Whether a byte is within a character, and not its first.
  @inline(__always)
  static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// Where the character begins that the byte at `position` belongs to.
  static func start(_ bytes: [UInt8], of position: Int) -> Int {
    var start = position
    while start > 0, isContinuation(bytes[start]) { start -= 1 }
    return start
  }

  /// Where the character ends that the byte before `end` belongs to.
  static func end(_ bytes: [UInt8], of end: Int) -> Int {
    var end = end
    while end < bytes.count, isContinuation(bytes[end]) { end += 1 }
    return end
  }

  /// The scalars of a text.
  static func values(_ text: some StringProtocol) -> [UInt32] { text.unicodeScalars.map(\.value) }

  /// The bytes of some scalars.
  static func bytes(_ values: some Sequence<UInt32>) -> [UInt8] {
    var text = String.UnicodeScalarView()
    for value in values { text.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
    return Array(String(text).utf8)
  }
}
