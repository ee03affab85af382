/// Numbers and names read from a file's bytes, or from a part of them; `nil` where they end first.
///
/// Every access is checked against the part that the reader was given, so that a parser made of
/// `guard let` cannot run past its end whatever the bytes claim. Offsets count from that part's
/// beginning.
struct ByteReader {
  /// The part itself; its indices are those of the array that it was cut from.
  let bytes: ArraySlice<UInt8>
  let isBigEndian: Bool

  init(_ bytes: [UInt8], isBigEndian: Bool = false) {
    self.init(bytes[...], isBigEndian: isBigEndian)
  }

  init(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool = false) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  var count: Int { bytes.count }

  /// `byteCount` bytes from `offset` on; `nil` where there are fewer.
  func slice(at offset: Int, count byteCount: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, byteCount >= 0, byteCount <= count, offset <= count - byteCount else {
      return nil
    }
    let start = bytes.startIndex + offset
    return bytes[start..<(start + byteCount)]
  }

  /// A reader of `byteCount` bytes from `offset` on; `nil` where there are fewer.
  func part(at offset: Int, count byteCount: Int) -> ByteReader? {
    slice(at: offset, count: byteCount).map { ByteReader($0, isBigEndian: isBigEndian) }
  }

  func byte(at offset: Int) -> Int? {
    guard offset >= 0, offset < count else { return nil }
    return Int(bytes[bytes.startIndex + offset])
  }

  func uint16(at offset: Int) -> Int? { integer(at: offset, byteCount: 2) }
  func uint24(at offset: Int) -> Int? { integer(at: offset, byteCount: 3) }
  func uint32(at offset: Int) -> Int? { integer(at: offset, byteCount: 4) }

  func int32(at offset: Int) -> Int? {
    uint32(at: offset).map { Int(Int32(truncatingIfNeeded: $0)) }
  }

  /// Whether the bytes at `offset` spell `text` in UTF-8.
  func spells(_ text: StaticString, at offset: Int) -> Bool {
    spells(Array(text.description.utf8), at: offset)
  }

  /// Whether the bytes at `offset` are `pattern`.
  func spells(_ pattern: [UInt8], at offset: Int) -> Bool {
    slice(at: offset, count: pattern.count)?.elementsEqual(pattern) ?? false
  }

  private func integer(at offset: Int, byteCount: Int) -> Int? {
    guard let slice = slice(at: offset, count: byteCount) else { return nil }
    return isBigEndian
      ? slice.reduce(0) { $0 << 8 | Int($1) } : slice.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
