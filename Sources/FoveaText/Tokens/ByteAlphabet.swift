/// The 256 visible characters by which byte-level vocabularies write bytes.
///
/// Bytes that print stand for themselves, the others for U+0100, U+0101 and so on in their order:
/// a space is Ġ, a line feed Ċ. Radford et al. 2019, `bytes_to_unicode` of their code.
enum ByteAlphabet {
  /// The scalar value of each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  private static let bytes: [UInt32: UInt8] = Dictionary(
    uniqueKeysWithValues: scalars.enumerated().map { ($0.element, UInt8($0.offset)) })

  /// The bytes that a token of a vocabulary stands for; `nil` where it has another character.
  static func bytes(of token: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var position = 0
    while position < token.count {
      let (value, end) = UTF8Scalars.scalar(token, at: position)
      guard let byte = bytes[value] else { return nil }
      result.append(byte)
      position = end
    }
    return result
  }

  /// How a vocabulary writes some bytes.
  static func token(of bytes: some Sequence<UInt8>) -> [UInt8] {
    UTF8Scalars.bytes(bytes.map { scalars[Int($0)] })
  }
}
