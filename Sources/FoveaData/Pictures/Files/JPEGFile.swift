/// The segments of a JPEG file (ITU-T T.81, annex B).
struct JPEGFile: PictureFile {
  let facts: PictureFacts
  private let file: ByteReader
  /// The segments before the first scan that decoding needs.
  private let tables: [ArraySlice<UInt8>]
  /// Where the first scan's marker stands; `nil` where the file ends before.
  private let scan: Int?
  /// Whether its components are named so that a decoder would go by the names.
  private let namesColors: Bool

  /// Scans of a picture. Progressive files have about ten; each makes a decoder go over all pixels.
  static let mostScans = 250

  private struct Segment {
    let marker: Int
    /// With the marker and the length.
    let bytes: ArraySlice<UInt8>
    let content: ByteReader
  }

  init(_ file: ByteReader) throws(PictureProblem) {
    let file = ByteReader(file.bytes, isBigEndian: true)
    var tables: [ArraySlice<UInt8>] = []
    var frame: Segment?
    var colors = JPEGColors()
    var adobe: ArraySlice<UInt8>?
    var orientation = PictureOrientation.topLeft
    var scan: Int?
    var position = 2
    while scan == nil, let segment = Self.segment(from: &position, in: file) {
      let content = segment.content
      switch segment.marker {
      case 0xDA:
        scan = position
      case 0xC0, 0xC1, 0xC2:
        if frame == nil { frame = segment }
        tables.append(segment.bytes)
      case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7:
        throw Self.unsupported(segment.marker)
      case 0xC4, 0xDB, 0xDD:
        tables.append(segment.bytes)
      case 0xE0:
        if content.spells("JFIF\0", at: 0), content.count >= 14 { colors.isJFIF = true }
      case 0xE1:
        if orientation == .topLeft, content.spells("Exif\0\0", at: 0) {
          orientation = PictureOrientation(exif: content.bytes)
        }
      case 0xEE:
        if content.spells("Adobe", at: 0), let transform = content.byte(at: 11) {
          colors.adobeTransform = transform
          adobe = segment.bytes
        }
      default:
        break
      }
      position += segment.bytes.count
    }
    guard let frame, let bits = frame.content.byte(at: 0),
      let height = frame.content.uint16(at: 1), let width = frame.content.uint16(at: 3),
      let components = frame.content.byte(at: 5)
    else { throw .cutShort(.jpeg) }
    if bits != 8 { throw .unsupported("a JPEG with \(bits) bits a sample") }
    if width == 0 || height == 0 || ![1, 3, 4].contains(components) { throw .broken(.jpeg) }
    if components == 4 {
      guard let adobe, colors.adobeTransform == 0 || colors.adobeTransform == 2 else {
        // Without the marker nobody knows whether 0 means no ink or all of it.
        throw .unsupported("a CMYK JPEG without Adobe's marker")
      }
      // A decoder has to know before it meets the frame.
      tables.insert(adobe, at: 0)
    }
    colors.names = (0..<components).compactMap { frame.content.byte(at: 6 + 3 * $0) }
    self.file = file
    self.tables = tables
    self.scan = scan
    namesColors = colors.areNamed
    facts = PictureFacts(
      width: width, height: height, orientation: orientation,
      hasPlainColors: components == 3 && colors.arePlain)
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    guard let scan else { throw .cutShort(.jpeg) }
    let (end, headers) = try endOfImage(from: scan)
    guard let start = file.slice(at: 0, count: 2),
      let scans = file.slice(at: scan, count: end - scan)
    else { throw .cutShort(.jpeg) }
    guard namesColors else { return [start] + tables + [scans] }
    return [start] + tables.map { JPEGColors.unnamed($0)[...] }
      + [JPEGColors.unnamed(scans, headers: headers)[...]]
  }

  /// The next segment at or after `position`, which moves to it; bytes that belong to none are
  /// skipped, as all readers do.
  private static func segment(from position: inout Int, in file: ByteReader) -> Segment? {
    while let byte = file.byte(at: position), let marker = file.byte(at: position + 1) {
      let standsAlone = marker <= 0x01 || marker == 0xFF || (0xD0...0xD8).contains(marker)
      if byte != 0xFF || standsAlone {
        position += 1
        continue
      }
      guard marker != 0xD9, let length = file.uint16(at: position + 2), length >= 2,
        let bytes = file.slice(at: position, count: 2 + length),
        let content = file.part(at: position + 4, count: length - 2)
      else { return nil }
      return Segment(marker: marker, bytes: bytes, content: content)
    }
    return nil
  }

  /// Just past the end-of-image marker that closes the scans beginning at `scan`, and where the
  /// headers of the scans stand, counted from `scan`.
  ///
  /// Marker bytes inside thumbnails and tables do not count, so segments are skipped whole.
  private func endOfImage(
    from scan: Int
  ) throws(PictureProblem) -> (end: Int, headers: [Int]) {
    let bytes = file.bytes.span
    var headers: [Int] = []
    var position = scan
    while position + 1 < bytes.count {
      if bytes[position] != 0xFF {
        position += Self.hasMarker(bytes, from: position) ? 1 : 16
        continue
      }
      switch bytes[position + 1] {
      case 0xFF:
        position += 1
      case 0x00, 0xD0...0xD7:
        position += 2
      case 0xD9:
        return (position + 2, headers)
      case 0xC4, 0xDA...0xDF, 0xE0...0xEF, 0xFE:
        guard let length = file.uint16(at: position + 2), length >= 2 else {
          throw .cutShort(.jpeg)
        }
        if bytes[position + 1] == 0xDA { headers.append(position - scan) }
        guard headers.count <= Self.mostScans else {
          throw PictureProblem(
            "is a JPEG of more than \(Self.mostScans) scans, each of which takes the time of a "
              + "picture", advice: "Save it as an ordinary JPEG or PNG")
        }
        position += 2 + length
      default:
        throw .broken(.jpeg)
      }
    }
    throw PictureProblem(
      "is cut short: the JPEG has no end mark, so some of the picture is probably missing",
      advice:
        "Copy or download the file again; where it is no different at its source, open it and "
        + "save it anew")
  }

  /// Whether 0xFF is among 16 bytes, which a processor can ask of all at once; `true` at the end.
  private static func hasMarker(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    guard start + 16 <= bytes.count else { return true }
    var largest: UInt8 = 0
    for index in 0..<16 { largest = max(largest, bytes[start + index]) }
    return largest == 0xFF
  }

  private static func unsupported(_ marker: Int) -> PictureProblem {
    switch marker {
    case 0xC3, 0xC7, 0xCB, 0xCF: .unsupported("a lossless JPEG")
    case 0xC9...0xCA, 0xCD...0xCE: .unsupported("a JPEG with arithmetic coding")
    case 0xF7: .unsupported("a JPEG-LS picture")
    default: .unsupported("a hierarchical JPEG")
    }
  }
}
