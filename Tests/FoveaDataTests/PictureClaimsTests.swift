import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// What a picture file says of itself is held against what is in it.
struct PictureClaimsTests {
  private let decoder = PictureDecoder()

  private func problem(_ file: Data) -> String? {
    #expect(throws: InputError.self) { try decoder.decode(file, name: "x") }?.problem
  }

  private static func cut(_ format: String) -> String {
    "is cut short: the \(format) data ends too early"
  }

  private static func broken(_ format: String) -> String {
    "is broken: its bytes are not a whole \(format) picture"
  }

  // MARK: PNG

  @Test(arguments: [UInt8(1), 2, 4]) func aPNGHasOneHeaderOfOneLength(_ depth: UInt8) throws {
    let header = MadeFiles.pngHeader(width: 4, height: 2, depth: depth, colorType: 0)
    let level = MadeFiles.pngChunk("tRNS", [0, 1])
    let row = [UInt8](repeating: 0, count: 1 + (4 * Int(depth) + 7) / 8)
    let whole = MadeFiles.png(header + level, rows: row + row)
    #expect(try decoder.decode(whole, name: "x").pixels.count == 24)
    // A second header, short or whole, and a transparent level of one byte.
    for count in [0, 1, 9, 12, 13] {
      let second = MadeFiles.pngChunk("IHDR", [UInt8](repeating: 0, count: count))
      #expect(
        problem(MadeFiles.png(header + second + level, rows: row + row)) == Self.broken("PNG"))
    }
    let short = MadeFiles.pngChunk("tRNS", [0])
    #expect(problem(MadeFiles.png(header + short, rows: row + row)) == Self.broken("PNG"))
    // Compressed data that end properly, with a row too few.
    #expect(problem(MadeFiles.png(header + level, rows: row)) != nil)
  }

  @Test func deepPicturesTakeNoMoreMemoryThanOthers() throws {
    let header = MadeFiles.pngHeader(width: 8000, height: 8000, depth: 16, colorType: 6)
    expectError(
      "x: is too large: 8000×8000 pixels of 8 bytes take 512 megabytes to decode, over the limit of "
        + "256. Scale it down first, or set FOVEA_MEGAPIXELS higher"
    ) { try decoder.decode(MadeFiles.png(header, rows: []), name: "x") }
    let more = PictureDecoder(limits: PictureLimits(pixels: 128_000_000))
    let error = #expect(throws: InputError.self) {
      try more.decode(MadeFiles.png(header, rows: []), name: "x")
    }
    #expect(error?.problem.contains("too large") == false)
  }

  // MARK: JPEG

  @Test func aJPEGWithoutItsEndIsSaidToBeSo() throws {
    let whole = try PictureEncoder(.jpeg).encode(MadePictures.smooth(seed: 1))
    expectError(
      "x: is cut short: the JPEG has no end mark, so some of the picture is probably missing. Copy or "
        + "download the file again; where it is no different at its source, open it and save it anew"
    ) { try self.decoder.decode(whole.dropLast(2), name: "x") }
  }

  // MARK: TIFF

  @Test func aTIFFThatIsCutInsideItsDirectoryIsRefused() throws {
    let whole = MadeFiles.tiff()
    let picture = try decoder.decode(whole, name: "x")
    // The predictor adds up what is stored.
    #expect(picture.pixels[3 * 2] == 24)
    for count in 40..<whole.count {
      #expect(problem(whole.prefix(count)) == Self.cut("TIFF"), "\(count) of \(whole.count)")
    }
  }

  @Test func aTIFFWhoseStripIsShorterThanItsRowsIsRefused() throws {
    var short = MadeFiles.tiff()
    let place = try #require(short.range(of: Data([23, 1, 4, 0, 1, 0, 0, 0]))).upperBound
    short[place] = 31
    #expect(problem(short) == Self.cut("TIFF"))
  }

  @Test func aTagOfNumbersThatAreNoneIsRefused() throws {
    var odd = MadeFiles.tiff()
    // The bits of a sample as a fraction.
    let place = try #require(odd.range(of: Data([2, 1, 4, 0, 1, 0, 0, 0]))).lowerBound
    odd[place + 2] = 5
    #expect(problem(odd) == Self.cut("TIFF"))
  }

  // MARK: GIF

  @Test func aGIFWithoutAllItsPixelsIsRefused() throws {
    let whole = MadeFiles.gifPicture(width: 64, height: 64, pixels: 64 * 64)
    let short = MadeFiles.gifPicture(width: 64, height: 64, pixels: 64 * 10)
    let picture = try decoder.decode(MadeFiles.gif([whole]), name: "x")
    #expect(picture.pixels[3 * 65] == UInt8(65 * 7 % 256))
    #expect(problem(MadeFiles.gif([short])) == Self.cut("GIF"))
    #expect(
      problem(MadeFiles.gif([MadeFiles.gifPicture(width: 64, height: 64, pixels: 4095)]))
        == Self.cut("GIF"))
    // Of an animation a picture is the first frame, a video all of them.
    #expect(throws: Never.self) { try decoder.decode(MadeFiles.gif([whole, short]), name: "x") }
    let folder = try TemporaryFolder()
    try folder.write(MadeFiles.gif([whole, whole]), "whole.gif")
    #expect(try MadeVideos.frames(folder.file("whole.gif")).count == 2)
    try folder.write(MadeFiles.gif([whole, short]), "short.gif")
    try folder.write(MadeFiles.gif([whole, whole]).dropLast(), "endless.gif")
    for name in ["short.gif", "endless.gif"] {
      let error = #expect(throws: InputError.self) { try MadeVideos.frames(folder.file(name)) }
      #expect(error?.problem == Self.cut("GIF") && error?.place == folder.file(name).relativePath)
    }
  }

  // MARK: BMP

  @Test func aBitmapWhoseRunsEndEarlyIsRefused() throws {
    func rows(_ count: Int) -> [UInt8] {
      (0..<count).flatMap { row -> [UInt8] in [8, UInt8(17 * (row % 16)), 0, 0] }
    }
    for bits in [4, 8] {
      let end: [UInt8] = [0, 1]
      let whole = MadeFiles.bmp(height: 64, bits: bits, runs: rows(64) + end)
      #expect(try decoder.decode(whole, name: "x").height == 64)
      // The last row needs no end, and one pixel by one is as good as a run.
      let single: [UInt8] = bits == 8 ? [0, 8, 1, 2, 3, 4, 5, 6, 7, 8] : [0, 8, 1, 2, 3, 4]
      let literal = MadeFiles.bmp(height: 64, bits: bits, runs: rows(63) + single + end)
      #expect(throws: Never.self) { try decoder.decode(literal, name: "x") }
      var short: [[UInt8]] = [[], [0, 2, 0], rows(10), rows(10) + end, rows(63) + end]
      short.append(rows(63) + Array(single.dropLast(2)))
      for runs in short {
        #expect(problem(MadeFiles.bmp(height: 64, bits: bits, runs: runs)) == Self.cut("BMP"))
      }
    }
  }

  // MARK: JPEG

  /// `file` with other bytes for its components' names, and without JFIF's and Adobe's segments.
  private func renamed(_ file: Data, _ names: [UInt8], keepsJFIF: Bool = false) -> Data {
    var bytes = [UInt8](file)
    var kept: [UInt8] = Array(bytes[..<2])
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      if (0xC0...0xC2).contains(marker) {
        for index in 0..<3 { bytes[position + 10 + 3 * index] = names[index] }
      }
      if marker == 0xDA {
        // In later scans too: only headers begin so.
        var place = position
        while place + 5 < bytes.count {
          if bytes[place] == 0xFF, bytes[place + 1] == 0xDA {
            for index in 0..<Int(bytes[place + 4]) {
              let id = Int(bytes[place + 5 + 2 * index])
              if (1...3).contains(id) { bytes[place + 5 + 2 * index] = names[id - 1] }
            }
          }
          place += 1
        }
        kept += bytes[position...]
        return Data(kept)
      }
      if !(marker == 0xEE || marker == 0xE0 && !keepsJFIF) { kept += bytes[position..<end] }
      position = end
    }
    kept += bytes[position...]
    return Data(kept)
  }

  private static let adobe: [UInt8] = [
    0xFF, 0xEE, 0, 14, 0x41, 0x64, 0x6F, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0,
  ]
  private static let jfif: [UInt8] = [
    0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
  ]

  private func inserting(_ segments: [UInt8], into file: Data) -> Data {
    var result = Data(file.prefix(2))
    result.append(contentsOf: segments)
    result.append(file.dropFirst(2))
    return result
  }

  /// Red, green, blue of a picture whose channels are luma and two chromas, as libjpeg computes them.
  private func converted(_ picture: Picture) -> Picture {
    var pixels: [UInt8] = []
    for start in stride(from: 0, to: picture.pixels.count, by: 3) {
      let y = Double(picture.pixels[start])
      let b = Double(picture.pixels[start + 1]) - 128
      let r = Double(picture.pixels[start + 2]) - 128
      let red: Double = y + 1.402 * r
      let green: Double = y - 0.344136 * b - 0.714136 * r
      let blue: Double = y + 1.772 * b
      for value in [red, green, blue] { pixels.append(UInt8(min(max(value.rounded(), 0), 255))) }
    }
    return Picture(width: picture.width, height: picture.height, channels: 3, made: pixels)
  }

  @Test(arguments: ["jpeg-444", "jpeg-422", "jpeg-420", "jpeg-progressive"])
  func colorsFollowLibjpegsPrecedence(_ name: String) throws {
    let file = PictureFixtures[name].file
    let usual = try decoder.decode(file, name: "x")
    let letters = Array("RGB".utf8)
    let bare = renamed(file, [1, 2, 3])
    // JFIF first, whatever Adobe's segment or the names say, wherever it stands.
    let same: [Data] = [
      bare, inserting(Self.jfif + Self.adobe, into: bare),
      inserting(Self.adobe + Self.jfif, into: bare),
      inserting(Self.jfif, into: renamed(file, letters)),
      renamed(file, letters, keepsJFIF: true), renamed(file, [82, 71, 67]),
    ]
    for file in same {
      #expect(try decoder.decode(file, name: "x") == usual)
    }
    // Then Adobe's segment, then the names: the same samples are red, green, blue.
    let plain = try decoder.decode(renamed(file, letters), name: "x")
    #expect(try decoder.decode(inserting(Self.adobe, into: bare), name: "x") == plain)
    expectClose(converted(plain), usual, tolerance: 1)
    var yes = Self.adobe
    yes[yes.count - 1] = 1
    #expect(try decoder.decode(inserting(yes, into: renamed(file, letters)), name: "x") == usual)
    // In grey the luma of what is shown.
    let grey = PictureDecoder(channels: .grey)
    let shade = try grey.decode(renamed(file, letters), name: "x")
    for pixel in shade.pixels.indices {
      let red = Double(plain.pixels[3 * pixel])
      let green = Double(plain.pixels[3 * pixel + 1])
      let blue = Double(plain.pixels[3 * pixel + 2])
      let luma: Double = 0.299 * red + 0.587 * green + 0.114 * blue
      #expect(abs(Double(shade.pixels[pixel]) - luma) <= 1)
    }
  }

  @Test func manyScansAreRefused() throws {
    let file = [UInt8](PictureFixtures["jpeg-progressive"].file)
    let last = try #require(
      file.indices.dropLast().last { file[$0] == 0xFF && file[$0 + 1] == 0xDA })
    let scan = Array(file[last..<(file.count - 2)])
    func repeated(_ times: Int) -> Data {
      var bytes = Array(file[..<last])
      for _ in 0..<times { bytes += scan }
      return Data(bytes + [0xFF, 0xD9])
    }
    #expect(throws: InputError.self) { try decoder.decode(repeated(7000), name: "x") }
    expectError(
      "x: is a JPEG of more than 250 scans, each of which takes the time of a picture. "
        + "Save it as an ordinary JPEG or PNG"
    ) { try decoder.decode(repeated(260), name: "x") }
  }
}
