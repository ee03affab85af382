/// The blocks of a GIF file (CompuServe, GIF89a).
struct GIFFile: PictureFile {
  let facts: PictureFacts
  private let file: ByteReader
  /// The header with the global palette, the transparency of the first picture, that picture.
  private let blocks: [Range<Int>]
  private let isComplete: Bool

  init(_ file: ByteReader) throws(PictureProblem) {
    guard let width = file.uint16(at: 6), let height = file.uint16(at: 8),
      let flags = file.byte(at: 10)
    else { throw .cutShort(.gif) }
    if width == 0 || height == 0 { throw .broken(.gif) }
    self.file = file
    var position = 13 + Self.paletteSize(flags)
    var blocks = [0..<position]
    var control: Range<Int>?
    var pictures = 0
    var isComplete = false
    walk: while let label = file.byte(at: position) {
      let start = position
      switch label {
      case 0x21:
        guard let end = Self.endOfData(from: position + 2, in: file) else { break walk }
        if file.byte(at: position + 1) == 0xF9, pictures == 0 { control = start..<end }
        position = end
      case 0x2C:
        guard let flags = file.byte(at: position + 9),
          let end = Self.endOfData(from: position + 11 + Self.paletteSize(flags), in: file)
        else { break walk }
        if pictures == 0 {
          try Self.checkPlace(at: position + 1, in: file, width: width, height: height)
          if let control { blocks.append(control) }
          blocks.append(start..<end)
        }
        pictures += 1
        position = end
      case 0x3B:
        isComplete = true
        break walk
      default:
        throw .broken(.gif)
      }
    }
    self.blocks = blocks
    self.isComplete = isComplete && pictures > 0
    facts = PictureFacts(width: width, height: height, isFirstOfSeveral: pictures > 1)
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    guard isComplete else { throw .cutShort(.gif) }
    return blocks.map { file.bytes[$0] } + [[0x3B]]
  }

  private static func paletteSize(_ flags: Int) -> Int {
    flags & 0x80 == 0 ? 0 : 3 << (flags & 7 + 1)
  }

  /// Past the empty sub-block that ends the data beginning at `position`.
  private static func endOfData(from position: Int, in file: ByteReader) -> Int? {
    var position = position
    while let size = file.byte(at: position) {
      position += 1 + size
      if size == 0 { return position }
    }
    return nil
  }

  /// The decoder would read a picture larger than the screen with the wrong row length.
  private static func checkPlace(
    at offset: Int, in file: ByteReader, width: Int, height: Int
  ) throws(PictureProblem) {
    guard let left = file.uint16(at: offset), let top = file.uint16(at: offset + 2),
      let right = file.uint16(at: offset + 4).map({ left + $0 }), right <= width, right > left,
      let bottom = file.uint16(at: offset + 6).map({ top + $0 }), bottom <= height, bottom > top
    else { throw .broken(.gif) }
  }
}
