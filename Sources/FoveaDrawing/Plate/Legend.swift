/// The words beside a highlight: prediction, verdict, method, scores, colour bar, regions.
///
/// Everything is measured before anything is drawn, so that a plate is made as tall as its words
/// need and nothing runs over an edge, whatever the names are.
package struct Legend {
  /// Something at its place; the legend's upper left corner is (0, 0).
  struct Item {
    let frame: Rectangle
    let draw: (_ canvas: borrowing Canvas, _ x: Double, _ y: Double) -> Void
  }

  /// The narrowest legend whose table can be read, in units.
  package static let narrowest = 300.0

  let unit: Double
  package let width: Double
  private(set) var items: [Item] = []
  package private(set) var height = 0.0

  /// Sets the words of `figure` within `width` pixels.
  ///
  /// - Parameter unit: the size on which all others depend; text is 13 units high.
  package init(_ figure: HighlightFigure, width: Double, unit: Double) {
    self.unit = unit
    self.width = width
    addText(figure.prediction, size: 17, isBold: true, lines: 3)
    if let explained = figure.explainedClass {
      addText("evidence for \(explained)", size: 13, lines: 2)
    }
    gap(8)
    // The verdict is the highlight's, not the answer's: the method stands between them.
    addText("highlight by \(figure.method)", size: 13, lines: 2)
    gap(4)
    addBadge(figure.verdict)
    gap(4)
    addText(figure.verdict.reason, size: 12, color: .faintInk, lines: 4)
    gap(8)
    if !figure.scores.isEmpty { add(figure.scores) }
    gap(10)
    if figure.map.isFlat {
      addText(Self.flat, size: 12, lines: 2)
    } else {
      addColorBar(figure.colors)
    }
    if figure.regions.count > 1 {
      gap(8)
      for (index, region) in figure.regions.prefix(RegionMarks.most).enumerated() {
        addText("\(index + 1)  \(region.text)", size: 12, lines: 2)
      }
    } else if let region = figure.regions.first {
      gap(8)
      addText("outlined: \(region.text)", size: 12, lines: 2)
    }
    for note in figure.notes {
      gap(6)
      addText(note, size: 11, color: .faintInk, lines: 4)
    }
  }

  /// The narrowest cell of a sheet, in units.
  static let narrowestCell = 288

  /// What stands below the picture itself in a sheet.
  init(original figure: HighlightFigure, width: Double, unit: Double) {
    self.unit = unit
    self.width = width
    addText("the input", size: 14, isBold: true, lines: 1)
    gap(4)
    addText(figure.prediction, size: 13, lines: 3)
    if let explained = figure.explainedClass {
      addText("evidence for \(explained)", size: 12, lines: 2)
    }
    gap(10)
    // One scale for all methods; that of a refused one differs only in its colours.
    addColorBar(.ember)
    gap(4)
    addText(
      "Grey with a striped border: not faithful, or not judged.", size: 11, color: .faintInk,
      lines: 2)
    for note in figure.notes {
      gap(4)
      addText(note, size: 11, color: .faintInk, lines: 4)
    }
  }

  /// What stands below a method's overlay in a sheet.
  init(cell figure: HighlightFigure, width: Double, unit: Double) {
    self.unit = unit
    self.width = width
    addText(figure.method, size: 14, isBold: true, lines: 1)
    gap(5)
    addBadge(figure.verdict)
    gap(6)
    if !figure.scores.isEmpty { add(figure.scores) }
    if figure.map.isFlat { addText(Self.flat, size: 12, lines: 2) }
  }

  /// The frames of all that is drawn.
  package var frames: [Rectangle] { items.map(\.frame) }

  /// Draws the legend with its upper left corner at (x, y).
  func draw(on canvas: borrowing Canvas, x: Double, y: Double) {
    for item in items { item.draw(canvas, x + item.frame.x, y + item.frame.y) }
  }

  // MARK: Pieces

  private mutating func gap(_ units: Double) { height += units * unit }

  private mutating func add(
    _ frame: Rectangle, _ draw: @escaping (borrowing Canvas, Double, Double) -> Void
  ) {
    items.append(Item(frame: frame, draw: draw))
  }

  private mutating func add(_ text: TextBlock, x: Double, y: Double) {
    add(Rectangle(x: x, y: y, width: text.width, height: text.height)) { canvas, x, y in
      canvas.draw(text, x: x, y: y)
    }
  }

  private mutating func addText(
    _ text: String, size: Double, isBold: Bool = false, color: Color = .ink, lines: Int
  ) {
    guard !text.isEmpty else { return }
    let block = TextBlock(
      text, TextStyle(size: size * unit, isBold: isBold, color: color), width: width, lines: lines)
    add(block, x: 0, y: height)
    height += block.height
  }

  /// A badge with a sign and words: colour alone tells nothing to many people and to printers.
  private mutating func addBadge(_ verdict: HighlightFigure.Verdict) {
    let unit = unit
    let color = verdict.color
    let paper = verdict.paper
    let words = TextBlock(
      verdict.words, TextStyle(size: 13 * unit, isBold: true, color: color),
      width: width - 38 * unit)
    let frame = Rectangle(
      x: 0, y: height, width: words.width + 38 * unit, height: words.height + 8 * unit)
    add(frame) { canvas, x, y in
      let area = Rectangle(x: x, y: y, width: frame.width, height: frame.height)
      let line = area.inset(by: 0.75 * unit)
      canvas.fill(line, with: paper, radius: frame.height / 2)
      canvas.stroke(line, with: color, lineWidth: 1.5 * unit, radius: frame.height / 2)
      canvas.draw(words, x: x + 28 * unit, y: y + 4 * unit)
      Mark(isPassed: verdict.faithful).draw(
        on: canvas, x: x + 17 * unit, y: y + frame.height / 2, radius: 5 * unit, color: color)
    }
    height += frame.height
  }

  private mutating func add(_ scores: [HighlightFigure.Score]) {
    let unit = unit
    let width = width
    let size = 12 * unit
    let column = min(64 * unit, (width - 22 * unit) / 5)
    let ends = (0..<3).map { width - 22 * unit - column * Double(2 - $0) }
    let hasControls = scores.contains { $0.shifted != nil || $0.middle != nil }
    func cell(_ text: String, isBold: Bool = false, color: Color = .ink) -> TextBlock {
      TextBlock(
        text, TextStyle(size: size, isBold: isBold, color: color, alignment: .right),
        width: column - 4 * unit)
    }
    func addRow(_ name: TextBlock, _ cells: [TextBlock], passes: Bool?) {
      let tallest = ([name] + cells).map(\.height).max() ?? 0
      add(name, x: 0, y: height)
      for (end, block) in zip(ends, cells) {
        let frame = Rectangle(
          x: end - block.width, y: height, width: block.width, height: block.height)
        add(frame) { canvas, x, y in
          // The block is as wide as its column, and its text at the column's end.
          canvas.draw(block, x: x + block.width - (column - 4 * unit), y: y)
        }
      }
      if let passes {
        let radius = 4.5 * unit
        let frame = Rectangle(
          x: width - 2 * radius - unit, y: height + tallest / 2 - radius, width: 2 * radius,
          height: 2 * radius)
        add(frame) { canvas, x, y in
          Mark(isPassed: passes).draw(
            on: canvas, x: x + radius, y: y + radius, radius: radius,
            color: passes ? .faithful : .refused)
        }
      }
      height += tallest + 2 * unit
    }
    func name(_ text: String, color: Color = .ink) -> TextBlock {
      TextBlock(text, TextStyle(size: size, color: color), width: ends[0] - column)
    }
    let headers = hasControls ? ["map", "shifted", "middle"] : ["map"]
    addRow(
      name("score", color: .faintInk), headers.map { cell($0, color: .faintInk) }, passes: nil)
    addRule()
    for score in scores {
      addRow(
        name(score.name),
        [cell(score.value, isBold: true), cell(score.shifted ?? ""), cell(score.middle ?? "")],
        passes: score.passes)
    }
  }

  private mutating func addRule() {
    let frame = Rectangle(x: 0, y: height, width: width, height: unit)
    add(frame) { canvas, x, y in
      canvas.fill(
        Rectangle(x: x, y: y, width: frame.width, height: frame.height), with: .rule)
    }
    height += 4 * unit
  }

  private static let flat = "The map is the same everywhere: no place stands out."

  private mutating func addColorBar(_ colors: ColorMap) {
    let unit = unit
    let style = TextStyle(size: 11 * unit, color: .faintInk)
    let frame = Rectangle(x: 0, y: height, width: width, height: 12 * unit)
    add(frame) { canvas, x, y in
      // Whole columns of pixels: their edges would be seen as stripes otherwise.
      for column in Int(x)..<max(Int(x + frame.width), Int(x)) {
        let color = colors.color(at: (Double(column) + 0.5 - x) / frame.width)
        canvas.fill(
          Rectangle(x: Double(column), y: y, width: 1, height: frame.height), with: color)
      }
      canvas.stroke(
        Rectangle(x: x, y: y, width: frame.width, height: frame.height).inset(by: unit / 2),
        with: .faintInk, lineWidth: unit)
    }
    height += frame.height + 2 * unit
    let left = TextBlock("0: matters least", style, width: width / 2)
    let right = TextBlock("1: matters most", style, width: width / 2)
    add(left, x: 0, y: height)
    add(right, x: width - right.width, y: height)
    height += max(left.height, right.height)
  }
}

extension HighlightFigure.Verdict {
  /// The colour of what is said of it.
  var color: Color { faithful.map { $0 ? .faithful : .refused } ?? .faintInk }
  /// The colour behind.
  var paper: Color { faithful.map { $0 ? .faithfulPaper : .refusedPaper } ?? .paper }
}

/// A tick, a cross, or a dash for what was not judged.
struct Mark {
  let isPassed: Bool?

  func draw(
    on canvas: borrowing Canvas, x: Double, y: Double, radius: Double, color: Color
  ) {
    let width = radius * 0.42
    switch isPassed {
    case true?:
      canvas.stroke(
        through: [
          (x - 0.9 * radius, y), (x - 0.25 * radius, y + 0.7 * radius),
          (x + 0.95 * radius, y - 0.75 * radius),
        ], with: color, lineWidth: width)
    case false?:
      let r = 0.75 * radius
      canvas.stroke(through: [(x - r, y - r), (x + r, y + r)], with: color, lineWidth: width)
      canvas.stroke(through: [(x - r, y + r), (x + r, y - r)], with: color, lineWidth: width)
    case nil:
      canvas.stroke(
        through: [(x - 0.8 * radius, y), (x + 0.8 * radius, y)], with: color, lineWidth: width)
    }
  }
}
