/// Numbers and names read from a file's bytes; `nil` where the file ends first.
///
/// Every access is checked, so that a parser made of `guard let` cannot run past the end
/// whatever the bytes claim.
struct ByteReader {
  let bytes: [UInt8]
  let isBigEndian: Bool

  init(_ bytes: [UInt8], isBigEndian: Bool = false) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  var count: Int { bytes.count }

  func byte(at offset: Int) -> Int? {
    bytes.indices.contains(offset) ? Int(bytes[offset]) : nil
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
    guard offset >= 0, offset <= count - pattern.count else { return false }
    return bytes[offset..<(offset + pattern.count)].elementsEqual(pattern)
  }

  private func integer(at offset: Int, byteCount: Int) -> Int? {
    guard offset >= 0, offset <= count - byteCount else { return nil }
    var value = 0
    for index in 0..<byteCount {
      let shift = isBigEndian ? byteCount - 1 - index : index
      value |= Int(bytes[offset + index]) << (8 * shift)
    }
    return value
  }
}
