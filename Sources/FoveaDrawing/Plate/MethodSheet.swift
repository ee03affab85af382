import FoveaArray
package import FoveaData

/// One picture and the highlights of several methods, side by side.
///
/// The picture itself comes first, without a map; then one cell for each method with its
/// overlay, name, scores and verdict. The grid is as near to a square as whole cells allow.
package struct MethodSheet: Sendable {
  let figures: [HighlightFigure]

  /// A sheet of highlights of one picture.
  ///
  /// No figure, or figures of several pictures, are a programmer's mistake and trap.
  package init(_ figures: [HighlightFigure]) {
    require(!figures.isEmpty, "method sheet: there is no highlight")
    require(
      figures.allSatisfy { $0.picture == figures[0].picture },
      "method sheet: the highlights are of several pictures")
    self.figures = figures
  }

  package struct Layout {
    package let unit: Double
    package let size: Enlargement
    package let columns: Int
    package let rows: Int
    package let width: Int
    package let height: Int
    /// For the picture itself and each method, what stands below it.
    package let legends: [Legend]
    let cell: (width: Double, height: Double)
    let margin: Double
  }

  /// The layout: what is measured before anything is drawn.
  package func layout() -> Layout {
    let picture = figures[0].picture
    // Side by side, pictures need not be as large as alone; several of 4,096 pixels would make a
    // sheet that no viewer opens.
    let size = Enlargement(
      width: picture.width, height: picture.height, side: Legend.narrowestCell,
      largest: Self.largestPicture)
    let unit = HighlightPlate.unit(width: size.width, height: size.height)
    let width = max(Double(size.width), Double(Legend.narrowestCell) * unit)
    let legends =
      [Legend(original: figures[0], width: width, unit: unit)]
      + figures.map { Legend(cell: $0, width: width, unit: unit) }
    let margin = (18 * unit).rounded()
    let tallest = legends.map(\.height).max() ?? 0
    let cell = (
      width: width.rounded(.up), height: (Double(size.height) + 12 * unit + tallest).rounded(.up)
    )
    // The number of columns whose sheet is nearest to 4:3.
    let count = legends.count
    func misfit(_ columns: Int) -> Double {
      let rows = (count + columns - 1) / columns
      let ratio = (cell.width + margin) * Double(columns) / ((cell.height + margin) * Double(rows))
      let empty = Double(columns * rows - count) / Double(count)
      return max(ratio / (4.0 / 3), (4.0 / 3) / ratio) + empty
    }
    // No column stays empty.
    let candidates = (1...count).filter { columns in
      let rows = (count + columns - 1) / columns
      return (columns - 1) * rows < count
    }
    let columns = candidates.min { misfit($0) < misfit($1) } ?? 1
    let rows = (count + columns - 1) / columns
    return Layout(
      unit: unit, size: size, columns: columns, rows: rows,
      width: Int(Double(columns) * (cell.width + margin) + margin),
      height: Int(Double(rows) * (cell.height + margin) + margin), legends: legends, cell: cell,
      margin: margin)
  }

  /// Pictures are drawn no larger in a sheet.
  static let largestPicture = 1200

  /// The sheet.
  ///
  /// - Throws: `InputError` where the picture has no pixels, or memory is short.
  package func drawn() throws -> Picture {
    let layout = layout()
    let canvas = try Canvas(width: layout.width, height: layout.height)
    for (index, legend) in layout.legends.enumerated() {
      let x = layout.margin + Double(index % layout.columns) * (layout.cell.width + layout.margin)
      let y = layout.margin + Double(index / layout.columns) * (layout.cell.height + layout.margin)
      let frame = Rectangle(
        x: x, y: y, width: Double(layout.size.width), height: Double(layout.size.height))
      if index == 0 {
        let figure = figures[0]
        try canvas.place(layout.size(figure.picture), x: Int(x), y: Int(y))
        let scale = layout.size.scale(of: figure.picture)
        figure.truth?.draw(
          inside: frame, scale: (scale, scale), unit: layout.unit, on: canvas)
      } else {
        try HighlightPlate.draw(
          figures[index - 1], size: layout.size, at: frame, unit: layout.unit, on: canvas)
      }
      legend.draw(on: canvas, x: x, y: frame.bottom + 12 * layout.unit)
    }
    return canvas.picture()
  }
}
