import FoundationEssentials
import FoveaArray
import FoveaData
import Testing

struct PictureDecoderTests {
  private let decoder = PictureDecoder()

  @Test(arguments: PictureFixtures.shared.fixtures)
  func pixelsAreThoseOfPillow(_ fixture: PictureFixtures.Fixture) throws {
    let picture = try decoder.decode(fixture.file, name: fixture.name)
    expectClose(
      picture, fixture.picture, tolerance: fixture.tolerance, "\(fixture.name) \(fixture.because)")
  }

  @Test(arguments: PictureFixtures.shared.grey)
  func greyIsTheLumaOfRec601(_ grey: PictureFixtures.Grey) throws {
    let fixture = PictureFixtures[grey.name]
    let picture = try PictureDecoder(channels: .grey).decode(fixture.file, name: grey.name)
    let expected = Picture(
      width: fixture.width, height: fixture.height, channels: 1, made: [UInt8](grey.pixels))
    // The luma of a JPEG or WebP is taken from the file, where colours were clamped for the
    // reference.
    let tolerance = ["jpeg": 2, "webp": 2][fixture.format] ?? 0
    expectClose(picture, expected, tolerance: tolerance, "\(grey.name)")
  }

  @Test func aGreyPictureHasEqualChannels() throws {
    let fixture = PictureFixtures["png-grey-16"]
    let picture = try decoder.decode(fixture.file, name: "x")
    let grey = try PictureDecoder(channels: .grey).decode(fixture.file, name: "x")
    #expect(picture.pixels == grey.pixels.flatMap { [$0, $0, $0] })
  }

  @Test func sixteenBitsAreRoundedToEight() throws {
    // All 65536 values in a 256×256 grey PNG would be large; the arithmetic is what matters.
    let fixture = PictureFixtures["png-rgb-16"]
    let picture = try decoder.decode(fixture.file, name: "x")
    #expect(picture.pixels == fixture.picture.pixels)
  }

  @Test func picturesOverTheLimitAreRefusedBeforeDecoding() {
    var png = PictureFixtures["png-rgb"].file
    png.replaceSubrange(16..<24, with: [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10])
    expectError(
      """
      scan.png: is too large: 10000×10000 = 100 megapixels, over the limit of 64. Scale it down \
      first, or set FOVEA_MEGAPIXELS higher
      """
    ) { try decoder.decode(png, name: "scan.png") }
    png.replaceSubrange(16..<24, with: [0, 0, 0x1F, 0x41, 0, 0, 0x1F, 0x40])
    expectError(
      "x: is too large: 8001×8000 = 64.1 megapixels, over the limit of 64. Scale it down first, "
        + "or set FOVEA_MEGAPIXELS higher"
    ) { try decoder.decode(png, name: "x") }
    png.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    expectError(
      """
      x: is too large: 2147483647×2147483647 = 4611686014132.5 megapixels, over the limit of 64. \
      Scale it down first, or set FOVEA_MEGAPIXELS higher
      """
    ) { try decoder.decode(png, name: "x") }
    let small = PictureDecoder(limits: PictureLimits(pixels: 1_000_000, bytes: 1_000_000))
    expectError(
      "x: is too large: 2 megabytes, over the limit of 1. Save it in a smaller file first, or set "
        + "FOVEA_MEGAPIXELS higher"
    ) { try small.decode(Data(count: 2_000_000), name: "x") }
  }

  @Test func aPictureJustAtTheLimitIsRead() throws {
    let fixture = PictureFixtures["png-rgb"]
    let pixels = fixture.width * fixture.height
    let exact = PictureDecoder(limits: PictureLimits(pixels: pixels))
    #expect(try exact.decode(fixture.file, name: "x").width == fixture.width)
    let less = PictureDecoder(limits: PictureLimits(pixels: pixels - 1))
    #expect(throws: InputError.self) { try less.decode(fixture.file, name: "x") }
  }

  /// A PNG's checksums tell of a single flipped bit.
  @Test func aFlippedBitInPixelsIsAnError() {
    var png = PictureFixtures["png-rgb"].file
    png[png.count / 2] ^= 1
    expectError(
      """
      a.png: is broken: its bytes are not a whole PNG picture. Copy or download the file again
      """
    ) { try decoder.decode(png, name: "a.png") }
  }

  @Test func aTIFFWhoseCompressedRowsAreTooFewIsAnError() {
    // The height in the directory is raised by one; Deflate itself is whole.
    var tiff = [UInt8](PictureFixtures["tiff-deflate"].file)
    for start in tiff.indices.dropLast(12) where tiff[start...].starts(with: [1, 1, 3, 0, 1, 0]) {
      tiff[start + 8] += 1
    }
    for start in tiff.indices.dropLast(12) where tiff[start...].starts(with: [22, 1, 3, 0, 1, 0]) {
      tiff[start + 8] += 1
    }
    expectError(
      """
      a.tif: is broken: its bytes are not a whole TIFF picture. Copy or download the file again
      """
    ) { try decoder.decode(Data(tiff), name: "a.tif") }
  }

  @Test func oneDecoderServesManyTasksAtOnce() async throws {
    let fixtures = PictureFixtures.shared.fixtures
    let decoder = decoder
    let alone = try fixtures.map { try decoder.decode($0.file, name: $0.name) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for round in 0..<4 {
        group.addTask {
          for index in fixtures.indices {
            let index = (index + round * 20) % fixtures.count
            let picture = try decoder.decode(fixtures[index].file, name: "x")
            if picture != alone[index] { return false }
          }
          return true
        }
      }
      for try await same in group { #expect(same) }
    }
  }

  /// A megapixel takes 3 MB in the decoder alone: 400 of them, kept, would be more than 1 GB.
  @Test func nothingIsKeptOfWhatFails() throws {
    let pixels = [UInt8](repeating: 7, count: 3_000_000)
    let picture = Picture(width: 1000, height: 1000, channels: 3, made: pixels)
    var png = try PictureEncoder().encode(picture)
    png[png.count - 20] ^= 1
    let before = residentBytes()
    for _ in 0..<400 {
      #expect(throws: InputError.self) { try decoder.decode(png, name: "x") }
    }
    #expect(residentBytes() - before < 500_000_000)
  }

  private func residentBytes() -> Int {
    // The kernel's own count of pages; 4096 bytes each on the machines that Fovea runs on.
    let text = try? String(contentsOf: URL(filePath: "/proc/self/statm"), encoding: .utf8)
    return (text?.split(separator: " ").dropFirst().first).flatMap { Int($0) }.map { $0 * 4096 }
      ?? 0
  }
}
