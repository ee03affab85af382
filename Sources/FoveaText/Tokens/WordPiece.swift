/// Cuts words into the longest pieces that a vocabulary knows, from the left; all pieces but the first
/// are written with a prefix, ##.
///
/// A word with a piece that is not known is unknown as a whole. Wu et al. 2016, section 4.1, as in
/// Devlin et al. 2019.
struct WordPiece: Sendable {
  /// Pieces that begin words.
  private let beginnings: ScalarTable
  /// Pieces that continue words, without their prefix.
  private let continuations: ScalarTable
  /// The number of what is not known.
  let unknown: Int32
  /// What pieces that continue words are written with.
  let prefix: String
  /// Longer words are not known.
  let mostCharacters: Int
  /// All pieces, as they were given.
  let tokens: [(token: [UInt8], id: Int32)]

  /// - Parameters:
  ///   - tokens: by number.
  ///   - mostCharacters: longer words are not known.
  init(
    tokens: [(token: [UInt8], id: Int32)], unknown: Int32, prefix: String = "##",
    mostCharacters: Int = 100
  ) {
    self.prefix = prefix
    self.tokens = tokens
    let prefix = Array(prefix.utf8)
    beginnings = ScalarTable(tokens)
    continuations = ScalarTable(
      tokens.filter { $0.token.starts(with: prefix) }
        .map { (token: Array($0.token.dropFirst(prefix.count)), id: $0.id) })
    self.unknown = unknown
    self.mostCharacters = mostCharacters
  }

  /// Adds the pieces of a word, the characters of `text` in `word`, to `result`.
  func append(_ word: Range<Int>, of text: AlignedText, to result: inout TokenizedText) {
    let count = result.ids.count
    var start = word.lowerBound
    var table = beginnings
    while word.count <= mostCharacters, start < word.upperBound {
      guard let (end, id) = table.longest(text.scalars, in: start..<word.upperBound) else { break }
      result.append(id, text.original(start..<end))
      start = end
      table = continuations
    }
    if start == word.upperBound { return }
    result.removeLast(result.ids.count - count)
    result.append(unknown, text.original(word))
  }
}

/// Numbers of known sequences of scalars, found by one reading from the left.
struct ScalarTable: Sendable {
  private var slots: [Int32]
  private var hashes: [UInt64] = []
  private var keys: [[UInt32]] = []
  private var values: [Int32] = []
  private let mask: Int
  private let longest: Int

  init(_ entries: [(token: [UInt8], id: Int32)]) {
    var size = 16
    while size < entries.count * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    mask = size - 1
    var longest = 0
    for entry in entries {
      let key = UTF8Scalars.values(String(decoding: entry.token, as: UTF8.self))
      longest = max(longest, key.count)
      let hash = key.reduce(Self.start, Self.step)
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(keys.count)
      hashes.append(hash)
      keys.append(key)
      values.append(entry.id)
    }
    self.longest = longest
  }

  /// The longest known sequence at the beginning of a part of `scalars`: where it ends, its number.
  func longest(_ scalars: [UInt32], in range: Range<Int>) -> (end: Int, id: Int32)? {
    var found: (end: Int, id: Int32)?
    var hash = Self.start
    for position in range.lowerBound..<min(range.upperBound, range.lowerBound + longest) {
      hash = Self.step(hash, scalars[position])
      if let id = value(scalars, in: range.lowerBound..<(position + 1), hash) {
        found = (position + 1, id)
      }
    }
    return found
  }

  @inline(__always)
  private func value(_ scalars: [UInt32], in range: Range<Int>, _ hash: UInt64) -> Int32? {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let entry = Int(slots[slot])
      if hashes[entry] == hash, keys[entry].elementsEqual(scalars[range]) { return values[entry] }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private static let start: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  private static func step(_ hash: UInt64, _ scalar: UInt32) -> UInt64 {
    let mixed = (hash ^ UInt64(scalar)) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ (mixed >> 32)
  }
}
