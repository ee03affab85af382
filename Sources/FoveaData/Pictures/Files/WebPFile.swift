/// The RIFF chunks of a WebP file (RFC 9649).
struct WebPFile: PictureFile {
  let facts: PictureFacts
  private let isComplete: Bool
  /// The chunks that hold pixels, with their headers, padded to an even size; `nil` for one that
  /// is cut off.
  private let chunks: [ArraySlice<UInt8>?]

  init(_ file: ByteReader) throws(PictureProblem) {
    guard let size = file.uint32(at: 4) else { throw .cutShort(.webP) }
    isComplete = 8 + size <= file.count
    let end = min(8 + size, file.count)
    var chunks: [ArraySlice<UInt8>?] = []
    var imageSize: (width: Int, height: Int)?
    var canvas: (width: Int, height: Int)?
    var isLossy = false
    var orientation = PictureOrientation.topLeft
    var position = 12
    while position + 8 <= end, let length = file.uint32(at: position + 4) {
      // Of one that is cut off the beginning may still tell the size.
      let content = ByteReader(file.bytes.dropFirst(position + 8).prefix(length))
      let bytes = file.slice(at: position, count: 8 + length + length % 2)
      var holdsPixels = true
      if file.spells("VP8X", at: position), canvas == nil {
        guard let flags = content.byte(at: 0), let width = content.uint24(at: 4),
          let height = content.uint24(at: 7)
        else { throw .cutShort(.webP) }
        if flags & 2 != 0 {
          throw PictureProblem(
            "is an animated WebP, which Fovea does not read", advice: "Save one frame of it as PNG")
        }
        canvas = (width + 1, height + 1)
      } else if file.spells("VP8 ", at: position), imageSize == nil {
        imageSize = try Self.lossySize(of: content)
        isLossy = true
      } else if file.spells("VP8L", at: position), imageSize == nil {
        imageSize = try Self.losslessSize(of: content)
      } else if !file.spells("ALPH", at: position) {
        holdsPixels = false
        if bytes != nil, file.spells("EXIF", at: position) {
          orientation = PictureOrientation(exif: content.bytes)
        }
      }
      if holdsPixels { chunks.append(bytes) }
      position += 8 + length + length % 2
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
    let whole = chunks.compactMap { $0 }
    guard isComplete, !whole.isEmpty, whole.count == chunks.count else { throw .cutShort(.webP) }
    let size = whole.reduce(4) { $0 + $1.count }
    let header =
      Array("RIFF".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
      + Array("WEBP".utf8)
    return [header[...]] + whole
  }

  /// RFC 6386, section 9.1: three bytes of tag, three of start code, two 14-bit sizes.
  private static func lossySize(
    of content: ByteReader
  ) throws(PictureProblem) -> (width: Int, height: Int) {
    guard let width = content.uint16(at: 6), let height = content.uint16(at: 8) else {
      throw .cutShort(.webP)
    }
    guard content.spells([0x9D, 0x01, 0x2A], at: 3) else { throw .broken(.webP) }
    return (width & 0x3FFF, height & 0x3FFF)
  }

  /// RFC 9649, section 3.4: a signature byte, then two 14-bit sizes less one.
  private static func losslessSize(
    of content: ByteReader
  ) throws(PictureProblem) -> (width: Int, height: Int) {
    guard let signature = content.byte(at: 0), let sizes = content.uint32(at: 1) else {
      throw .cutShort(.webP)
    }
    guard signature == 0x2F else { throw .broken(.webP) }
    return (sizes & 0x3FFF + 1, sizes >> 14 & 0x3FFF + 1)
  }
}
