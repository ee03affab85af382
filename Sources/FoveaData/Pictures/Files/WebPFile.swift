/// The RIFF chunks of a WebP file (RFC 9649).
struct WebPFile: PictureFile {
  let facts: PictureFacts
  private let file: ByteReader
  private let isComplete: Bool
  /// The chunks that hold pixels, with their headers, padded to an even size.
  private let chunks: [Range<Int>]

  init(_ file: ByteReader) throws(PictureProblem) {
    guard let size = file.uint32(at: 4) else { throw .cutShort(.webP) }
    self.file = file
    isComplete = 8 + size <= file.count
    let end = min(8 + size, file.count)
    var chunks: [Range<Int>] = []
    var imageSize: (width: Int, height: Int)?
    var canvas: (width: Int, height: Int)?
    var isLossy = false
    var orientation = PictureOrientation.topLeft
    var position = 12
    while position + 8 <= end, let length = file.uint32(at: position + 4) {
      let content = position + 8
      let range = position..<(content + length + length % 2)
      if file.spells("VP8X", at: position), canvas == nil {
        guard let flags = file.byte(at: content), let width = file.uint24(at: content + 4),
          let height = file.uint24(at: content + 7)
        else { throw .cutShort(.webP) }
        if flags & 2 != 0 {
          throw PictureProblem(
            "is an animated WebP, which Fovea does not read", advice: "Save one frame of it as PNG")
        }
        canvas = (width + 1, height + 1)
        chunks.append(range)
      } else if file.spells("VP8 ", at: position), imageSize == nil {
        imageSize = try Self.lossySize(at: content, in: file)
        isLossy = true
        chunks.append(range)
      } else if file.spells("VP8L", at: position), imageSize == nil {
        imageSize = try Self.losslessSize(at: content, in: file)
        chunks.append(range)
      } else if file.spells("ALPH", at: position) {
        chunks.append(range)
      } else if file.spells("EXIF", at: position), content + length <= file.count {
        orientation = PictureOrientation(exif: file.bytes[content..<(content + length)])
      }
      position = range.upperBound
    }
    guard let size = canvas ?? imageSize else {
      throw isComplete ? .broken(.webP) : .cutShort(.webP)
    }
    if size.width == 0 || size.height == 0 { throw .broken(.webP) }
    self.chunks = chunks
    facts = PictureFacts(
      width: size.width, height: size.height, orientation: orientation, hasLimitedRange: isLossy)
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    guard isComplete, let last = chunks.last, last.upperBound <= file.count else {
      throw .cutShort(.webP)
    }
    let size = chunks.reduce(4) { $0 + $1.count }
    let header =
      Array("RIFF".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
      + Array("WEBP".utf8)
    return [header[...]] + chunks.map { file.bytes[$0] }
  }

  /// RFC 6386, section 9.1: three bytes of tag, three of start code, two 14-bit sizes.
  private static func lossySize(
    at content: Int, in file: ByteReader
  ) throws(PictureProblem) -> (width: Int, height: Int) {
    guard let width = file.uint16(at: content + 6), let height = file.uint16(at: content + 8) else {
      throw .cutShort(.webP)
    }
    guard file.spells([0x9D, 0x01, 0x2A], at: content + 3) else { throw .broken(.webP) }
    return (width & 0x3FFF, height & 0x3FFF)
  }

  /// RFC 9649, section 3.4: a signature byte, then two 14-bit sizes less one.
  private static func losslessSize(
    at content: Int, in file: ByteReader
  ) throws(PictureProblem) -> (width: Int, height: Int) {
    guard let signature = file.byte(at: content), let sizes = file.uint32(at: content + 1) else {
      throw .cutShort(.webP)
    }
    guard signature == 0x2F else { throw .broken(.webP) }
    return (sizes & 0x3FFF + 1, sizes >> 14 & 0x3FFF + 1)
  }
}
