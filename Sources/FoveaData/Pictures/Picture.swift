import FoveaArray

/// A decoded picture: bytes in memory, rows from the top, pixels from the left, channels last.
public struct Picture: Hashable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 1 for grey, 3 for red, green, blue.
  public let channels: Int
  /// `[height, width, channels]`, row-major.
  public let pixels: [UInt8]

  /// A picture with these bytes, as a request or a reader of your own brings them.
  ///
  /// Opacity is not kept: pixels are laid over white, c ↦ (α c + (255 − α) 255) / 255 rounded, as
  /// those of a file are, so that the same picture gives the same numbers either way. `channels`
  /// is then 1 or 3.
  ///
  /// - Parameters:
  ///   - width: pixels in a row.
  ///   - height: rows.
  ///   - channels: of the bytes: 1 for grey, 2 for grey and opacity, 3 for red, green, blue, 4 for
  ///     those and opacity, which the colours are not multiplied by.
  ///   - pixels: `[height, width, channels]`, row-major.
  /// - Throws: `InputError` when a size is below 1, there are other channels, or the count of bytes
  ///   disagrees with them.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) throws {
    guard width >= 1, height >= 1 else {
      throw InputError(
        "a picture of \(width)×\(height) pixels cannot be",
        advice: "Give a width and a height from 1")
    }
    guard (1...4).contains(channels) else {
      throw InputError(
        "a picture with \(channels) channels cannot be",
        advice: "Give 1 for grey, 2 for grey and opacity, 3 for RGB or 4 for RGBA")
    }
    let (count, exceeds) = width.multipliedReportingOverflow(by: height)
    let (bytes, exceedsToo) = count.multipliedReportingOverflow(by: channels)
    guard !exceeds, !exceedsToo, bytes == pixels.count else {
      throw InputError(
        "a picture of \(width)×\(height) pixels in \(channels) channels takes "
          + (exceeds || exceedsToo
            ? "more bytes than there can be" : "\(NumberText.count(bytes)) bytes")
          + ", not \(NumberText.count(pixels.count))",
        advice: "Give width · height · channels bytes, row by row, without gaps between rows")
    }
    let isOpaque = channels % 2 == 1
    self.init(
      width: width, height: height, channels: isOpaque ? channels : channels - 1,
      made: isOpaque ? pixels : Self.overWhite(pixels, colors: channels - 1))
  }

  /// A picture that Fovea made itself, also an empty one: whoever calls this has the counts right.
  package init(width: Int, height: Int, channels: Int, made pixels: [UInt8]) {
    guard pixels.count == width * height * channels else {
      fatalError("picture: \(pixels.count) bytes for \(width)×\(height)×\(channels)")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The colours of pixels that are followed by their opacity.
  private static func overWhite(_ pixels: [UInt8], colors: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count / (colors + 1) * colors)
    for start in stride(from: 0, to: pixels.count, by: colors + 1) {
      let opacity = Int(pixels[start + colors])
      for color in pixels[start..<(start + colors)] {
        result.append(UInt8((Int(color) * opacity + 255 * (255 - opacity) + 127) / 255))
      }
    }
    return result
  }
}
