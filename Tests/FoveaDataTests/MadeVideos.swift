import FoundationEssentials
import FoveaArray
import FoveaData

/// Videos made for tests: a bright disc moves from the left to the right over soft stripes.
enum MadeVideos {
  static func frame(_ index: Int, of count: Int, width: Int = 96, height: Int = 64) -> Picture {
    var pixels: [UInt8] = []
    let center = 10 + Double(width - 20) * Double(index) / Double(max(count - 1, 1))
    for y in 0..<height {
      for x in 0..<width {
        let (dx, dy) = (Double(x) - center, Double(y) - Double(height) / 2)
        // A soft edge, which a codec keeps.
        let disc = min(max(9 - (dx * dx + dy * dy).squareRoot(), 0), 4) / 4
        let ground = 60 + 40 * Double(x) / Double(width)
        pixels.append(UInt8(ground + (220 - ground) * disc))
        pixels.append(UInt8(ground + 20 + (180 - ground) * disc))
        pixels.append(UInt8(ground + 40 - (ground - 20) * disc))
      }
    }
    return Picture(width: width, height: height, channels: 3, made: pixels)
  }

  /// Writes a video of `count` frames at ten a second.
  static func write(
    _ count: Int, to url: URL, format: VideoWriter.Format = .mp4, codec: String? = nil,
    width: Int = 96, height: Int = 64
  ) throws {
    let writer = try VideoWriter(
      to: url, format: format, width: width, height: height, frameRate: 10, codec: codec)
    for index in 0..<count {
      try writer.append(
        frame(index, of: count, width: width, height: height), at: Double(index) / 10)
    }
    try writer.finish()
  }

  /// All frames of a video.
  static func frames(_ url: URL, limits: VideoLimits = VideoLimits()) throws -> [VideoFrame] {
    let reader = try VideoReader(contentsOf: url, limits: limits)
    var frames: [VideoFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return frames
  }

  /// An AVI file with a tenth of a second of silence and no pictures.
  static var soundOnly: Data {
    func number(_ value: Int, _ bytes: Int = 4) -> [UInt8] {
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
      Array(name.utf8) + number(body.count) + body
    }
    func list(_ kind: String, _ body: [UInt8]) -> [UInt8] { chunk("LIST", Array(kind.utf8) + body) }
    let main = [100_000, 16_000, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0].flatMap { number($0) }
    let header =
      Array("auds".utf8) + [0, 0, 0, 0, 0, 1, 8000, 0, 800, 0, 0, 1].flatMap { number($0) }
      + number(0, 8)
    let format =
      number(1, 2) + number(1, 2) + number(8000) + number(8000) + number(1, 2) + number(8, 2)
    let body =
      list(
        "hdrl",
        chunk("avih", main) + list("strl", chunk("strh", header) + chunk("strf", format)))
      + list("movi", chunk("00wb", [UInt8](repeating: 128, count: 800)))
    return Data(chunk("RIFF", Array("AVI ".utf8) + body))
  }
}
