import FoundationEssentials
import FoveaArray

/// How large a picture may be before it is refused, so that one file cannot take all memory.
public struct PictureLimits: Hashable, Sendable {
  /// Width times height.
  public let pixels: Int
  /// Bytes of the file.
  public let bytes: Int

  /// Bytes that a decoder may take for a pixel: a picture of as many pixels as may be, in four
  /// channels of eight bits. Deeper ones must be smaller.
  static let bytesPerPixel = 4

  /// The environment's variable that sets how many millions of pixels a picture may have.
  static let variable = "FOVEA_MEGAPIXELS"
  private static let usualMegapixels =
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }.flatMap {
      (1...4_000).contains($0) ? $0 : nil
    } ?? 64

  /// Limits; by default 64 megapixels, or what `FOVEA_MEGAPIXELS` says, and as many times 4 bytes
  /// of the file.
  ///
  /// A limit below 1 is a programmer's mistake and traps.
  public init(
    pixels: Int? = nil, bytes: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    let usual = 1_000_000 * Self.usualMegapixels
    let (pixels, bytes) = (pixels ?? usual, bytes ?? Self.bytesPerPixel * usual)
    require(
      pixels > 0 && bytes > 0, "picture limits: \(pixels) pixels and \(bytes) bytes", file: file,
      line: line)
    self.pixels = pixels
    // libavcodec counts bytes in 32 bits.
    self.bytes = min(bytes, Int(Int32.max) - 4096)
  }

  static let byteAdvice = "Save it in a smaller file first, or set \(variable) higher"
  private static let advice = "Scale it down first, or set \(variable) higher"

  /// Fails where a picture has too many pixels, or takes too much memory while it is decoded.
  func check(_ facts: PictureFacts) throws(PictureProblem) {
    let (width, height) = (facts.width, facts.height)
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= pixels else {
      let size =
        overflow
        ? "\(width)×\(height)" : "\(width)×\(height) = \(Self.millions(count)) megapixels"
      throw PictureProblem(
        "is too large: \(size), over the limit of \(Self.millions(pixels))", advice: Self.advice)
    }
    let memory = count * facts.bytesPerPixel
    guard memory <= Self.bytesPerPixel * pixels else {
      throw PictureProblem(
        "is too large: \(width)×\(height) pixels of \(facts.bytesPerPixel) bytes take "
          + "\(Self.millions(memory)) megabytes to decode, over the limit of "
          + Self.millions(Self.bytesPerPixel * pixels), advice: Self.advice)
    }
  }

  func check(byteCount: Int, _ name: String) throws {
    guard byteCount > bytes else { return }
    throw InputError(
      "is too large: \(byteCount / 1_000_000) megabytes, over the limit of \(bytes / 1_000_000)",
      at: name, advice: Self.byteAdvice)
  }

  /// `64`, or `64.1` where it is more, however little.
  private static func millions(_ count: Int) -> String {
    let tenths = (count + 99_999) / 100_000
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
