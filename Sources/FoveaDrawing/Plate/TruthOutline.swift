import FoveaData
package import FoveaExplain

/// The outline of what is known to matter: boxes, or the edge of a mask.
package struct TruthOutline: Sendable {
  /// Lines through these points, in pixels of the picture.
  package let lines: [[(x: Double, y: Double)]]

  /// The outline of a truth in a picture of this size.
  package init(_ truth: Truth, width: Int, height: Int) {
    switch truth {
    case .boxes(let boxes):
      self.init(boxes.map { Rectangle(x: $0.x, y: $0.y, width: $0.width, height: $0.height) })
    case .mask(let mask):
      let across = Double(width) / Double(mask.width)
      let down = Double(height) / Double(mask.height)
      self.init(
        lines: Self.edges(of: mask).map { line in line.map { ($0.x * across, $0.y * down) } })
    }
  }

  /// Rectangles in pixels of the picture.
  init(_ rectangles: [Rectangle]) {
    self.init(
      lines: rectangles.map {
        [($0.x, $0.y), ($0.right, $0.y), ($0.right, $0.bottom), ($0.x, $0.bottom), ($0.x, $0.y)]
      })
  }

  private init(lines: [[(x: Double, y: Double)]]) { self.lines = lines }

  /// Straight pieces between what is light (128 or more) and what is not, each as long as it goes on.
  private static func edges(of mask: Picture) -> [[(x: Double, y: Double)]] {
    func isLight(_ row: Int, _ column: Int) -> Bool {
      row >= 0 && column >= 0 && row < mask.height && column < mask.width
        && mask.pixels[(row * mask.width + column) * mask.channels] >= 128
    }
    var lines: [[(x: Double, y: Double)]] = []
    /// Runs of neighbouring places at which `isEdge` holds.
    func runs(_ count: Int, _ isEdge: (Int) -> Bool, _ add: (Double, Double) -> Void) {
      var start: Int?
      for place in 0...count {
        let holds = place < count && isEdge(place)
        if holds, start == nil { start = place }
        if !holds, let first = start {
          add(Double(first), Double(place))
          start = nil
        }
      }
    }
    for row in 0...mask.height {
      runs(mask.width, { isLight(row - 1, $0) != isLight(row, $0) }) { first, last in
        lines.append([(first, Double(row)), (last, Double(row))])
      }
    }
    for column in 0...mask.width {
      runs(mask.height, { isLight($0, column - 1) != isLight($0, column) }) { first, last in
        lines.append([(Double(column), first), (Double(column), last)])
      }
    }
    return lines
  }

  /// Draws the outline over a picture that is drawn in `frame`: light blue on black, which no map and no
  /// region has.
  func draw(
    inside frame: Rectangle, scale: (x: Double, y: Double), unit: Double,
    on canvas: borrowing Canvas
  ) {
    let drawn = lines.map { line in
      line.map { (x: frame.x + $0.x * scale.x, y: frame.y + $0.y * scale.y) }
    }
    canvas.clipped(to: frame) { canvas in
      for (color, width) in [(Color(0, 0, 0, opacity: 0.8), 3.5), (Color.truth, 1.75)] {
        for line in drawn { canvas.stroke(through: line, with: color, lineWidth: width * unit) }
      }
    }
  }
}
