import FoveaArray

/// How large a picture may be before it is refused, so that one file cannot take all memory.
public struct PictureLimits: Hashable, Sendable {
  /// Width times height.
  public let pixels: Int
  /// Bytes of the file.
  public let bytes: Int

  /// Limits; by default 64 megapixels and 256 megabytes.
  ///
  /// A limit below 1 is a programmer's mistake and traps.
  public init(
    pixels: Int = 64_000_000, bytes: Int = 256_000_000, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      pixels > 0 && bytes > 0, "picture limits: \(pixels) pixels and \(bytes) bytes", file: file,
      line: line)
    self.pixels = pixels
    // libavcodec counts bytes in 32 bits.
    self.bytes = min(bytes, Int(Int32.max) - 4096)
  }

  /// Fails where a picture of this size has too many pixels.
  func check(width: Int, height: Int) throws(PictureProblem) {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard overflow || count > pixels else { return }
    let size =
      overflow ? "\(width)×\(height)" : "\(width)×\(height) = \(Self.megapixels(count)) megapixels"
    throw PictureProblem(
      "is too large: \(size), over the limit of \(Self.megapixels(pixels))",
      advice: "Scale it down first")
  }

  func check(byteCount: Int, _ name: String) throws {
    guard byteCount > bytes else { return }
    throw InputError(
      "is too large: \(byteCount / 1_000_000) megabytes, over the limit of \(bytes / 1_000_000)",
      at: name, advice: "Save it in a smaller file first")
  }

  /// `64`, or `64.1` where it is more, however little.
  private static func megapixels(_ count: Int) -> String {
    let tenths = (count + 99_999) / 100_000
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
