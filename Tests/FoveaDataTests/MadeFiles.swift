import FoundationEssentials
import FoveaArray

/// Picture files that tests make byte by byte, whole or with less than they say.
enum MadeFiles {
  static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func big(_ value: Int, _ bytes: Int) -> [UInt8] { little(value, bytes).reversed() }

  /// CRC-32 of ISO 3309.
  private static func checksum(_ bytes: [UInt8]) -> Int {
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return Int(~checksum)
  }

  /// The last block of compressed data, which is stored as it is (RFC 1951, section 3.2.4).
  private static func storedBlock(_ content: [UInt8]) -> [UInt8] {
    var block: [UInt8] = [1]
    block += little(content.count, 2)
    block += little(~content.count & 0xFFFF, 2)
    return block + content
  }

  /// A gzip file (RFC 1952) whose content is stored as it is.
  static func gzip(_ content: [UInt8]) -> Data {
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    file += storedBlock(content)
    file += little(checksum(content), 4)
    return Data(file + little(content.count, 4))
  }

  // MARK: PNG

  static func pngChunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return big(content.count, 4) + body + big(checksum(body), 4)
  }

  static func pngHeader(width: Int, height: Int, depth: UInt8, colorType: UInt8) -> [UInt8] {
    pngChunk("IHDR", big(width, 4) + big(height, 4) + [depth, colorType, 0, 0, 0])
  }

  /// A PNG of these chunks and of rows that are stored as they are.
  static func png(_ chunks: [UInt8], rows: [UInt8]) -> Data {
    var (a, b) = (1, 0)
    for byte in rows {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    var stored: [UInt8] = [0x78, 0x01]
    stored += storedBlock(rows)
    stored += big(b << 16 | a, 4)
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]
    file += chunks
    file += pngChunk("IDAT", stored)
    return Data(file + pngChunk("IEND", []))
  }

  // MARK: TIFF

  /// A grey TIFF of 8×4 pixels whose directory stands at its end.
  static func tiff() -> Data {
    let pixels = (0..<32).map { UInt8(8 * $0) }
    let tags: [(tag: Int, value: Int)] = [
      (256, 8), (257, 4), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 4), (279, 32),
      (284, 1), (317, 2),
    ]
    var file: [UInt8] = [0x49, 0x49, 42, 0]
    file += little(8 + pixels.count, 4)
    file += pixels
    file += little(tags.count, 2)
    for (tag, value) in tags {
      file += little(tag, 2)
      file += little(4, 2)
      file += little(1, 4)
      file += little(value, 4)
    }
    return Data(file + little(0, 4))
  }

  // MARK: GIF

  /// A picture of a GIF with `width`×`height` pixels, of which only some are there.
  static func gifPicture(width: Int, height: Int, pixels: Int) -> [UInt8] {
    var (bytes, buffer, bits) = ([UInt8](), 0, 0)
    func put(_ code: Int) {
      buffer |= code << bits
      bits += 9
      while bits >= 8 {
        bytes.append(UInt8(buffer & 255))
        buffer >>= 8
        bits -= 8
      }
    }
    for pixel in 0..<pixels {
      // Cleared before codes would grow.
      if pixel % 200 == 0 { put(256) }
      put(pixel * 7 % 256)
    }
    put(257)
    if bits > 0 { bytes.append(UInt8(buffer & 255)) }
    var blocks: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 255) {
      let block = bytes[start..<min(start + 255, bytes.count)]
      blocks += [UInt8(block.count)] + block
    }
    var picture: [UInt8] = [0x2C, 0, 0, 0, 0]
    picture += little(width, 2)
    picture += little(height, 2)
    picture += [0, 8]
    return picture + blocks + [0]
  }

  /// A GIF of 64×64 pixels with these pictures.
  static func gif(_ pictures: [[UInt8]]) -> Data {
    var file = Array("GIF89a".utf8)
    file += little(64, 2)
    file += little(64, 2)
    file += [0xF7, 0, 0]
    for shade in 0..<256 { file += [UInt8](repeating: UInt8(shade), count: 3) }
    for picture in pictures { file += picture }
    return Data(file + [0x3B])
  }

  // MARK: BMP

  /// A compressed bitmap of 8 pixels a row whose runs are these.
  static func bmp(height: Int, bits: Int, runs: [UInt8]) -> Data {
    let colors = 1 << bits
    let start = 14 + 40 + 4 * colors
    var file = Array("BM".utf8)
    for value in [start + runs.count, 0, start, 40, 8, height] { file += little(value, 4) }
    file += little(1, 2)
    file += little(bits, 2)
    for value in [bits == 8 ? 1 : 2, runs.count, 0, 0, 0, 0] { file += little(value, 4) }
    for shade in 0..<colors {
      file += [UInt8](repeating: UInt8(shade * 255 / (colors - 1)), count: 3)
      file.append(0)
    }
    return Data(file + runs)
  }
}
