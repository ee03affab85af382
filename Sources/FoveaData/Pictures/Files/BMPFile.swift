/// The headers of a Windows bitmap.
struct BMPFile: PictureFile {
  /// Sizes of the information headers that exist: OS/2, Windows 3, 3 with masks, OS/2 2, 4, 5.
  static let headerSizes = [12, 40, 52, 56, 64, 108, 124]

  let facts: PictureFacts
  private let file: ByteReader
  private let isComplete: Bool

  init(_ file: ByteReader) throws(PictureProblem) {
    guard let fileSize = file.uint32(at: 2), let start = file.uint32(at: 10),
      let headerSize = file.uint32(at: 14)
    else { throw .cutShort(.bmp) }
    let isOld = headerSize == 12
    guard let width = isOld ? file.uint16(at: 18) : file.int32(at: 18),
      let height = isOld ? file.uint16(at: 20) : file.int32(at: 22),
      let bits = file.uint16(at: isOld ? 24 : 28),
      let compression = isOld ? 0 : file.uint32(at: 30)
    else { throw .cutShort(.bmp) }
    guard (1..<1 << 30).contains(width), (1..<1 << 30).contains(abs(height)),
      [1, 4, 8, 16, 24, 32].contains(bits)
    else { throw .broken(.bmp) }
    switch compression {
    case 0, 3:
      let row = (width * bits + 31) / 32 * 4
      isComplete = start + row * abs(height) <= file.count
    case 1, 2:
      guard bits == (compression == 1 ? 8 : 4) else { throw .broken(.bmp) }
      isComplete =
        fileSize <= file.count
        && BMPRuns.areWhole(
          in: ByteReader(file.bytes.dropFirst(start)), width: width, height: abs(height),
          bits: bits)
    default:
      throw .unsupported("a bitmap that wraps another format")
    }
    self.file = file
    facts = PictureFacts(
      width: width, height: abs(height),
      // Without masks the fourth byte is "reserved"; many writers leave zeros there.
      alpha: compression == 0 ? .ignored : .straight)
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    guard isComplete else { throw .cutShort(.bmp) }
    return [file.bytes]
  }
}
