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
      let stored = Picture(width: 3, height: 2, channels: channels, pixels: pixels("abcdef"))
      let lines = rows.split(separator: "/")
      let expected = Picture(
        width: lines[0].count, height: lines.count, channels: channels,
        pixels: pixels(lines.joined()))
      #expect(stored.upright(from: orientation) == expected)
    }
  }

  @Test func aWrongCountOfPixelsTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Picture(width: 2, height: 2, channels: 3, pixels: [1, 2, 3])
    }
  }
}
