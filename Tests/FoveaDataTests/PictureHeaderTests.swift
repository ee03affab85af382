import FoundationEssentials
import FoveaArray
import FoveaData
import Testing

struct PictureHeaderTests {
  @Test(arguments: PictureFixtures.shared.fixtures)
  func theHeaderTellsWhatDecodingGives(_ fixture: PictureFixtures.Fixture) throws {
    let header = try PictureHeader(fixture.file, name: "misleading.txt")
    #expect(header.format.rawValue.lowercased() == fixture.format)
    #expect(header.width == fixture.width)
    #expect(header.height == fixture.height)
    let several = ["gif-animated", "tiff-two-pages"]
    #expect(header.isFirstOfSeveral == several.contains(fixture.name))
  }

  @Test(arguments: PictureOrientation.allCases)
  func orientationIsReadInBothByteOrders(_ orientation: PictureOrientation) throws {
    let fixture = PictureFixtures["jpeg-orientation-\(orientation.rawValue)"]
    let header = try PictureHeader(fixture.file, name: "photo")
    #expect(header.orientation == orientation)
    #expect(header.orientation.swapsAxes == (header.width < header.height))
  }

  @Test func sizesOfHugePicturesAreReadWithoutDecoding() throws {
    var png = PictureFixtures["png-rgb"].file
    png.replaceSubrange(16..<24, with: [0, 1, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF])
    let header = try PictureHeader(png, name: "huge.png")
    #expect(header.width == 65536)
    #expect(header.height == 2_147_483_647)
  }

  @Test func anAnimatedPNGIsReadAsItsFirstPicture() throws {
    let fixture = PictureFixtures["png-rgb"]
    var file = fixture.file
    // Eight bytes of content; nobody checks the sum of a chunk that is not decoded.
    let control: [UInt8] = [0, 0, 0, 8] + Array("acTL".utf8) + [UInt8](repeating: 0, count: 12)
    file.insert(contentsOf: control, at: 33)
    #expect(try PictureHeader(file, name: "x").isFirstOfSeveral)
    #expect(try PictureDecoder().decode(file, name: "x") == fixture.picture)
  }

  /// Every cut of every kind of file: a header or an `InputError`.
  @Test(arguments: PictureFixtures.shared.fixtures)
  func anyCutIsAHeaderOrAnError(_ fixture: PictureFixtures.Fixture) throws {
    let whole = try PictureHeader(fixture.file, name: "whole")
    for count in 0..<min(fixture.file.count, 700) {
      do {
        let header = try PictureHeader(fixture.file.prefix(count), name: "cut")
        #expect(header.format == whole.format)
      } catch is InputError {}
    }
  }

  @Test func aHeaderThatEndsTooEarlyIsCutShort() {
    for name in ["jpeg-420", "png-rgb", "webp-lossy", "tiff-raw", "gif"] {
      let fixture = PictureFixtures[name]
      let format = fixture.format == "webp" ? "WebP" : fixture.format.uppercased()
      // A GIF's name is 6 bytes, a WebP's 12; the sizes come later.
      let cut = fixture.file.prefix(fixture.format == "webp" ? 15 : 8)
      expectError(
        "photo: is cut short: the \(format) data ends too early. Copy or download the file again"
      ) { try PictureHeader(cut, name: "photo") }
    }
  }

  @Test(arguments: refused) func otherFilesAreRefusedByName(_ refused: Refused) {
    let error = "x.jpg: \(refused.error)"
    expectError(error) { try PictureHeader(Data(refused.bytes), name: "x.jpg") }
    expectError(error) { try PictureDecoder().decode(Data(refused.bytes), name: "x.jpg") }
  }

  @Test func filesThatCannotBeReadSayWhy() {
    expectError("/no/such/photo.jpg: there is no such file or folder. Check the path") {
      try PictureHeader(contentsOf: URL(filePath: "/no/such/photo.jpg"))
    }
    expectError("/tmp: is a folder, not a picture") {
      try PictureDecoder().decode(contentsOf: URL(filePath: "/tmp", directoryHint: .notDirectory))
    }
    expectError("/dev/zero: is not an ordinary file") {
      try PictureDecoder().decode(contentsOf: URL(filePath: "/dev/zero"))
    }
  }
}

// MARK: - What is refused

struct Refused: Sendable, CustomTestStringConvertible {
  let bytes: [UInt8]
  let error: String

  init(_ bytes: [UInt8], _ error: String) {
    // Signatures alone are shorter than any file.
    self.bytes = bytes
    self.error = error
  }

  init(_ text: String, _ error: String) { self.init(Array(text.utf8), error) }

  var testDescription: String { error }
}

private let zeros = [UInt8](repeating: 0, count: 400)
private let export = "Export it as JPEG or PNG"
private let again = "Copy or download the file again"
private let develop =
  "is a camera's raw file, which Fovea does not read. Develop it to JPEG or PNG"

private func box(_ brand: String) -> [UInt8] {
  [0, 0, 0, 24] + Array("ftyp\(brand)".utf8) + zeros
}

private func unread(_ what: String, _ advice: String = export) -> String {
  "is \(what), which Fovea does not read. \(advice)"
}

private func placed(_ text: String, at offset: Int) -> [UInt8] {
  zeros[..<offset] + Array(text.utf8) + zeros
}

/// A little-endian TIFF of these tags, all of them single numbers, with a strip of zeros.
private func tiff(_ tags: [Int: Int]) -> [UInt8] {
  func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  let all = [256: 4, 257: 4, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 4, 279: 16]
    .merging(tags) { $1 }
  let entries = all.sorted { $0.key < $1.key }.flatMap {
    number($0.key, 2) + number(4, 2) + number(1, 4) + number($0.value, 4)
  }
  return [0x49, 0x49, 42, 0] + number(24, 4) + zeros[..<16] + number(all.count, 2) + entries
    + number(0, 4)
}

private let save = "Save it as an ordinary JPEG or PNG"

private let refused: [Refused] = [
  Refused([], "is empty. \(again)"),
  Refused(zeros, "holds nothing but zeros. Fovea reads JPEG, PNG, WebP, TIFF, BMP, GIF"),
  Refused(
    [1, 2, 3, 0xFF],
    "is not a picture in a format that Fovea knows. Fovea reads JPEG, PNG, WebP, TIFF, BMP, GIF"),

  Refused(box("heic"), unread("a HEIC photo")),
  Refused(box("mif1"), unread("a HEIC photo")),
  Refused(box("avif"), unread("an AVIF picture")),
  Refused(box("crx "), develop),
  Refused(box("isom"), unread("a video (MP4 or MOV)", "Extract its frames as JPEG or PNG")),
  Refused("RIFF\0\0\0\0AVI LIST", unread("a video (AVI)", "Extract its frames as JPEG or PNG")),
  Refused("RIFF\0\0\0\0WAVEfmt ", unread("a sound (WAV)", "Give a picture")),
  Refused(
    [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, 13, 10, 0x87, 10], unread("a JPEG XL picture")),
  Refused([0xFF, 0x0A, 1, 2], unread("a JPEG XL picture")),
  Refused(
    [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 13, 10, 0x87, 10], unread("a JPEG 2000 picture")),
  Refused([0xFF, 0x4F, 0xFF, 0x51, 0], unread("a JPEG 2000 picture")),
  Refused("8BPS\0\u{1}", unread("a Photoshop document")),
  Refused("%PDF-1.7\n", unread("a PDF document", "Export its pages as PNG")),
  Refused([0x1F, 0x8B, 8, 0], unread("a file compressed with gzip", "Unpack it first")),
  Refused([0x50, 0x4B, 3, 4, 0], unread("a ZIP archive", "Unpack it first")),
  Refused(
    [0x1A, 0x45, 0xDF, 0xA3, 1],
    unread("a video (Matroska or WebM)", "Extract its frames as JPEG or PNG")),
  Refused([0x89, 0x48, 0x44, 0x46, 13], unread("an HDF5 file", "Export its pictures as PNG")),
  Refused(
    [0x49, 0x49, 43, 0, 8, 0, 0, 0],
    unread("a BigTIFF picture", "Save it as an ordinary TIFF or PNG")),
  Refused("P6\n2 2\n255\n", unread("a Netpbm picture (PBM, PGM or PPM)")),
  Refused("FUJIFILMCCD-RAW 0201", develop),
  Refused(
    placed("DICM", at: 128),
    unread("a DICOM scan", "Export its frames as PNG with the window that a reader would use")),
  Refused(
    // Scans may begin like a TIFF, for two kinds of reader.
    [0x49, 0x49, 42, 0] + placed("DICM", at: 124),
    unread("a DICOM scan", "Export its frames as PNG with the window that a reader would use")),
  Refused(
    [0x5C, 1, 0, 0] + placed("n+1\0", at: 340),
    unread("a NIfTI scan", "Export its slices as PNG")),

  Refused("name,label\na.jpg,cat\n", "is a text file, not a picture"),
  Refused("Größe", "is a text file, not a picture"),
  Refused([0xFF, 0xFE, 0x41, 0], "is a text file, not a picture"),
  Refused("<?xml version=\"1.0\"?><svg></svg>", unread("an SVG drawing", "Export it as PNG")),
  Refused(
    "<!DOCTYPE html><title>404</title>",
    """
    is a web page, not a picture. The download probably failed: open the address in a browser
    """),
  Refused(
    "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    "is a pointer of Git LFS, not the picture itself. Run `git lfs pull`"),

  // Varieties of formats that are read otherwise.
  Refused(
    Array("RIFF\u{16}\0\0\0WEBPVP8X\u{0A}\0\0\0\u{02}\0\0\0\u{1}\0\0\u{1}\0\0".utf8),
    "is an animated WebP, which Fovea does not read. Save one frame of it as PNG"),
  Refused(
    [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 4] + Array("CgBI".utf8) + zeros,
    unread("a PNG in Apple's own variety for iOS applications", save)),
  Refused(
    [0xFF, 0xD8, 0xFF, 0xC9, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0],
    unread("a JPEG with arithmetic coding", save)),
  Refused(
    [0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0],
    unread("a lossless JPEG", save)),
  Refused(
    [0xFF, 0xD8, 0xFF, 0xC1, 0, 11, 12, 0, 1, 0, 1, 1, 1, 0x11, 0],
    unread("a JPEG with 12 bits a sample", save)),
  Refused(
    [0xFF, 0xD8, 0xFF, 0xC0, 0, 20, 8, 0, 1, 0, 1, 4] + zeros[..<12],
    unread("a CMYK JPEG without Adobe's marker", save)),
  Refused([0x49, 0x49, 42, 0, 16, 0, 0, 0, 0x43, 0x52, 2, 0] + zeros, develop),
  Refused(tiff([50706: 1]), develop),
]

/// Varieties of TIFF that libavcodec would misread or not read.
private let refusedTIFFs: [Refused] = [
  Refused(tiff([322: 16]), unread("a TIFF stored in tiles", save)),
  Refused(tiff([259: 7]), unread("a TIFF with JPEG compression", save)),
  Refused(tiff([259: 50000]), unread("a TIFF with compression number 50000", save)),
  Refused(tiff([339: 3]), unread("a TIFF of floating-point numbers", save)),
  Refused(tiff([339: 2]), unread("a TIFF of numbers that can be negative", save)),
  Refused(tiff([262: 8]), unread("a TIFF with colours of kind 8", save)),
  Refused(tiff([277: 5]), unread("a TIFF with 5 channels", save)),
  Refused(tiff([258: 12]), unread("a TIFF with 12 bits a sample", save)),
  Refused(tiff([258: 4, 317: 2]), unread("a TIFF with predictor 2 at 4 bits a sample", save)),
]

struct TIFFVarietyTests {
  @Test(arguments: refusedTIFFs) func isRefusedWhenDecoded(_ refused: Refused) throws {
    expectError("scan.tif: \(refused.error)") {
      try PictureDecoder().decode(Data(refused.bytes), name: "scan.tif")
    }
    let header = try PictureHeader(Data(refused.bytes), name: "scan.tif")
    #expect(header.width == 4)
  }

  @Test func theOrdinaryOneIsRead() throws {
    let picture = try PictureDecoder(channels: .grey).decode(Data(tiff([:])), name: "scan.tif")
    #expect(picture.pixels == [UInt8](repeating: 0, count: 16))
  }
}
