/// Lines over a common axis: curves of training, accuracy by the number of distractors.
///
/// Points without a number break a line; a point between two breaks is a dot. With one point in
/// all the chart shows that point.
package struct LineChart: HTMLConvertible {
  /// One line.
  package struct Series: Sendable {
    /// Its name in the legend; series of one name and style share an entry.
    package var name: String
    /// The points in ascending order of x.
    package var points: [(x: Double, y: Double?)]
    /// Colour and dashes.
    package var style: SeriesStyle
    /// Whether it is one of many behind a thick one.
    package var isThin: Bool
    /// Whether each point has a mark.
    package var hasMarks: Bool

    package init(
      _ name: String, _ points: [(x: Double, y: Double?)], style: SeriesStyle,
      isThin: Bool = false, hasMarks: Bool = false
    ) {
      self.name = name
      self.points = points
      self.style = style
      self.isThin = isThin
      self.hasMarks = hasMarks
    }
  }

  /// What the chart shows.
  package var title: String
  /// What is to be said of it.
  package var note: String?
  /// What the horizontal axis is.
  package var xTitle: String
  package var xFormat = ValueFormat.count
  package var yFormat = ValueFormat.number
  /// What values can be.
  package var yLimits: ClosedRange<Double>?
  package var series: [Series]
  /// A place on the horizontal axis with its name, such as the epoch that is kept.
  package var mark: (x: Double, name: String)?
  /// A height with its name, such as the best that can be reached.
  package var reference: (y: Double, name: String)?

  package init(_ title: String, xTitle: String, series: [Series]) {
    self.title = title
    self.xTitle = xTitle
    self.series = series
  }

  static let width = 460.0
  static let height = 270.0
  static let left = 50.0
  static let right = 448.0
  static let top = 24.0
  static let bottom = 224.0

  package var html: HTML {
    HTML("figure") {
      HTML("figcaption") {
        title
        if let note { HTML("small") { note } }
      }
      if hasPoints {
        Legend(entries: legendEntries, isMarks: false)
        drawing
      } else {
        Paragraph("There are no numbers to draw.", isMuted: true)
      }
    }
  }

  private var hasPoints: Bool { series.contains { $0.points.contains { Self.finite($0) != nil } } }

  private var legendEntries: [(name: String, style: SeriesStyle)] {
    var entries: [(name: String, style: SeriesStyle)] = []
    for one in series where !entries.contains(where: { $0.name == one.name }) {
      entries.append((one.name, one.style))
    }
    return entries
  }

  private static func finite(_ point: (x: Double, y: Double?)) -> (x: Double, y: Double)? {
    guard let y = point.y, y.isFinite, abs(y) < 1e100 else { return nil }
    return (point.x, y)
  }

  private var drawing: HTML {
    let points = series.flatMap(\.points).compactMap(Self.finite)
    let x = Axis(
      points.map(\.x), tickCount: 6, isWhole: xFormat.isCount, isTight: true)
    let y = Axis(points.map(\.y) + (reference.map { [$0.y] } ?? []), limits: yLimits)
    return SVG.drawing(
      width: Self.width, height: Self.height, title: title, description: description
    ) {
      grid(x, y)
      if let reference, reference.y.isFinite {
        let height = y.position(of: reference.y, from: Self.bottom, to: Self.top)
        SVG.line(Self.left, height, Self.right, height, "line thick neutral", dashes: "2 4")
      }
      if let mark { line(mark, x) }
      // Thick lines lie above thin ones.
      for one in series.filter(\.isThin) + series.filter({ !$0.isThin }) { lines(one, x, y) }
      // The name comes last, so that no line crosses it.
      if let reference, reference.y.isFinite {
        let height = y.position(of: reference.y, from: Self.bottom, to: Self.top)
        SVG.text(reference.name, Self.right, height - 6, .end, style: "over")
      }
    }
  }

  private func grid(_ x: Axis, _ y: Axis) -> HTML {
    HTML("g") {
      for tick in y.ticks {
        let height = y.position(of: tick, from: Self.bottom, to: Self.top)
        SVG.line(Self.left, height, Self.right, height, "grid")
        SVG.text(yFormat.tick(tick, step: y.step), Self.left - 8, height + 4, .end)
      }
      SVG.line(Self.left, Self.bottom, Self.right, Self.bottom, "axis")
      for tick in x.ticks {
        let place = x.position(of: tick, from: Self.left, to: Self.right)
        SVG.line(place, Self.bottom, place, Self.bottom + 4, "axis")
        SVG.text(xFormat.tick(tick, step: x.step), place, Self.bottom + 18)
      }
      SVG.text(xTitle, (Self.left + Self.right) / 2, Self.bottom + 38)
    }
  }

  private func line(_ mark: (x: Double, name: String), _ x: Axis) -> HTML {
    let place = x.position(of: mark.x, from: Self.left, to: Self.right)
    return HTML("g") {
      SVG.line(place, Self.top - 6, place, Self.bottom, "mark")
      SVG.text(
        mark.name, place, Self.top - 11, SVG.Anchor(at: place, from: Self.left, to: Self.right))
    }
  }

  private func lines(_ one: Series, _ x: Axis, _ y: Axis) -> HTML {
    let style = "line \(one.isThin ? "thin" : "thick") \(one.style.rawValue)"
    let segments = Self.segments(one.points).map { segment in
      segment.map { point in
        (
          x: x.position(of: point.x, from: Self.left, to: Self.right),
          y: y.position(of: point.y, from: Self.bottom, to: Self.top)
        )
      }
    }
    return HTML("g") {
      for segment in segments {
        if segment.count > 1 {
          SVG.path(segment, style, dashes: one.isThin ? nil : one.style.dashes)
        }
        if segment.count == 1 || one.hasMarks {
          for point in segment {
            one.style.mark(point.x, point.y, radius: one.isThin ? 2.5 : 4, fill: "solid")
          }
        }
      }
    }
  }

  /// The runs of points that have a number.
  static func segments(_ points: [(x: Double, y: Double?)]) -> [[(x: Double, y: Double)]] {
    points.split(whereSeparator: { finite($0) == nil }).map { $0.compactMap(finite) }
  }

  /// The chart in words: where each series begins and ends.
  private var description: String {
    var sentences = series.filter { !$0.isThin }.compactMap { one -> String? in
      let points = one.points.compactMap(Self.finite)
      guard let first = points.first, let last = points.last else { return nil }
      func place(_ point: (x: Double, y: Double)) -> String {
        "\(yFormat.text(point.y)) at \(xTitle) \(xFormat.text(point.x))"
      }
      if points.count == 1 { return "\(one.name): \(place(first))." }
      return "\(one.name): from \(place(first)) to \(place(last))."
    }
    if let mark { sentences.append("\(mark.name).") }
    if let reference { sentences.append("\(reference.name): \(yFormat.text(reference.y)).") }
    return sentences.joined(separator: " ")
  }
}

extension ValueFormat {
  /// Whether ticks must be whole.
  var isCount: Bool {
    if case .count = self { true } else { false }
  }
}
