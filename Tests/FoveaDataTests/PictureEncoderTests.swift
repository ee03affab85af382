import FoundationEssentials
import FoveaArray
import FoveaData
import Testing

struct PictureEncoderTests {
  private let sizes = [(1, 1), (3, 2), (19, 13), (64, 5), (257, 33)]

  @Test(arguments: [PictureEncoder.Format.png, .bmp, .tiff])
  func losslessFormatsComeBackBitByBit(_ format: PictureEncoder.Format) throws {
    for (width, height) in sizes {
      for channels in PictureChannels.allCases {
        let picture = ramp(width: width, height: height, channels: channels.rawValue)
        let data = try PictureEncoder(format).encode(picture)
        #expect(try PictureHeader(data, name: "x").format.rawValue == format.rawValue)
        #expect(try PictureDecoder(channels: channels).decode(data, name: "x") == picture)
        #expect(try PictureEncoder(format).encode(picture) == data)
      }
    }
  }

  @Test func jpegComesBackNearly() throws {
    let fixture = PictureFixtures["png-rgb"].picture
    let grey = try PictureDecoder(channels: .grey).decode(
      PictureFixtures["png-grey-8"].file, name: "x")
    for (picture, channels) in [(fixture, PictureChannels.rgb), (grey, .grey)] {
      let data = try PictureEncoder(.jpeg).encode(picture)
      let decoded = try PictureDecoder(channels: channels).decode(data, name: "x")
      // Quantiser steps of 2 and more in 64 coefficients of a picture with noise and an edge.
      expectClose(decoded, picture, tolerance: 24, "JPEG")
    }
  }

  @Test func aFileIsWrittenWhole() throws {
    let folder = FileManager.default.temporaryDirectory
    let url = folder.appending(path: "fovea-\(UInt64.random(in: 0 ... .max)).png")
    defer { try? FileManager.default.removeItem(at: url) }
    let picture = ramp(width: 30, height: 20)
    try PictureEncoder().write(picture, to: url)
    #expect(try PictureDecoder().decode(contentsOf: url) == picture)
    #expect(try PictureHeader(contentsOf: url).width == 30)
  }

  @Test func whatHasNoPixelsOrTooManyIsAnError() {
    let empty = Picture(width: 0, height: 3, channels: 1, made: [])
    expectError(
      "a picture of 0×3 cannot be written as PNG. Its sides must be between 1 and 1000000"
    ) { try PictureEncoder().encode(empty) }
    let long = Picture(
      width: 70_000, height: 1, channels: 1, made: [UInt8](repeating: 0, count: 70_000))
    expectError(
      "a picture of 70000×1 cannot be written as JPEG. Its sides must be between 1 and 65500"
    ) { try PictureEncoder(.jpeg).encode(long) }
  }
}
