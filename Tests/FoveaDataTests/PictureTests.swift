import FoveaArray
import FoveaData
import Testing

struct PictureTests {
  /// Two rows of three, named by letters; each orientation says where a, the first stored pixel,
  /// and its neighbours go.
  @Test(arguments: [
    (PictureOrientation.topLeft, "abc/def"), (.topRight, "cba/fed"), (.bottomRight, "fed/cba"),
    (.bottomLeft, "def/abc"), (.leftTop, "ad/be/cf"), (.rightTop, "da/eb/fc"),
    (.rightBottom, "fc/eb/da"), (.leftBottom, "cf/be/ad"),
  ])
  func picturesAreTurnedUpright(_ orientation: PictureOrientation, _ rows: String) {
    for channels in [1, 3] {
      func pixels(_ letters: some Sequence<Character>) -> [UInt8] {
        letters.compactMap(\.asciiValue).flatMap { letter in
          (0..<channels).map { letter + 30 * UInt8($0) }
        }
      }
      let stored = Picture(width: 3, height: 2, channels: channels, made: pixels("abcdef"))
      let lines = rows.split(separator: "/")
      let expected = Picture(
        width: lines[0].count, height: lines.count, channels: channels,
        made: pixels(lines.joined()))
      #expect(stored.upright(from: orientation) == expected)
    }
  }

  @Test(arguments: [
    (2, 2, 3, 3, "12 bytes, not 3"), (-2, -2, 3, 12, "-2×-2"), (0, 2, 1, 0, "0×2"),
    (1, 1, 5, 5, "5 channels"), (1, 1, 0, 0, "0 channels"), (2, 2, -3, 12, "-3 channels"),
    (Int.max, Int.max, 3, 4, "more bytes"), (Int.max, 1, 4, 4, "more bytes"),
  ])
  func bytesThatAreNoPictureAreRefused(
    _ width: Int, _ height: Int, _ channels: Int, _ count: Int, _ reason: String
  ) {
    let error = #expect(throws: InputError.self) {
      try Picture(
        width: width, height: height, channels: channels,
        pixels: [UInt8](repeating: 0, count: count))
    }
    #expect(error?.problem.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.advice != nil)
  }

  @Test func opacityIsLaidOverWhiteAsThatOfAFileIs() throws {
    let colors: [UInt8] = [0, 100, 255, 255, 10, 20, 30, 0, 200, 100, 0, 51]
    let picture = try Picture(width: 3, height: 1, channels: 4, pixels: colors)
    // (c α + 255 (255 − α)) / 255 to the nearest.
    let expected = try Picture(
      width: 3, height: 1, channels: 3, pixels: [0, 100, 255, 255, 255, 255, 244, 224, 204])
    #expect(picture == expected)
    let grey = try Picture(width: 2, height: 1, channels: 2, pixels: [7, 255, 7, 0])
    #expect(try grey == Picture(width: 2, height: 1, channels: 1, pixels: [7, 255]))
  }
}
