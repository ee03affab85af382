package import FoveaData

/// Frames of a video with their highlight: the overlay, and a line of words below it.
///
/// All frames have one size. Small frames are enlarged as pictures are.
package struct VideoPlate: Sendable {
  /// Regions outlined in a frame: more than in a picture would flicker.
  static let mostRegions = 3

  /// Pixels of the drawn frames; even, as video codecs want them.
  package let width: Int
  package let height: Int
  private let size: Enlargement
  private let unit: Double
  private let barHeight: Double

  /// A plate for frames of this size.
  ///
  /// - Parameter largest: the longest side to draw; larger frames are made smaller.
  package init(width: Int, height: Int, largest: Int = 1920) {
    size = Enlargement(width: width, height: height, largest: largest)
    unit = HighlightPlate.unit(width: size.width, height: size.height)
    barHeight = (44 * unit).rounded()
    // Room for the words below narrow frames.
    self.width = (max(size.width, Int(300 * unit)) + 1) & ~1
    self.height = (size.height + Int(barHeight) + 1) & ~1
  }

  /// The frame with its highlight.
  ///
  /// - Parameters:
  ///   - figure: scores and notes are not shown.
  ///   - seconds: the frame's time.
  /// - Throws: `InputError` where the frame has no pixels, or memory is short.
  package func drawn(_ figure: HighlightFigure, at seconds: Double) throws -> Picture {
    var figure = figure
    figure.regions = Array(figure.regions.prefix(Self.mostRegions))
    let canvas = try Canvas(width: width, height: height)
    let frame = Rectangle(
      x: Double((width - size.width) / 2), y: 0, width: Double(size.width),
      height: Double(size.height))
    try canvas.place(
      Overlay(figure.colors)(size(figure.picture), figure.map), x: Int(frame.x), y: 0)
    let scale = size.scale(of: figure.picture)
    RegionMarks(unit: unit, isDashed: !figure.verdict.isFaithful, isNumbered: false).draw(
      figure.regions.map {
        Rectangle(
          x: frame.x + $0.area.x * scale, y: $0.area.y * scale, width: $0.area.width * scale,
          height: $0.area.height * scale)
      }, inside: frame, on: canvas)
    if !figure.verdict.isFaithful {
      RefusalBorder(unit: unit).draw(
        around: frame.inset(by: 8 * unit), thickness: 8 * unit, on: canvas)
    }
    drawWords(figure, at: seconds, on: canvas)
    return canvas.picture()
  }

  private func drawWords(
    _ figure: HighlightFigure, at seconds: Double, on canvas: borrowing Canvas
  ) {
    let top = Double(size.height)
    let room = Double(width) - 16 * unit
    let color = figure.verdict.color
    // The answer has its line, the highlight another: a verdict beside the answer would seem to be on it.
    let prediction = TextBlock(
      figure.prediction, TextStyle(size: 13 * unit, isBold: true), width: room)
    let verdict = TextBlock(
      figure.verdict.words, TextStyle(size: 11 * unit, isBold: true, color: color), width: room)
    let second = TextBlock(
      "\(Self.clock(seconds))   \(figure.method)", TextStyle(size: 11 * unit, color: .faintInk),
      width: max(room - verdict.width - 26 * unit, 20 * unit))
    canvas.draw(prediction, x: 8 * unit, y: top + 5 * unit)
    canvas.draw(second, x: 8 * unit, y: top + 25 * unit)
    let x = Double(width) - 8 * unit - verdict.width
    canvas.draw(verdict, x: x, y: top + 25 * unit)
    Mark(isPassed: figure.verdict.faithful).draw(
      on: canvas, x: x - 10 * unit, y: top + 25 * unit + verdict.height / 2, radius: 4 * unit,
      color: color)
  }

  /// `1:05.4`: minutes, seconds and a tenth.
  static func clock(_ seconds: Double) -> String {
    let tenths = Int((max(seconds, 0) * 10).rounded(.down))
    let rest = tenths % 600
    return "\(tenths / 600):\(rest < 100 ? "0" : "")\(rest / 10).\(rest % 10)"
  }
}
