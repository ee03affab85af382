/// Cuts a text where GPT-2 does, before any merge: words with the space before them, numbers, other
/// signs, spaces, and English contractions.
///
/// The same pieces as the expression
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// of Radford et al. 2019, read by a scanner that looks at each character once.
enum ByteLevelSplit {
  /// Where the piece ends that begins at `start`, which must be before `limit`.
  static func end(_ bytes: [UInt8], from start: Int, limit: Int) -> Int {
    let first = bytes[start]
    if first == UInt8(ascii: "'"), let end = contraction(bytes, from: start, limit: limit) {
      return end
    }
    let (value, next) = UTF8Scalars.scalar(bytes, at: start)
    var kind = Self.kind(value)
    var position = next
    if first == UInt8(ascii: " "), next < limit {
      let (second, afterSecond) = UTF8Scalars.scalar(bytes, at: next)
      let secondKind = Self.kind(second)
      if secondKind != .space {
        kind = secondKind
        position = afterSecond
      }
    }
    var last = start
    while position < limit {
      let (value, next) = UTF8Scalars.scalar(bytes, at: position)
      guard Self.kind(value) == kind else { break }
      last = position
      position = next
    }
    // The last of several spaces belongs to what follows.
    return kind == .space && position < limit && last > start ? last : position
  }

  private enum Kind { case letter, number, space, sign }

  @inline(__always)
  private static func kind(_ value: UInt32) -> Kind {
    let classes = ScalarClasses(of: value)
    if classes.contains(.letter) { return .letter }
    if classes.contains(.number) { return .number }
    return classes.contains(.whitespace) ? .space : .sign
  }

  private static func contraction(_ bytes: [UInt8], from start: Int, limit: Int) -> Int? {
    guard start + 1 < limit else { return nil }
    let second = bytes[start + 1]
    switch second {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    default: break
    }
    guard start + 2 < limit else { return nil }
    switch (second, bytes[start + 2]) {
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default: return nil
    }
  }
}
