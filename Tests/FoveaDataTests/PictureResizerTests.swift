import FoveaArray
import FoveaData
import Testing

struct PictureResizerTests {
  /// Pillow rounds to bytes between the two axes and its weights to 22 bits; Fovea rounds once.
  @Test(arguments: PictureFixtures.shared.resizing.results.indices)
  func resizingAgreesWithPillow(_ index: Int) throws {
    let resizing = PictureFixtures.shared.resizing
    let source = Picture(
      width: resizing.width, height: resizing.height, channels: 3, made: [UInt8](resizing.pixels))
    let expected = resizing.results[index]
    let resizer = try PictureResizer(
      width: expected.width, height: expected.height, mode: .exact)
    expectClose(
      resizer(source),
      Picture(
        width: expected.width, height: expected.height, channels: 3,
        made: [UInt8](expected.pixels)),
      tolerance: 1, "\(expected.width)×\(expected.height)")
  }

  @Test func aPictureOfTheSizeIsReturnedAsItIs() throws {
    let picture = ramp(width: 7, height: 5)
    #expect(try PictureResizer(width: 7, height: 5, mode: .exact)(picture) == picture)
    #expect(try PictureResizer(width: 7, height: 5, mode: .shorterSide)(picture) == picture)
  }

  @Test(arguments: [1, 3]) func aPlainPictureStaysPlainAtExtremeRatios(_ channels: Int) throws {
    let sizes = [(4000, 3), (3, 4000), (1, 1), (2, 1), (999, 998)]
    for (width, height) in sizes {
      let plain = Picture(
        width: width, height: height, channels: channels,
        made: [UInt8](repeating: 201, count: width * height * channels))
      for (newWidth, newHeight) in [(8, 8), (48, 48), (1, 1), (300, 2)] {
        for mode in PictureResizer.Mode.allCases {
          let resized = try PictureResizer(width: newWidth, height: newHeight, mode: mode)(plain)
          #expect(
            resized
              == Picture(
                width: newWidth, height: newHeight, channels: channels,
                made: [UInt8](repeating: 201, count: newWidth * newHeight * channels)))
        }
      }
    }
  }

  /// Each of 4000 stripes counts, so that they become grey; a resizer that only looks at
  /// neighbours would show black or white.
  @Test func detailBecomesItsMean() throws {
    let stripes = Picture(
      width: 4000, height: 2, channels: 1, made: (0..<8000).map { UInt8($0 % 2 * 255) })
    let resized = try PictureResizer(width: 8, height: 2, mode: .exact)(stripes)
    #expect(resized.pixels.allSatisfy { (126...129).contains($0) })
  }

  @Test func theMiddleIsKeptAndTheLongerSideCut() throws {
    // 12 columns in three blocks of four; only the middle one lies in the middle third.
    let wide = Picture(
      width: 12, height: 4, channels: 1,
      made: (0..<48).map { [10, 130, 250][$0 % 12 / 4] })
    let cut = try PictureResizer(width: 4, height: 4, mode: .shorterSide)(wide)
    #expect(
      cut == Picture(width: 4, height: 4, channels: 1, made: [UInt8](repeating: 130, count: 16)))
    let tall = Picture(
      width: 4, height: 12, channels: 1, made: (0..<48).map { [10, 130, 250][$0 / 16] })
    #expect(try PictureResizer(width: 4, height: 4, mode: .shorterSide)(tall) == cut)
    let stretched = try PictureResizer(width: 4, height: 4, mode: .exact)(wide)
    #expect(stretched.pixels[0] < 20)
    #expect(stretched.pixels[3] > 240)
  }

  /// Cutting off gives the same numbers as resizing whole and cutting then.
  @Test func cuttingIsResizingWholeAndCropping() throws {
    let picture = ramp(width: 50, height: 20)
    let whole = try PictureResizer(width: 20, height: 8, mode: .exact)(picture)
    let cut = try PictureResizer(width: 8, height: 8, mode: .shorterSide)(picture)
    for y in 0..<8 {
      let row = whole.pixels[(y * 60 + 18)..<(y * 60 + 42)]
      #expect(Array(cut.pixels[(y * 24)..<(y * 24 + 24)]) == Array(row))
    }
  }

  @Test func impossibleSizesAreErrors() {
    for (width, height) in [(0, 48), (48, -1), (16_385, 2)] {
      expectError(
        """
        pictures cannot be resized to \(width)×\(height). Both sizes must be between 1 and 16384
        """
      ) { try PictureResizer(width: width, height: height, mode: .exact) }
    }
  }
}

/// Colours that differ in every pixel and channel.
func ramp(width: Int, height: Int, channels: Int = 3) -> Picture {
  Picture(
    width: width, height: height, channels: channels,
    made: (0..<(width * height * channels)).map { UInt8($0 * 37 % 251) })
}
