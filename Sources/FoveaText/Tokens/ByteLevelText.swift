/// A part of a text, as bytes that are cut into words and merged.
struct ByteLevelText {
  private let bytes: [UInt8]
  private let range: Range<Int>
  private let hasAddedSpace: Bool
  private let usesWords: Bool
  private let original: [UInt8]
  private let start: Int

  init(_ bytes: [UInt8], _ range: Range<Int>, addsSpace: Bool, usesWords: Bool) {
    original = bytes
    start = range.lowerBound
    hasAddedSpace = addsSpace && !range.isEmpty && bytes[range.lowerBound] != UInt8(ascii: " ")
    self.bytes = hasAddedSpace ? [UInt8(ascii: " ")] + bytes[range] : bytes
    self.range = hasAddedSpace ? 0..<(range.count + 1) : range
    self.usesWords = usesWords
  }

  func append(
    to result: inout TokenizedText, _ pairs: BytePairEncoding,
    _ workspace: inout BytePairEncoding.Workspace
  ) {
    var position = range.lowerBound
    while position < range.upperBound {
      let end =
        usesWords
        ? ByteLevelSplit.end(bytes, from: position, limit: range.upperBound) : range.upperBound
      var first = position
      pairs.forEachToken(bytes, in: position..<end, &workspace) { id, last in
        result.append(id, place(first..<last))
        first = last
      }
      position = end
    }
  }

  /// The whole characters of the original that some bytes belong to; an added space belongs to the
  /// first.
  private func place(_ bytes: Range<Int>) -> Range<Int> {
    let shift = hasAddedSpace ? start - 1 : 0
    let lower = max(bytes.lowerBound + shift, start)
    let upper = max(bytes.upperBound + shift, start + 1)
    return UTF8Scalars.start(original, of: lower)..<UTF8Scalars.end(original, of: upper)
  }
}

extension TokenizedText {
  /// Takes the spaces at its ends out of each token's place.
  ///
  /// - Parameters:
  ///   - added: numbers of tokens that were found in the text, whose spaces are the text's own.
  ///   - isFirstAdded: whether the space before the first token is one that was added.
  mutating func trimSpace(
    _ bytes: [UInt8], _ vocabulary: Vocabulary, added: Set<Int32>, isFirstAdded: Bool
  ) {
    let space = ByteAlphabet.token(of: [0x20])
    for index in 0..<count {
      var (start, end) = (byteRanges[index].lowerBound, byteRanges[index].upperBound)
      var leading: Int
      let trailing: Int
      if added.contains(ids[index]) {
        let own = AlignedText(bytes, in: start..<end).scalars.map {
          ScalarClasses(of: $0).contains(.whitespace)
        }
        leading = own.prefix { $0 }.count
        trailing = own.reversed().prefix { $0 }.count
      } else {
        let token = vocabulary.token(ids[index]) ?? []
        leading = Self.count(space, beginning: token[...])
        trailing = Self.count(space.reversed(), beginning: token.reversed()[...])
      }
      guard leading + trailing > 0 else { continue }
      // One space at the beginning may be one that was added; of more all are the text's.
      if leading == 1, isFirstAdded, index == 0 || start == 0 { leading = 0 }
      for _ in 0..<leading where start < end { start = UTF8Scalars.end(bytes, of: start + 1) }
      for _ in 0..<trailing where end > start { end = UTF8Scalars.start(bytes, of: end - 1) }
      setRange(min(start, end)..<end, at: index)
    }
  }

  private static func count(_ space: [UInt8], beginning token: ArraySlice<UInt8>) -> Int {
    var count = 0
    var rest = token
    while rest.starts(with: space) {
      count += 1
      rest = rest.dropFirst(space.count)
    }
    return count
  }
}
