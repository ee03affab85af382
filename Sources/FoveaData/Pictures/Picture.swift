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

  /// A picture with these pixels.
  ///
  /// A count that disagrees with the sizes is a programmer's mistake and traps.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(
      pixels.count == width * height * channels,
      "picture: \(width)×\(height)×\(channels) takes \(width * height * channels) bytes, "
        + "\(pixels.count) were given")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }
}
