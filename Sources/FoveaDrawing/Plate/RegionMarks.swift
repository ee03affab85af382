/// Draws outlines round regions and their numbers, readable on dark and on light pictures.
struct RegionMarks {
  /// More would hide the picture; the others are in the highlight's data.
  static let most = 5

  /// The unit of all widths, in pixels.
  let unit: Double
  /// Broken lines, for highlights that cannot be relied on.
  let isDashed: Bool
  /// Whether several regions carry their numbers.
  var isNumbered = true

  /// Marks `regions`, given in drawn pixels, inside `frame`.
  func draw(_ regions: [Rectangle], inside frame: Rectangle, on canvas: borrowing Canvas) {
    let regions = regions.prefix(Self.most)
    canvas.clipped(to: frame) { canvas in
      // The weakest first, so that stronger ones lie above.
      for region in regions.reversed() {
        let dash = isDashed ? [6 * unit, 4 * unit] : []
        let border = held(region.inset(by: -unit), in: frame.inset(by: 1.75 * unit))
        canvas.stroke(
          border, with: Color(0, 0, 0, opacity: 0.8), lineWidth: 3.5 * unit, radius: 3 * unit)
        canvas.stroke(border, with: .paper, lineWidth: 1.5 * unit, radius: 3 * unit, dash: dash)
      }
    }
    // A picture of one region needs no number.
    guard isNumbered, regions.count > 1 else { return }
    for (index, region) in regions.enumerated().reversed() {
      let radius = 8.5 * unit
      let inner = frame.inset(by: radius + unit)
      let x = min(max(region.x, inner.x), max(inner.right, inner.x))
      let y = min(max(region.y, inner.y), max(inner.bottom, inner.y))
      canvas.fillDisc(x: x, y: y, radius: radius, with: .paper)
      canvas.fillDisc(x: x, y: y, radius: radius - 1.25 * unit, with: .ink)
      let number = TextBlock(
        "\(index + 1)", TextStyle(size: 11 * unit, isBold: true, color: .paper))
      // By its ink, since digits sit high in their line.
      canvas.draw(
        number, x: x - number.ink.x - number.ink.width / 2,
        y: y - number.ink.y - number.ink.height / 2)
    }
  }

  /// The rectangle moved and cut so that its line lies in `frame`.
  private func held(_ area: Rectangle, in frame: Rectangle) -> Rectangle {
    let x = min(max(area.x, frame.x), frame.right)
    let y = min(max(area.y, frame.y), frame.bottom)
    return Rectangle(
      x: x, y: y, width: max(min(area.right, frame.right) - x, 0),
      height: max(min(area.bottom, frame.bottom) - y, 0))
  }
}

/// The striped border that marks a highlight which cannot be relied on, also without its legend.
struct RefusalBorder {
  let unit: Double

  /// Draws the border, `thickness` wide, just outside `area`.
  func draw(around area: Rectangle, thickness: Double, on canvas: borrowing Canvas) {
    let outer = area.inset(by: -thickness)
    canvas.clipped(to: outer, without: area) { canvas in
      canvas.fill(outer, with: .paper)
      let step = 12 * unit
      var start = outer.x - outer.height
      while start < outer.right {
        canvas.stroke(
          through: [(start, outer.bottom), (start + outer.height, outer.y)], with: .refused,
          lineWidth: step / 2.4)
        start += step
      }
    }
  }
}
