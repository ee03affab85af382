/// One image file directory: the list of tags with which TIFF and EXIF describe a picture.
struct TIFFDirectory {
  struct Entry {
    let tag: Int
    let type: Int
    let count: Int
    /// Where the entry's 12 bytes stand.
    let offset: Int
  }

  let file: ByteReader
  /// By tag; where a tag comes twice, the first.
  let entries: [Int: Entry]
  /// Where the next directory stands; 0 at the last one, as after an entry list that is cut off.
  let next: Int

  /// The first directory of a TIFF file or of EXIF data; `nil` where there is none.
  init?(firstIn bytes: [UInt8]) {
    let isBigEndian = bytes.first == UInt8(ascii: "M")
    let file = ByteReader(bytes, isBigEndian: isBigEndian)
    guard file.uint16(at: 0) == (isBigEndian ? 0x4D4D : 0x4949), file.uint16(at: 2) == 42,
      let start = file.uint32(at: 4), let count = file.uint16(at: start)
    else { return nil }
    var entries: [Int: Entry] = [:]
    for index in 0..<count {
      let offset = start + 2 + 12 * index
      guard let tag = file.uint16(at: offset), let type = file.uint16(at: offset + 2),
        let values = file.uint32(at: offset + 4), file.uint32(at: offset + 8) != nil
      else { break }
      if entries[tag] == nil {
        entries[tag] = Entry(tag: tag, type: type, count: values, offset: offset)
      }
    }
    self.file = file
    self.entries = entries
    next = file.uint32(at: start + 2 + 12 * count) ?? 0
  }

  func entry(_ tag: Int) -> Entry? { entries[tag] }

  /// The whole number at `index` of a tag's values; `nil` where there is none.
  func value(_ tag: Int, at index: Int = 0) -> Int? {
    guard let entry = entry(tag), index < entry.count else { return nil }
    let size: Int
    switch entry.type {
    case 1, 6, 7: size = 1
    case 3: size = 2
    case 4, 13: size = 4
    default: return nil
    }
    var start = entry.offset + 8
    if entry.count * size > 4 {
      guard let pointer = file.uint32(at: start) else { return nil }
      start = pointer
    }
    switch size {
    case 1: return file.byte(at: start + index)
    case 2: return file.uint16(at: start + 2 * index)
    default: return file.uint32(at: start + 4 * index)
    }
  }

  /// Tag 274; `.topLeft` where the tag is missing or its value unknown.
  var orientation: PictureOrientation {
    value(274).flatMap(PictureOrientation.init) ?? .topLeft
  }
}
