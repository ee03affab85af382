package import FoveaData

/// The part of an original picture that a network's input shows.
///
/// All of it where pictures are stretched; the middle where the shorter side decides and the rest
/// is cut off. Positions are in pixels of the original, from its upper left corner.
public struct PictureFrame: Hashable, Sendable, Codable {
  /// Pixels in a row of the original picture.
  public let pictureWidth: Int
  /// Rows of the original picture.
  public let pictureHeight: Int
  /// The left edge of the part.
  public let x: Double
  /// The upper edge of the part.
  public let y: Double
  /// The width of the part.
  public let width: Double
  /// The height of the part.
  public let height: Double

  /// A part of a picture.
  public init(
    pictureWidth: Int, pictureHeight: Int, x: Double, y: Double, width: Double, height: Double
  ) {
    self.pictureWidth = pictureWidth
    self.pictureHeight = pictureHeight
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The part that `input` shows of a picture of this size: the same arithmetic as the resizer's,
  /// which scales to whole pixels and cuts off whole pixels.
  package init(pictureWidth: Int, pictureHeight: Int, input: PictureInput) {
    func axis(_ picture: Int, _ scaled: Int, _ output: Int) -> (start: Double, length: Double) {
      let scale = Double(picture) / Double(scaled)
      return (Double((scaled - output) / 2) * scale, Double(output) * scale)
    }
    var scaled = (width: input.width, height: input.height)
    if input.mode == .shorterSide, (pictureWidth, pictureHeight) != (input.width, input.height) {
      let factor = max(
        Double(input.width) / Double(pictureWidth), Double(input.height) / Double(pictureHeight))
      scaled.width = max(input.width, Int((Double(pictureWidth) * factor).rounded()))
      scaled.height = max(input.height, Int((Double(pictureHeight) * factor).rounded()))
    }
    let horizontal = axis(pictureWidth, scaled.width, input.width)
    let vertical = axis(pictureHeight, scaled.height, input.height)
    self.init(
      pictureWidth: pictureWidth, pictureHeight: pictureHeight, x: horizontal.start,
      y: vertical.start, width: horizontal.length, height: vertical.length)
  }

  /// The position in the original of a point given in shares of the part, 0…1.
  public func position(x share: Double, y verticalShare: Double) -> (x: Double, y: Double) {
    (x + share * width, y + verticalShare * height)
  }

  /// The shares of the part, 0…1 inside of it, at which a point of the original lies.
  public func shares(x position: Double, y verticalPosition: Double) -> (x: Double, y: Double) {
    ((position - x) / width, (verticalPosition - y) / height)
  }
}
