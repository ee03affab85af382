/// Tokens that are found in a text before it is cut: [SEP], <|endoftext|>.
struct AddedTokens: Sendable {
  struct Token: Hashable, Sendable {
    var content: [UInt8]
    var id: Int32
    /// Whether it is left out when tokens become text again.
    var isSpecial: Bool
    /// Whether it takes the white space before it along.
    var takesSpaceBefore = false
    /// Whether it takes the white space behind it along.
    var takesSpaceAfter = false
  }

  let tokens: [Token]
  private let byFirstByte: [[Token]]

  init(_ tokens: [Token]) {
    self.tokens = tokens
    var table = [[Token]](repeating: [], count: 256)
    for token in tokens.sorted(by: { $0.content.count > $1.content.count }) {
      if let first = token.content.first { table[Int(first)].append(token) }
    }
    byFirstByte = table
  }

  /// A part of a text: a token that was found, or what lies between.
  struct Part {
    var range: Range<Int>
    var id: Int32?
  }

  /// Cuts a text at the tokens, the leftmost first and of several there the longest.
  func parts(of bytes: [UInt8]) -> [Part] {
    guard !tokens.isEmpty else { return bytes.isEmpty ? [] : [Part(range: 0..<bytes.count)] }
    var parts: [Part] = []
    var start = 0
    var position = 0
    while position < bytes.count {
      guard let token = match(bytes, at: position) else {
        position += 1
        continue
      }
      var first = position
      var end = position + token.content.count
      if token.takesSpaceBefore { first = spaceStart(bytes, before: position, from: start) }
      if token.takesSpaceAfter { end = spaceEnd(bytes, from: end) }
      if first > start { parts.append(Part(range: start..<first)) }
      parts.append(Part(range: first..<end, id: token.id))
      start = end
      position = end
    }
    if start < bytes.count { parts.append(Part(range: start..<bytes.count)) }
    return parts
  }

  @inline(__always)
  private func match(_ bytes: [UInt8], at position: Int) -> Token? {
    for token in byFirstByte[Int(bytes[position])]
    where bytes[position...].starts(with: token.content) { return token }
    return nil
  }

  private func spaceStart(_ bytes: [UInt8], before end: Int, from limit: Int) -> Int {
    var start = end
    while start > limit {
      let previous = UTF8Scalars.start(bytes, of: start - 1)
      let value = UTF8Scalars.scalar(bytes, at: previous).value
      guard previous >= limit, ScalarClasses(of: value).contains(.whitespace) else { break }
      start = previous
    }
    return start
  }

  private func spaceEnd(_ bytes: [UInt8], from start: Int) -> Int {
    var end = start
    while end < bytes.count {
      let (value, next) = UTF8Scalars.scalar(bytes, at: end)
      guard ScalarClasses(of: value).contains(.whitespace) else { break }
      end = next
    }
    return end
  }
}
