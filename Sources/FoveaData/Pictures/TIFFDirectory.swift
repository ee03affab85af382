/// One image file directory: the list of tags with which TIFF and EXIF describe a picture.
struct TIFFDirectory {
  struct Entry {
    let tag: Int
    let type: Int
    let count: Int
    /// The entry's 12 bytes.
    let bytes: ByteReader
  }

  let file: ByteReader
  /// By tag; where a tag comes twice, the first.
  let entries: [Int: Entry]
  /// Where the next directory stands; 0 at the last one, as after an entry list that is cut off.
  let next: Int
  /// Whether the list of entries is there to its end.
  let isWhole: Bool

  /// The first directory of a TIFF file or of EXIF data; `nil` where there is none.
  init?(firstIn bytes: ArraySlice<UInt8>) {
    let isBigEndian = bytes.first == UInt8(ascii: "M")
    let file = ByteReader(bytes, isBigEndian: isBigEndian)
    guard file.uint16(at: 0) == (isBigEndian ? 0x4D4D : 0x4949), file.uint16(at: 2) == 42,
      let start = file.uint32(at: 4), let count = file.uint16(at: start)
    else { return nil }
    var entries: [Int: Entry] = [:]
    for index in 0..<count {
      guard let bytes = file.part(at: start + 2 + 12 * index, count: 12),
        let tag = bytes.uint16(at: 0), let type = bytes.uint16(at: 2),
        let values = bytes.uint32(at: 4)
      else { break }
      if entries[tag] == nil {
        entries[tag] = Entry(tag: tag, type: type, count: values, bytes: bytes)
      }
    }
    self.file = file
    self.entries = entries
    let next = file.uint32(at: start + 2 + 12 * count)
    self.next = next ?? 0
    isWhole = next != nil
  }

  func entry(_ tag: Int) -> Entry? { entries[tag] }

  /// The values of an entry, where all of them are in the file and of a type that is known.
  private func values(of entry: Entry) -> (bytes: ByteReader, size: Int)? {
    let size: Int
    switch entry.type {
    case 1, 2, 6, 7: size = 1
    case 3, 8: size = 2
    case 4, 9, 11, 13: size = 4
    case 5, 10, 12: size = 8
    default: return nil
    }
    let byteCount = entry.count * size
    let bytes =
      byteCount <= 4
      ? entry.bytes.part(at: 8, count: byteCount)
      : entry.bytes.uint32(at: 8).flatMap { file.part(at: $0, count: byteCount) }
    return bytes.map { ($0, size) }
  }

  /// The whole number at `index` of a tag's values; `nil` where there is none.
  func value(_ tag: Int, at index: Int = 0) -> Int? {
    guard let entry = entry(tag), index < entry.count, let (bytes, size) = values(of: entry) else {
      return nil
    }
    switch entry.type {
    case 1, 6, 7: return bytes.byte(at: index)
    case 3: return bytes.uint16(at: size * index)
    case 4, 13: return bytes.uint32(at: size * index)
    default: return nil
    }
  }

  /// Whether a tag that is there has a whole number as its value; one that is missing is no fault.
  func isReadable(_ tag: Int) -> Bool { entry(tag) == nil || value(tag) != nil }

  /// Tag 274; `.topLeft` where the tag is missing or its value unknown.
  var orientation: PictureOrientation {
    value(274).flatMap(PictureOrientation.init) ?? .topLeft
  }
}
