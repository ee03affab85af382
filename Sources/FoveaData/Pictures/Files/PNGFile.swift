/// The chunks of a PNG file (ISO/IEC 15948).
struct PNGFile: PictureFile {
  let facts: PictureFacts
  private let file: ByteReader
  private let chunks: [Chunk]

  private struct Chunk {
    let type: String
    /// With length, type and checksum.
    let range: Range<Int>
    var content: Range<Int> { (range.lowerBound + 8)..<(range.upperBound - 4) }
  }

  /// Bits a sample and kind of colour: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
  private let depth: Int
  private let colorType: Int

  init(_ file: ByteReader) throws(PictureProblem) {
    let file = ByteReader(file.bytes, isBigEndian: true)
    if file.spells("CgBI", at: 12) {
      throw .unsupported("a PNG in Apple's own variety for iOS applications")
    }
    guard file.spells("IHDR", at: 12), let width = file.uint32(at: 16),
      let height = file.uint32(at: 20), let depth = file.byte(at: 24),
      let colorType = file.byte(at: 25)
    else { throw file.count < 26 ? .cutShort(.png) : .broken(.png) }
    if width == 0 || height == 0 { throw .broken(.png) }
    self.file = file
    self.depth = depth
    self.colorType = colorType

    var chunks: [Chunk] = []
    var orientation = PictureOrientation.topLeft
    var isAnimated = false
    var position = 8
    while let length = file.uint32(at: position), position + 12 + length <= file.count {
      let name = file.bytes[(position + 4)..<(position + 8)]
      let chunk = Chunk(
        type: String(decoding: name, as: UTF8.self), range: position..<(position + 12 + length))
      if chunk.type == "eXIf" { orientation = PictureOrientation(exif: file.bytes[chunk.content]) }
      if chunk.type == "acTL" { isAnimated = true }
      chunks.append(chunk)
      position = chunk.range.upperBound
      if chunk.type == "IEND" { break }
    }
    self.chunks = chunks
    facts = PictureFacts(
      width: width, height: height, orientation: orientation, isFirstOfSeveral: isAnimated)
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    guard chunks.last?.type == "IEND" else { throw .cutShort(.png) }
    let transparent = chunks.first { $0.type == "tRNS" }
    let asPalette = colorType == 0 && [1, 2, 4].contains(depth) && transparent != nil
    var packet = [file.bytes[..<8]]
    for chunk in chunks {
      switch chunk.type {
      case "IHDR" where asPalette:
        var content = Array(file.bytes[chunk.content])
        content[9] = 3
        packet.append(Self.chunk("IHDR", content)[...])
      case "tRNS" where asPalette:
        packet += greyPalette(transparentLevel: file.uint16(at: chunk.content.lowerBound))
      case "IHDR", "PLTE", "tRNS", "IDAT", "IEND":
        packet.append(file.bytes[chunk.range])
      default:
        break
      }
    }
    return packet
  }

  /// The palette and the opacities that say the same as a grey picture of few levels with one
  /// of them transparent, which libavcodec compares before against after scaling and so misses.
  private func greyPalette(transparentLevel: Int?) -> [ArraySlice<UInt8>] {
    let levels = 0..<(1 << depth)
    let palette = levels.flatMap {
      [UInt8](repeating: UInt8($0 * 255 / (levels.count - 1)), count: 3)
    }
    let opacities = levels.map { UInt8($0 == transparentLevel ? 0 : 255) }
    return [Self.chunk("PLTE", palette)[...], Self.chunk("tRNS", opacities)[...]]
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    func bigEndian(_ number: UInt32) -> [UInt8] {
      stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }
    let body = Array(type.utf8) + content
    return bigEndian(UInt32(content.count)) + body + bigEndian(checksum(of: body))
  }

  /// CRC-32 of ISO 3309, bit by bit: for a few hundred bytes.
  private static func checksum(of bytes: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~remainder
  }
}
