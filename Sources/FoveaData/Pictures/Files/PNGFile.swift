/// The chunks of a PNG file (ISO/IEC 15948).
struct PNGFile: PictureFile {
  let facts: PictureFacts
  private let signature: ArraySlice<UInt8>
  private let chunks: [Chunk]

  private struct Chunk {
    let type: String
    /// Length, type, content and checksum.
    let bytes: ArraySlice<UInt8>
    let content: ByteReader
  }

  /// Bits a sample and kind of colour: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
  private let depth: Int
  private let colorType: Int

  /// Bytes of the one `IHDR` that there is.
  private static let headerSize = 13

  init(_ file: ByteReader) throws(PictureProblem) {
    let file = ByteReader(file.bytes, isBigEndian: true)
    guard let signature = file.slice(at: 0, count: 8) else { throw .cutShort(.png) }
    if file.spells("CgBI", at: 12) {
      throw .unsupported("a PNG in Apple's own variety for iOS applications")
    }
    guard file.spells("IHDR", at: 12), file.uint32(at: 8) == Self.headerSize,
      let width = file.uint32(at: 16), let height = file.uint32(at: 20),
      let depth = file.byte(at: 24), let colorType = file.byte(at: 25)
    else { throw file.count < 26 ? .cutShort(.png) : .broken(.png) }
    if width == 0 || height == 0 { throw .broken(.png) }
    self.depth = depth
    self.colorType = colorType

    var chunks: [Chunk] = []
    var orientation = PictureOrientation.topLeft
    var position = signature.count
    while let length = file.uint32(at: position),
      let bytes = file.slice(at: position, count: length + 12),
      let type = file.slice(at: position + 4, count: 4),
      let content = file.part(at: position + 8, count: length)
    {
      let chunk = Chunk(
        type: String(decoding: type, as: UTF8.self), bytes: bytes, content: content)
      if chunk.type == "eXIf" { orientation = PictureOrientation(exif: content.bytes) }
      chunks.append(chunk)
      position += bytes.count
      if chunk.type == "IEND" { break }
    }
    self.signature = signature
    self.chunks = chunks
    let samples = [0: 1, 2: 3, 4: 2, 6: 4][colorType] ?? 1
    let hasTransparency = chunks.contains { $0.type == "tRNS" }
    facts = PictureFacts(
      width: width, height: height, orientation: orientation,
      isFirstOfSeveral: chunks.contains { $0.type == "acTL" },
      bytesPerPixel: (samples + (hasTransparency ? 1 : 0)) * (depth > 8 ? 2 : 1))
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    guard chunks.last?.type == "IEND" else { throw .cutShort(.png) }
    let headers = chunks.filter { $0.type == "IHDR" }
    guard headers.count == 1, headers[0].content.count == Self.headerSize else {
      throw .broken(.png)
    }
    let transparent = chunks.first { $0.type == "tRNS" }
    let asPalette = colorType == 0 && [1, 2, 4].contains(depth) && transparent != nil
    var packet = [signature]
    for chunk in chunks {
      switch chunk.type {
      case "IHDR" where asPalette:
        let content = chunk.content.bytes
        packet.append(Self.chunk("IHDR", content.prefix(9) + [3] + content.dropFirst(10))[...])
      case "PLTE" where asPalette: break
      case "tRNS" where asPalette:
        guard let level = chunk.content.uint16(at: 0) else { throw .broken(.png) }
        packet += greyPalette(transparentLevel: level)
      case "IHDR", "PLTE", "tRNS", "IDAT", "IEND":
        packet.append(chunk.bytes)
      default:
        break
      }
    }
    return packet
  }

  /// The palette and the opacities that say the same as a grey picture of few levels with one
  /// of them transparent, which libavcodec compares before against after scaling and so misses.
  private func greyPalette(transparentLevel: Int) -> [ArraySlice<UInt8>] {
    let levels = 0..<(1 << depth)
    let palette = levels.flatMap {
      [UInt8](repeating: UInt8($0 * 255 / (levels.count - 1)), count: 3)
    }
    let opacities = levels.map { UInt8($0 == transparentLevel ? 0 : 255) }
    return [Self.chunk("PLTE", palette)[...], Self.chunk("tRNS", opacities)[...]]
  }

  private static func chunk(_ type: String, _ content: some Collection<UInt8>) -> [UInt8] {
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
