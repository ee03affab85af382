package import FoveaData

extension Gallery.Image {
  /// The longest side of a picture on a page, in pixels; larger ones are made smaller.
  static let longestSide = 160

  /// A picture as a file within the page.
  ///
  /// - Throws: `InputError` when it has no pixels.
  package init(_ picture: Picture) throws {
    let longest = max(picture.width, picture.height)
    var picture = picture
    if longest > Self.longestSide {
      let scale = Double(Self.longestSide) / Double(longest)
      func scaled(_ side: Int) -> Int { max(1, Int((Double(side) * scale).rounded())) }
      picture = try PictureResizer(
        width: scaled(picture.width), height: scaled(picture.height), mode: .exact)(picture)
    }
    self.init(png: try PictureEncoder().encode(picture), isSmall: longest < 100)
  }
}
