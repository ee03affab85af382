import FoveaArray

/// Brings pictures to one size, antialiased: bicubic, over all pixels that a new pixel covers.
///
/// The numbers depend on the picture and the sizes alone, not on the processor.
public struct PictureResizer: Hashable, Sendable {
  /// What happens to a picture whose sides have another ratio.
  public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
    /// It is stretched: everything is kept, shapes are distorted.
    case exact
    /// It is scaled until it just covers the new size, and what sticks out on both sides is cut
    /// off: shapes are kept, margins are lost.
    case shorterSide
  }

  /// Pixels in a row of the result.
  public let width: Int
  /// Rows of the result.
  public let height: Int
  /// What happens to other ratios.
  public let mode: Mode

  /// A resizer to `width` × `height`.
  ///
  /// - Throws: `InputError` unless both sizes are between 1 and 16384.
  public init(width: Int, height: Int, mode: Mode) throws {
    let sizes = 1...16_384
    guard sizes.contains(width), sizes.contains(height) else {
      throw InputError(
        "pictures cannot be resized to \(width)×\(height)",
        advice: "Both sizes must be between \(sizes.lowerBound) and \(sizes.upperBound)")
    }
    self.width = width
    self.height = height
    self.mode = mode
  }

  /// The picture in the new size, with the channels it has.
  ///
  /// - Returns: `[height, width, channels]`
  public func callAsFunction(_ picture: Picture) -> Picture {
    require(!picture.pixels.isEmpty, "resizer: the picture has no pixels")
    if picture.width == width, picture.height == height { return picture }
    // The size before cutting off, in whole pixels.
    var scaled = (width: width, height: height)
    if mode == .shorterSide {
      let factor = max(
        Double(width) / Double(picture.width), Double(height) / Double(picture.height))
      scaled.width = max(width, Int((Double(picture.width) * factor).rounded()))
      scaled.height = max(height, Int((Double(picture.height) * factor).rounded()))
    }
    func axis(_ input: Int, _ scaled: Int, _ output: Int) -> Resampling {
      let scale = Double(input) / Double(scaled)
      return Resampling(
        inputCount: input, outputCount: output, scale: scale,
        origin: Double((scaled - output) / 2) * scale)
    }
    return picture.resampled(
      vertical: axis(picture.height, scaled.height, height),
      horizontal: axis(picture.width, scaled.width, width))
  }
}
