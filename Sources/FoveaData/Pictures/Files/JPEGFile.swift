/// The segments of a JPEG file (ITU-T T.81, annex B).
struct JPEGFile: PictureFile {
  let facts: PictureFacts
  private let file: ByteReader
  /// The segments before the first scan that decoding needs.
  private let tables: [Range<Int>]
  /// Where the first scan's marker stands; `nil` where the file ends before.
  private let scan: Int?

  private struct Segment {
    let marker: Int
    /// With the marker and the length.
    let range: Range<Int>
    var content: Int { range.lowerBound + 4 }
  }

  init(_ file: ByteReader) throws(PictureProblem) {
    let file = ByteReader(file.bytes, isBigEndian: true)
    var tables: [Range<Int>] = []
    var frame: Segment?
    var adobeTransform: Int?
    var orientation = PictureOrientation.topLeft
    var scan: Int?
    var position = 2
    while scan == nil, let segment = Self.segment(from: position, in: file) {
      switch segment.marker {
      case 0xDA:
        scan = segment.range.lowerBound
      case 0xC0, 0xC1, 0xC2:
        if frame == nil { frame = segment }
        tables.append(segment.range)
      case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7:
        throw Self.unsupported(segment.marker)
      case 0xC4, 0xDB, 0xDD:
        tables.append(segment.range)
      case 0xE1:
        let content = segment.content..<segment.range.upperBound
        if orientation == .topLeft,
          file.spells([0x45, 0x78, 0x69, 0x66, 0, 0], at: segment.content)
        {
          orientation = PictureOrientation(exif: file.bytes[content])
        }
      case 0xEE:
        if file.spells("Adobe", at: segment.content), segment.range.count >= 16 {
          adobeTransform = file.byte(at: segment.content + 11)
          tables.append(segment.range)
        }
      default:
        break
      }
      position = segment.range.upperBound
    }
    guard let frame, let bits = file.byte(at: frame.content),
      let height = file.uint16(at: frame.content + 1),
      let width = file.uint16(at: frame.content + 3),
      let components = file.byte(at: frame.content + 5)
    else { throw .cutShort(.jpeg) }
    if bits != 8 { throw .unsupported("a JPEG with \(bits) bits a sample") }
    if width == 0 || height == 0 || ![1, 3, 4].contains(components) { throw .broken(.jpeg) }
    if components == 4, adobeTransform != 0, adobeTransform != 2 {
      // Without the marker nobody knows whether 0 means no ink or all of it.
      throw .unsupported("a CMYK JPEG without Adobe's marker")
    }
    self.file = file
    self.tables = tables
    self.scan = scan
    facts = PictureFacts(width: width, height: height, orientation: orientation)
  }

  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>] {
    guard let scan else { throw .cutShort(.jpeg) }
    let end = try endOfImage(from: scan)
    return [file.bytes[..<2]] + tables.map { file.bytes[$0] } + [file.bytes[scan..<end]]
  }

  /// The next segment at or after `position`; bytes that belong to none are skipped, as all
  /// readers do.
  private static func segment(from position: Int, in file: ByteReader) -> Segment? {
    var position = position
    while let byte = file.byte(at: position), let marker = file.byte(at: position + 1) {
      let standsAlone = marker <= 0x01 || marker == 0xFF || (0xD0...0xD8).contains(marker)
      if byte != 0xFF || standsAlone {
        position += 1
        continue
      }
      guard marker != 0xD9, let length = file.uint16(at: position + 2), length >= 2,
        position + 2 + length <= file.count
      else { return nil }
      return Segment(marker: marker, range: position..<(position + 2 + length))
    }
    return nil
  }

  /// Just past the end-of-image marker that closes the scans beginning at `scan`.
  ///
  /// Marker bytes inside thumbnails and tables do not count, so segments are skipped whole.
  private func endOfImage(from scan: Int) throws(PictureProblem) -> Int {
    let bytes = file.bytes.span
    var position = scan
    while position + 1 < bytes.count {
      if bytes[position] != 0xFF {
        position += Self.hasMarker(bytes, in: position..<(position + 16)) ? 1 : 16
        continue
      }
      switch bytes[position + 1] {
      case 0xFF:
        position += 1
      case 0x00, 0xD0...0xD7:
        position += 2
      case 0xD9:
        return position + 2
      case 0xC4, 0xDA...0xDF, 0xE0...0xEF, 0xFE:
        guard let length = file.uint16(at: position + 2), length >= 2 else {
          throw .cutShort(.jpeg)
        }
        position += 2 + length
      default:
        throw .broken(.jpeg)
      }
    }
    throw .cutShort(.jpeg)
  }

  /// Whether 0xFF is among 16 bytes, which a processor can ask of all at once; `true` at the end.
  private static func hasMarker(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard range.upperBound <= bytes.count else { return true }
    var largest: UInt8 = 0
    for index in 0..<16 { largest = max(largest, bytes[range.lowerBound + index]) }
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
