public import FoundationEssentials
import FoveaArray

/// Writes pictures as files: for reports and for data sets that a program makes.
public struct PictureEncoder: Hashable, Sendable {
  /// The formats that can be written.
  public enum Format: String, Hashable, Sendable, CaseIterable, Codable {
    /// Lossless.
    case png = "PNG"
    /// Lossless and uncompressed.
    case bmp = "BMP"
    /// Lossless, compressed by repetition of bytes (PackBits).
    case tiff = "TIFF"
    /// Lossy, with chroma at full resolution.
    case jpeg = "JPEG"
  }

  /// The format to write.
  public let format: Format

  /// An encoder for `format`.
  public init(_ format: Format = .png) { self.format = format }

  /// The bytes of a file that holds `picture`; equal pictures give equal bytes.
  ///
  /// - Throws: `InputError` where the picture has no pixels, or a side is longer than the format
  ///   can tell.
  public func encode(_ picture: Picture) throws -> Data {
    let limit = format == .jpeg || format == .bmp || format == .tiff ? 65_500 : 1_000_000
    guard (1...limit).contains(picture.width), (1...limit).contains(picture.height) else {
      throw InputError(
        "a picture of \(picture.width)×\(picture.height) cannot be written as \(format.rawValue)",
        advice: "Its sides must be between 1 and \(limit)")
    }
    let (samples, planes) = Self.samples(of: picture, for: format)
    return try StillEncoder(
      format: format, width: picture.width, height: picture.height, samples: samples,
      planes: planes
    ).encode()
  }

  /// Writes `picture` to `url` so that the file is whole at every moment.
  ///
  /// - Throws: `InputError` as for bytes, and where the file cannot be written.
  public func write(_ picture: Picture, to url: URL) throws {
    try AtomicFile.write(encode(picture), to: url)
  }

  private static func samples(
    of picture: Picture, for format: Format
  ) -> (StillEncoder.Samples, [[UInt8]]) {
    let pixels = picture.pixels
    switch (format, picture.channels) {
    case (.jpeg, 1):
      // The encoder knows no grey: grey chroma costs a few bytes.
      let chroma = [UInt8](repeating: 128, count: pixels.count)
      return (.yCbCr, [pixels, chroma, chroma])
    case (.jpeg, _):
      return (.yCbCr, YCbCr.fullRangePlanes(of: pixels))
    case (_, 1):
      return (.grey, [pixels])
    case (.bmp, _):
      let swapped = pixels.indices.map { pixels[$0 - $0 % 3 + (2 - $0 % 3)] }
      return (.blueGreenRed, [swapped])
    default:
      return (.redGreenBlue, [pixels])
    }
  }
}
