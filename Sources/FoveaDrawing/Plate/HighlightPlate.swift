package import FoveaData

/// A highlight as one picture: the overlay with its outlined regions and its legend.
///
/// Small pictures are enlarged until they can be looked at; text and lines grow with large ones.
/// The legend stands beside the picture, or below where that is wider than high.
package struct HighlightPlate: Sendable {
  let figure: HighlightFigure

  package init(_ figure: HighlightFigure) { self.figure = figure }

  /// Where things are on a plate, in pixels.
  package struct Layout {
    package let unit: Double
    package let size: Enlargement
    package let picture: Rectangle
    package let legend: Legend
    package let legendFrame: Rectangle
    package let width: Int
    package let height: Int
  }

  /// The unit of text and lines for a picture drawn in this size: 1 up to about 560 × 560
  /// pixels, larger in proportion beyond.
  static func unit(width: Int, height: Int) -> Double {
    min(max((Double(width) * Double(height)).squareRoot() / 560, 1), 8)
  }

  /// The layout: what is measured before anything is drawn.
  package func layout() -> Layout {
    let size = Enlargement(width: figure.picture.width, height: figure.picture.height)
    let unit = Self.unit(width: size.width, height: size.height)
    let margin = 18 * unit
    let picture = Rectangle(
      x: margin.rounded(), y: margin.rounded(), width: Double(size.width),
      height: Double(size.height))
    let isBeside = Double(size.height) * 1.25 > Double(size.width)
    let narrowest = Legend.narrowest * unit
    let legend = Legend(
      figure,
      width: isBeside ? narrowest : min(max(picture.width, narrowest), 560 * unit), unit: unit)
    let legendFrame = Rectangle(
      x: isBeside ? picture.right + margin : picture.x,
      y: isBeside ? picture.y : picture.bottom + margin, width: legend.width,
      height: legend.height)
    return Layout(
      unit: unit, size: size, picture: picture, legend: legend, legendFrame: legendFrame,
      width: Int((max(legendFrame.right, picture.right) + margin).rounded(.up)),
      height: Int((max(legendFrame.bottom, picture.bottom) + margin).rounded(.up)))
  }

  /// The plate.
  ///
  /// - Throws: `InputError` where the picture has no pixels, or memory is short.
  package func drawn() throws -> Picture {
    let layout = layout()
    let canvas = try Canvas(width: layout.width, height: layout.height)
    try Self.draw(figure, size: layout.size, at: layout.picture, unit: layout.unit, on: canvas)
    layout.legend.draw(on: canvas, x: layout.legendFrame.x, y: layout.legendFrame.y)
    return canvas.picture()
  }

  /// Draws the overlay with its regions, and the border of a refusal around it.
  static func draw(
    _ figure: HighlightFigure, size: Enlargement, at frame: Rectangle, unit: Double,
    on canvas: borrowing Canvas
  ) throws {
    let overlay = try Overlay(figure.colors)(size(figure.picture), figure.map)
    if !figure.verdict.isFaithful {
      RefusalBorder(unit: unit).draw(around: frame, thickness: 8 * unit, on: canvas)
    }
    canvas.place(overlay, x: Int(frame.x), y: Int(frame.y))
    let scale = size.scale(of: figure.picture)
    let regions = figure.regions.map { region in
      Rectangle(
        x: frame.x + region.area.x * scale, y: frame.y + region.area.y * scale,
        width: region.area.width * scale, height: region.area.height * scale)
    }
    figure.truth?.draw(inside: frame, scale: (scale, scale), unit: unit, on: canvas)
    RegionMarks(unit: unit, isDashed: !figure.verdict.isFaithful).draw(
      regions, inside: frame, on: canvas)
  }
}
