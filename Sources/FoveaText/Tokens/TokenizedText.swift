import FoveaArray

/// A text as numbers of tokens, each of which knows where in the text it stands.
public struct TokenizedText: Hashable, Sendable {
  /// The tokens' numbers in the vocabulary.
  public private(set) var ids: [Int32] = []
  /// For each token, the bytes of the text's UTF-8 that it stands for; empty for tokens that were
  /// added, such as [CLS].
  public private(set) var byteRanges: [Range<Int>] = []
  /// Tokens that were cut off because they were too many.
  public internal(set) var droppedCount = 0

  /// A text without tokens.
  public init() {}

  /// How many tokens there are.
  public var count: Int { ids.count }

  /// For each token, the characters that it stands for, counted in Unicode scalars as most other
  /// languages count characters.
  ///
  /// - Parameter text: the text that was cut.
  ///
  /// A text that is shorter than the tokens' own is a programmer's mistake and traps.
  public func characterRanges(
    in text: String, file: StaticString = #fileID, line: UInt = #line
  ) -> [Range<Int>] {
    require(
      byteRanges.allSatisfy { $0.upperBound <= text.utf8.count },
      "tokens: they are of another text", file: file, line: line)
    var numbers = [Int32](repeating: 0, count: text.utf8.count + 1)
    var number: Int32 = -1
    for (position, byte) in text.utf8.enumerated() {
      if !UTF8Scalars.isContinuation(byte) { number += 1 }
      numbers[position] = number
    }
    numbers[numbers.count - 1] = number + 1
    return byteRanges.map { range in
      Int(numbers[range.lowerBound])..<Int(numbers[range.upperBound])
    }
  }

  mutating func reserve(_ count: Int) {
    ids.reserveCapacity(count)
    byteRanges.reserveCapacity(count)
  }

  @inline(__always)
  mutating func append(_ id: Int32, _ range: Range<Int>) {
    ids.append(id)
    byteRanges.append(range)
  }

  mutating func removeLast(_ count: Int) {
    ids.removeLast(count)
    byteRanges.removeLast(count)
  }

  mutating func insert(_ added: [Int32], at position: Int) {
    ids.insert(contentsOf: added, at: position)
    byteRanges.insert(contentsOf: added.map { _ in 0..<0 }, at: position)
  }

  mutating func setRange(_ range: Range<Int>, at index: Int) { byteRanges[index] = range }
}
