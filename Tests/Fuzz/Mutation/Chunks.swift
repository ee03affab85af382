/// A file made of pieces with a name and a length, as most containers are.
struct ChunkedFile {
  struct Chunk {
    var name: [UInt8]
    var body: [UInt8]
  }

  /// How pieces are written.
  enum Layout {
    /// Length, name, body, checksum.
    case png
    /// Name, length, body, padded to even lengths, within one piece that is all of the file.
    case riff
    /// FF, name, length with itself, body; what follows the first scan header is its own piece.
    case jpeg
    /// Length with itself, name, body; some bodies are pieces again.
    case boxes
    /// A directory of twelve-byte entries somewhere in the file.
    case tiff
  }

  let layout: Layout
  private var head: [UInt8] = []
  private(set) var chunks: [Chunk] = []
  private var tail: [UInt8] = []

  /// The pieces of a whole file.
  init(_ bytes: [UInt8], _ layout: Layout) {
    self.layout = layout
    switch layout {
    case .png: readPNG(bytes)
    case .riff: readRIFF(bytes)
    case .jpeg: readJPEG(bytes)
    case .boxes: chunks = Self.boxes(bytes[...])
    case .tiff: readTIFF(bytes)
    }
  }

  /// The file with one to three of its pieces doubled, left out, exchanged, cut or changed; lengths and
  /// checksums are right again, so that a reader comes as far as what is wrong.
  static func changed(_ bytes: [UInt8], _ layout: Layout, _ dice: inout Dice) -> [UInt8] {
    var file = ChunkedFile(bytes, layout)
    for _ in 0...dice.below(3) { file.change(&dice) }
    let result = file.bytes
    return dice.one(in: 5) ? ByteMutation.changed(result, &dice) : result
  }

  private mutating func change(_ dice: inout Dice) {
    guard !chunks.isEmpty else { return }
    let index = dice.below(chunks.count)
    let place = dice.below(chunks.count + 1)
    switch dice.below(9) {
    case 0: chunks.insert(chunks[index], at: place)
    case 1: chunks.remove(at: index)
    case 2: chunks.swapAt(index, dice.below(chunks.count))
    case 3:
      // Doubled, with less in it than its name promises.
      var copy = chunks[index]
      copy.body = Array(copy.body.prefix(dice.below(16)))
      chunks.insert(copy, at: place)
    case 4: chunks[index].body = Array(chunks[index].body.prefix(dice.below(24)))
    case 5: chunks[index].body += dice.bytes(dice.length(upTo: 1024))
    case 6: chunks[index].name = dice.pick(chunks).name
    case 7:
      chunks.insert(
        Chunk(name: dice.pick(Self.names(layout)), body: dice.bytes(dice.below(40))), at: place)
    default: chunks[index].body = ByteMutation.changed(chunks[index].body, &dice)
    }
  }

  /// Names that a reader may know though the file has none of them.
  private static func names(_ layout: Layout) -> [[UInt8]] {
    let words =
      switch layout {
      case .png: ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "eXIf", "gAMA", "iCCP", "acTL", "fcTL"]
      case .riff: ["fmt ", "data", "fact", "LIST", "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "EXIF"]
      case .boxes: ["moov", "trak", "mdia", "stts", "stsz", "stco", "mdat", "ftyp", "elst", "free"]
      case .jpeg, .tiff: [String]()
      }
    if layout == .jpeg {
      return [0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xE1, 0xEE, 0xFE].map { [$0] }
    }
    // Width, height, bits, compression, strips, samples, counts, predictor, extra samples.
    if layout == .tiff {
      return [256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 284, 317, 322, 338, 339].map {
        (tag: Int) in [UInt8(tag & 255), UInt8(tag >> 8)]
      }
    }
    return words.map { Array($0.utf8) }
  }

  // MARK: Reading and writing

  /// The file.
  var bytes: [UInt8] {
    var result = layout == .jpeg ? [0xFF, 0xD8] : layout == .riff ? [] : head
    if layout == .tiff { result += Self.little(chunks.count, 2) }
    for chunk in chunks { result += bytes(of: chunk) }
    if layout == .riff {
      result = head + result
      result = Array("RIFF".utf8) + Self.little(result.count, 4) + result
    }
    return result + tail
  }

  private func bytes(of chunk: Chunk) -> [UInt8] {
    let length = chunk.body.count
    switch layout {
    case .png:
      let content = chunk.name + chunk.body
      return Self.big(length, 4) + content + Self.big(Int(Checksum.crc32(content)), 4)
    case .riff:
      let padding: [UInt8] = length % 2 == 1 ? [0] : []
      return chunk.name + Self.little(length, 4) + chunk.body + padding
    case .jpeg: return [0xFF] + chunk.name + Self.big(length + 2, 2) + chunk.body
    case .boxes: return Self.big(length + 8, 4) + chunk.name + chunk.body
    case .tiff: return chunk.name + chunk.body
    }
  }

  private mutating func readPNG(_ bytes: [UInt8]) {
    head = Array(bytes.prefix(8))
    var place = 8
    while place + 12 <= bytes.count {
      let length = Self.big(bytes[place..<place + 4])
      guard place + 12 + length <= bytes.count else { break }
      chunks.append(
        Chunk(
          name: Array(bytes[place + 4..<place + 8]),
          body: Array(bytes[place + 8..<place + 8 + length])))
      place += 12 + length
    }
    tail = Array(bytes[place...])
  }

  private mutating func readRIFF(_ bytes: [UInt8]) {
    head = Array(bytes[8..<12])
    var place = 12
    while place + 8 <= bytes.count {
      let length = Self.big(bytes[place + 4..<place + 8].reversed()[...])
      guard place + 8 + length <= bytes.count else { break }
      chunks.append(
        Chunk(
          name: Array(bytes[place..<place + 4]),
          body: Array(bytes[place + 8..<place + 8 + length])))
      place += 8 + length + length % 2
    }
    tail = Array(bytes[min(place, bytes.count)...])
  }

  private mutating func readJPEG(_ bytes: [UInt8]) {
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let length = Self.big(bytes[place + 2..<place + 4])
      guard length >= 2, place + 2 + length <= bytes.count else { break }
      chunks.append(
        Chunk(name: [bytes[place + 1]], body: Array(bytes[place + 4..<place + 2 + length])))
      place += 2 + length
      if chunks.last?.name == [0xDA] { break }
    }
    tail = Array(bytes[place...])
  }

  private static let containers = ["moov", "trak", "mdia", "minf", "stbl", "edts", "udta"]

  /// Boxes in their order; a box of boxes stands as its pieces in the body and is cut apart one level.
  private static func boxes(_ bytes: ArraySlice<UInt8>) -> [Chunk] {
    var result: [Chunk] = []
    var place = bytes.startIndex
    while place + 8 <= bytes.endIndex {
      let length = big(bytes[place..<place + 4])
      guard length >= 8, place + length <= bytes.endIndex else { break }
      result.append(
        Chunk(
          name: Array(bytes[place + 4..<place + 8]),
          body: Array(bytes[place + 8..<place + length])))
      place += length
    }
    return result
  }

  /// A change within a box of boxes, at any depth.
  static func changedBoxes(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var file = ChunkedFile(bytes, .boxes)
    let inner = file.chunks.indices.filter {
      containers.contains(String(decoding: file.chunks[$0].name, as: UTF8.self))
    }
    guard let index = inner.isEmpty || dice.one(in: 6) ? nil : dice.pick(inner) else {
      return changed(bytes, .boxes, &dice)
    }
    file.chunks[index].body = changedBoxes(file.chunks[index].body, &dice)
    return file.bytes
  }

  /// Little-endian files with one directory; others have no pieces here.
  private mutating func readTIFF(_ bytes: [UInt8]) {
    guard bytes.count > 8, bytes[0] == 0x49 else {
      head = bytes
      return
    }
    let place = Self.big(bytes[4..<8].reversed()[...])
    guard place + 2 <= bytes.count else {
      head = bytes
      return
    }
    let count = Self.big(bytes[place..<place + 2].reversed()[...])
    guard place + 2 + 12 * count <= bytes.count else {
      head = bytes
      return
    }
    head = Array(bytes[..<place])
    for entry in 0..<count {
      let start = place + 2 + 12 * entry
      chunks.append(
        Chunk(name: Array(bytes[start..<start + 2]), body: Array(bytes[start + 2..<start + 12])))
    }
    tail = Array(bytes[(place + 2 + 12 * count)...])
  }

  private static func big(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private static func big(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * (size - 1 - $0))) }
  }

  private static func little(_ value: Int, _ size: Int) -> [UInt8] { big(value, size).reversed() }
}

/// The checksum of PNG and gzip.
enum Checksum {
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
      }
    }
  }
}
