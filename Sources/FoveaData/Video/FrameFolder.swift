package import FoundationEssentials
import FoveaArray

/// A folder of pictures as a video: `frame_0001.jpg`, `frame_0002.jpg`, …
///
/// The order is that of the names, numbers in them counted as numbers: 2 comes before 10. All
/// frames have the size of the first.
package final class FrameFolder: FrameSource {
  package let facts: VideoFacts
  private let files: [URL]
  private let decoder: PictureDecoder
  private var position = 0

  /// The frames in the folder at `url`, shown at this rate.
  ///
  /// - Throws: `InputError` where there is no picture, the rate is not from 0.01 to 240, or the
  ///   first picture cannot be read.
  package init(_ url: URL, frameRate: Double, limits: VideoLimits = VideoLimits()) throws {
    let name = try url.checkedFilePath
    guard (0.01...240).contains(frameRate) else {
      throw InputError(
        "a video cannot have \(frameRate) frames a second", advice: "Give a rate from 0.01 to 240")
    }
    files = try FolderListing(url).files.filter { Medium.picture.includes($0.name) }
      .sorted { NaturalOrder.precedes($0.name, $1.name) }.map(\.url)
    guard let first = files.first else {
      throw InputError(
        "the folder has no frames", at: name, advice: "Give a folder of pictures, or a video file")
    }
    let duration = Double(files.count) / frameRate
    try limits.check(seconds: duration, frames: files.count, at: name)
    decoder = PictureDecoder(limits: PictureLimits(pixels: limits.pixels))
    let header = try decoder.decode(contentsOf: first)
    facts = VideoFacts(
      name: name, width: header.width, height: header.height, frameRate: frameRate,
      duration: duration)
  }

  /// How many frames there are.
  package var count: Int { files.count }

  package func next() throws -> VideoFrame? {
    guard position < files.count else { return nil }
    defer { position += 1 }
    let file = files[position]
    let picture = try decoder.decode(contentsOf: file)
    guard picture.width == facts.width, picture.height == facts.height else {
      throw InputError(
        "is \(picture.width)×\(picture.height), but the first frame is "
          + "\(facts.width)×\(facts.height)", at: file.relativePath,
        advice: "Bring all frames to one size")
    }
    return VideoFrame(picture: picture, seconds: Double(position) / facts.frameRate)
  }
}

/// The order in which people number files.
enum NaturalOrder {
  /// Whether `left` comes before `right`: digits are compared as numbers, all else by bytes.
  static func precedes(_ left: String, _ right: String) -> Bool {
    var (a, b) = (Array(left.utf8)[...], Array(right.utf8)[...])
    while let x = a.first, let y = b.first {
      if isDigit(x), isDigit(y) {
        let (m, n) = (number(&a), number(&b))
        // Without leading zeros the longer number is the larger.
        if m.count != n.count { return m.count < n.count }
        if m != n { return m.lexicographicallyPrecedes(n) }
      } else {
        if x != y { return x < y }
        a.removeFirst()
        b.removeFirst()
      }
    }
    if a.isEmpty != b.isEmpty { return a.isEmpty }
    // 01 and 1: the same numbers, so that bytes decide.
    return left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  /// Takes the digits at the beginning, without leading zeros.
  private static func number(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return digits.drop { $0 == 48 }
  }
}
