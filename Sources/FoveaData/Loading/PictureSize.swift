import FoveaArray

/// How large pictures are made before a network sees them.
public enum PictureSize: Hashable, Sendable {
  /// A size that suits the data; see `automatic(for:)`.
  case automatic
  /// This many pixels in a row, and this many rows.
  case pixels(width: Int, height: Int)

  /// The largest side that a network takes; larger ones need more memory than they are worth.
  static let largestSide = 2_048

  /// A size as people write it: `auto`, `64`, or `96x64` (width first).
  ///
  /// - Throws: `InputError` when it is none of these, or a side is not from 1 to 2048.
  public init(parsing text: String) throws {
    if text == "auto" {
      self = .automatic
      return
    }
    let parts = text.split(
      separator: "x", omittingEmptySubsequences: false
    ).map { Int($0) }
    guard (1...2).contains(parts.count), let width = parts[0], let height = parts[parts.count - 1],
      (1...Self.largestSide).contains(width), (1...Self.largestSide).contains(height)
    else {
      throw InputError(
        "a picture size of \(text) is not possible",
        advice: "Give auto, a number of pixels from 1 to \(Self.largestSide), or two like 96x64")
    }
    self = .pixels(width: width, height: height)
  }

  /// The size that `automatic` stands for.
  ///
  /// Pictures that all have one size of at most 64 pixels a side keep it. Otherwise pictures
  /// become squares with the median of all shorter sides, rounded to a multiple of 8, but at
  /// least 16 and at most 64: beyond that a network trained from nothing on some hundred pictures
  /// gains nothing for four times the time.
  ///
  /// - Parameter sizes: width and height of each picture; at least one.
  /// - Returns: width and height.
  public static func automatic(
    for sizes: [(width: Int, height: Int)], file: StaticString = #fileID, line: UInt = #line
  ) -> (width: Int, height: Int) {
    require(!sizes.isEmpty, "picture size: there are no pictures", file: file, line: line)
    let first = sizes[0]
    if sizes.allSatisfy({ $0 == first }), first.width <= 64, first.height <= 64 { return first }
    let sides = sizes.map { min($0.width, $0.height) }.sorted()
    let side = min(max((sides[sides.count / 2] + 4) / 8 * 8, 16), 64)
    return (side, side)
  }
}
