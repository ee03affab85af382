/// The blocks of a GIF file (CompuServe, GIF89a).
struct GIFFile: PictureFile {
  let facts: PictureFacts
  /// The header with the global palette.
  private let header: ArraySlice<UInt8>
  private let pictures: [Block]
  private let isComplete: Bool

  /// One picture of the file.
  private struct Block {
    /// The transparency that stands before it.
    let control: ArraySlice<UInt8>?
    /// Its descriptor, palette and data.
    let bytes: ArraySlice<UInt8>
    let width: Int
    let height: Int
    let left: Int
    let top: Int
    /// From the byte that says how long its codes are.
    let data: ByteReader

    /// Whether the data hold all its pixels: decoders take what is missing for transparent.
    var isWhole: Bool {
      LZWLength.pixels(in: data, limit: width * height) == width * height
    }
  }

  init(_ file: ByteReader) throws(PictureProblem) {
    guard let width = file.uint16(at: 6), let height = file.uint16(at: 8),
      let flags = file.byte(at: 10)
    else { throw .cutShort(.gif) }
    if width == 0 || height == 0 { throw .broken(.gif) }
    var position = 13 + Self.paletteSize(flags)
    header = file.slice(at: 0, count: position) ?? file.bytes
    var pictures: [Block] = []
    var control: ArraySlice<UInt8>?
    var isComplete = false
    walk: while let label = file.byte(at: position) {
      let start = position
      switch label {
      case 0x21:
        guard let end = Self.endOfData(from: position + 2, in: file) else { break walk }
        if file.byte(at: position + 1) == 0xF9 {
          control = file.slice(at: start, count: end - start)
        }
        position = end
      case 0x2C:
        guard let block = Self.picture(at: start, after: control, in: file) else { break walk }
        pictures.append(block)
        control = nil
        position += block.bytes.count
      case 0x3B:
        isComplete = true
        break walk
      default:
        throw .broken(.gif)
      }
    }
    self.pictures = pictures
    self.isComplete = isComplete && !pictures.isEmpty
    facts = PictureFacts(width: width, height: height, isFirstOfSeveral: pictures.count > 1)
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    guard isComplete, let first = pictures.first else { throw .cutShort(.gif) }
    // The decoder would read a picture larger than the screen with the wrong row length.
    guard first.width > 0, first.left + first.width <= facts.width, first.height > 0,
      first.top + first.height <= facts.height
    else { throw .broken(.gif) }
    guard first.isWhole else { throw .cutShort(.gif) }
    return [header] + [first.control, first.bytes].compactMap { $0 } + [[0x3B]]
  }

  /// Fails unless all pictures are there with all their pixels.
  func checkAnimation() throws(PictureProblem) {
    guard isComplete, pictures.allSatisfy(\.isWhole) else { throw .cutShort(.gif) }
  }

  private static func picture(
    at start: Int, after control: ArraySlice<UInt8>?, in file: ByteReader
  ) -> Block? {
    guard let left = file.uint16(at: start + 1), let top = file.uint16(at: start + 3),
      let width = file.uint16(at: start + 5), let height = file.uint16(at: start + 7),
      let flags = file.byte(at: start + 9)
    else { return nil }
    let data = start + 10 + paletteSize(flags)
    guard let end = endOfData(from: data + 1, in: file),
      let bytes = file.slice(at: start, count: end - start),
      let content = file.part(at: data, count: end - data)
    else { return nil }
    return Block(
      control: control, bytes: bytes, width: width, height: height, left: left, top: top,
      data: content)
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
}
