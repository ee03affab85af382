/// The first page of a TIFF file (revision 6.0), stored in strips.
struct TIFFFile: PictureFile {
  let facts: PictureFacts
  private let directory: TIFFDirectory

  /// The tags that decoding the pixels needs, all of which libavcodec knows.
  ///
  /// With these alone it can be told to fail at the first defect; with others it would fail
  /// where it does not know one, or take the page for a camera's raw data.
  private static let tags = [
    256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320,
  ]

  init(_ file: ByteReader) throws(PictureProblem) {
    if file.spells("CR", at: 8) { throw ForeignFormat.cameraRaw }
    guard let directory = TIFFDirectory(firstIn: file.bytes) else { throw .cutShort(.tiff) }
    let isThumbnail = (directory.value(254) ?? 0) & 1 == 1
    if directory.entry(50706) != nil || (directory.entry(330) != nil && isThumbnail) {
      throw ForeignFormat.cameraRaw
    }
    guard let width = directory.value(256), let height = directory.value(257) else {
      throw .cutShort(.tiff)
    }
    if width == 0 || height == 0 { throw .broken(.tiff) }
    self.directory = directory
    facts = PictureFacts(
      width: width, height: height, orientation: directory.orientation,
      alpha: Self.alpha(directory), isFirstOfSeveral: directory.next != 0,
      bytesPerPixel: Self.bytesPerPixel(directory))
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    // A tag that is lost or unreadable would count as its usual value, and the pixels as noise.
    guard directory.isWhole, Self.tags.allSatisfy(directory.isReadable) else {
      throw .cutShort(.tiff)
    }
    try checkVariety()
    try checkStrips()
    return rewritten()
  }

  private static func alpha(_ directory: TIFFDirectory) -> PictureFacts.Alpha {
    switch directory.value(338) {
    case 0: .ignored
    case 1: .premultiplied
    default: .straight
    }
  }

  /// What a pixel takes once it is decoded; twice where the whole page is unfolded beforehand.
  private static func bytesPerPixel(_ directory: TIFFDirectory) -> Int {
    let samples = min(max(directory.value(277) ?? 1, 1), 4)
    let bytes = samples * ((directory.value(258) ?? 1) > 8 ? 2 : 1)
    let rows = directory.value(278) ?? Int.max
    let isUnfolded =
      [8, 32946].contains(directory.value(259)) && rows > (directory.value(257) ?? 1) / 4
    return isUnfolded ? 2 * bytes : bytes
  }

  /// Refuses what libavcodec would read wrongly without a word.
  private func checkVariety() throws(PictureProblem) {
    if directory.entry(322) != nil { throw .unsupported("a TIFF stored in tiles") }
    switch directory.value(259) ?? 1 {
    case 1...5, 8, 32773, 32946: break
    case 6, 7: throw .unsupported("a TIFF with JPEG compression")
    case let other: throw .unsupported("a TIFF with compression number \(other)")
    }
    let samples = directory.value(277) ?? 1
    let bits = directory.value(258) ?? 1
    for index in 0..<min(samples, 8) {
      if let other = directory.value(258, at: index), other != bits {
        throw .unsupported("a TIFF whose channels differ in depth")
      }
      if let kind = directory.value(339, at: index), kind != 1, kind != 4 {
        throw .unsupported(
          kind == 3
            ? "a TIFF of floating-point numbers" : "a TIFF of numbers that can be negative")
      }
    }
    let allowed: ClosedRange<Int>
    switch directory.value(262) {
    case 0, 1: allowed = 1...2
    case 2: allowed = 3...4
    case 3: allowed = 1...1
    case 5 where bits == 8: allowed = 4...4
    case nil: throw .broken(.tiff)
    case let kind?: throw .unsupported("a TIFF with colours of kind \(kind)")
    }
    guard allowed.contains(samples) else { throw .unsupported("a TIFF with \(samples) channels") }
    guard [8, 16].contains(bits) || (samples == 1 && [1, 2, 4].contains(bits)) else {
      throw .unsupported("a TIFF with \(bits) bits a sample")
    }
    let predictor = directory.value(317) ?? 1
    guard predictor == 1 || (predictor == 2 && bits >= 8) else {
      throw .unsupported("a TIFF with predictor \(predictor) at \(bits) bits a sample")
    }
  }

  /// All strips must lie inside the file and hold all their rows; of those that are compressed
  /// libavcodec makes sure, except for Deflate.
  private func checkStrips() throws(PictureProblem) {
    let samples = directory.value(277) ?? 1
    let planes = directory.value(284) == 2 ? samples : 1
    let rows = min(max(directory.value(278) ?? facts.height, 1), facts.height)
    let strips = (facts.height + rows - 1) / rows
    let rowBytes = (facts.width * (directory.value(258) ?? 1) * samples / planes + 7) / 8
    let compression = directory.value(259) ?? 1
    guard let offsets = directory.entry(273), let sizes = directory.entry(279),
      offsets.count >= strips * planes, sizes.count >= strips * planes
    else { throw .broken(.tiff) }
    for index in 0..<(strips * planes) {
      guard let offset = directory.value(273, at: index),
        let size = directory.value(279, at: index),
        let strip = directory.file.slice(at: offset, count: size)
      else { throw .cutShort(.tiff) }
      let bytes = rowBytes * min(rows, facts.height - index % strips * rows)
      switch compression {
      case 1: if size < bytes { throw .cutShort(.tiff) }
      case 8, 32946:
        guard DeflatedLength.bytes(in: strip, limit: bytes) == bytes else { throw .broken(.tiff) }
      default: break
      }
    }
  }

  /// The file with its directory replaced by one at its end that holds `tags` alone.
  private func rewritten() -> [ArraySlice<UInt8>] {
    let bytes = directory.file.bytes
    let entries = Self.tags.compactMap(directory.entry)
    let padding = [UInt8](repeating: 0, count: bytes.count % 2)
    let header = Array(bytes.prefix(4)) + number(bytes.count + padding.count, byteCount: 4)
    let list = entries.flatMap(\.bytes.bytes)
    return [
      header[...], bytes.dropFirst(8), padding[...],
      (number(entries.count, byteCount: 2) + list + number(0, byteCount: 4))[...],
    ]
  }

  private func number(_ value: Int, byteCount: Int) -> [UInt8] {
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return directory.file.isBigEndian ? bytes.reversed() : bytes
  }
}
