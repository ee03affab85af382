package import FoveaData

extension HighlightFigure {
  /// A small picture for galleries: the overlay with outlines, without words.
  ///
  /// A highlight that cannot be relied on carries its striped border inside the picture.
  ///
  /// - Parameter side: the longer side of the result in pixels.
  /// - Returns: three channels, its longer side `side` pixels long.
  /// - Throws: `InputError` where the picture has no pixels, or memory is short.
  package func thumbnail(side: Int = 192) throws -> Picture {
    let longer = max(picture.width, picture.height, 1)
    let width = max(picture.width * side / longer, 1)
    let height = max(picture.height * side / longer, 1)
    let small = try PictureResizer(width: width, height: height, mode: .exact)(picture)
    let canvas = try Canvas(width: width, height: height)
    canvas.place(Overlay(colors)(small, map), x: 0, y: 0)
    let frame = Rectangle(x: 0, y: 0, width: Double(width), height: Double(height))
    let unit = Double(side) / 240
    let scale = (x: frame.width / Double(picture.width), y: frame.height / Double(picture.height))
    truth?.draw(inside: frame, scale: scale, unit: unit, on: canvas)
    RegionMarks(unit: unit, isDashed: !verdict.isFaithful, isNumbered: false).draw(
      regions.map { region in
        Rectangle(
          x: region.area.x * scale.x, y: region.area.y * scale.y,
          width: region.area.width * scale.x, height: region.area.height * scale.y)
      }, inside: frame, on: canvas)
    if !verdict.isFaithful {
      let thickness = 6 * unit
      RefusalBorder(unit: 0.7 * unit).draw(
        around: frame.inset(by: thickness), thickness: thickness, on: canvas)
    }
    return canvas.picture()
  }
}
