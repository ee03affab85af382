package import FoveaMetrics

/// Numbers on a common horizontal axis, a row each: an estimate with its interval, and the single
/// results behind it.
///
/// With intervals the single results lie under the interval; without them, on the row's line, with
/// a stroke at the estimate.
package struct IntervalPlot: HTMLConvertible {
  /// One row.
  package struct Row: Sendable {
    /// What it is.
    package var name: String
    /// The mean.
    package var estimate: Double
    /// Its interval.
    package var interval: ConfidenceInterval?
    /// What is written beside the name; the estimate where not given.
    package var text: String?
    /// The single results, with their names.
    package var dots: [(name: String, value: Double)]
    /// Colour and shape of marks.
    package var style: SeriesStyle

    package init(
      _ name: String, estimate: Double, interval: ConfidenceInterval? = nil, text: String? = nil,
      dots: [(name: String, value: Double)] = [], style: SeriesStyle = .first
    ) {
      self.name = name
      self.estimate = estimate
      self.interval = interval
      self.text = text
      self.dots = dots
      self.style = style
    }
  }

  /// What the plot shows.
  package var title: String
  /// What is to be said of it.
  package var note: String?
  /// What the axis is.
  package var axisTitle: String
  package var format = ValueFormat.difference
  /// What values can be.
  package var limits: ClosedRange<Double>?
  package var rows: [Row]
  /// A value that matters, with its name, such as zero.
  package var reference: (value: Double, name: String)?

  package init(_ title: String, axisTitle: String, rows: [Row]) {
    self.title = title
    self.axisTitle = axisTitle
    self.rows = rows
  }

  static let width = 460.0
  static let left = 16.0
  static let right = 444.0

  package var html: HTML {
    HTML("figure") {
      HTML("figcaption") {
        title
        if let note { HTML("small") { note } }
      }
      if rows.contains(where: { !$0.estimate.isFinite }) || rows.isEmpty {
        Paragraph("There are no numbers to draw.", isMuted: true)
      } else {
        drawing
      }
    }
  }

  private var hasIntervals: Bool { rows.contains { $0.interval != nil } }
  /// Room for the name of the reference.
  private var top: Double { reference == nil ? 4 : 24 }
  private var rowHeight: Double {
    hasIntervals && rows.contains { !$0.dots.isEmpty } ? 68 : 52
  }

  private var drawing: HTML {
    var values = rows.flatMap { row in
      [row.estimate] + row.dots.map(\.value)
        + (row.interval.map { [$0.lower, $0.upper] } ?? [])
    }
    if let reference { values.append(reference.value) }
    let axis = Axis(values, limits: limits, tickCount: 6)
    let bottom = top + rowHeight * Double(rows.count)
    return SVG.drawing(
      width: Self.width, height: bottom + 46, title: title, description: description
    ) {
      HTML("g") {
        for tick in axis.ticks {
          let place = position(tick, axis)
          SVG.line(place, top, place, bottom, "grid")
          SVG.text(format.tick(tick, step: axis.step), place, bottom + 18)
        }
        SVG.line(Self.left, bottom, Self.right, bottom, "axis")
        SVG.text(axisTitle, (Self.left + Self.right) / 2, bottom + 38)
      }
      if let reference {
        let place = position(reference.value, axis)
        SVG.line(place, top - 2, place, bottom, "axis")
        SVG.text(
          reference.name, place, top - 7, SVG.Anchor(at: place, from: Self.left, to: Self.right))
      }
      for (index, row) in rows.enumerated() {
        drawn(row, axis, top: top + rowHeight * Double(index))
      }
    }
  }

  private func position(_ value: Double, _ axis: Axis) -> Double {
    axis.position(of: value, from: Self.left, to: Self.right)
  }

  private func drawn(_ row: Row, _ axis: Axis, top: Double) -> HTML {
    let line = top + 34
    let estimate = position(row.estimate, axis)
    let style = "bar \(row.style.rawValue)"
    return HTML("g") {
      SVG.text(row.name, 0, top + 18, .start, style: "strong")
      SVG.text(row.text ?? format.text(row.estimate), Self.width, top + 18, .end, style: "strong")
      if let interval = row.interval {
        let lower = position(interval.lower, axis)
        let upper = position(interval.upper, axis)
        SVG.line(lower, line, upper, line, style)
        SVG.line(lower, line - 5, lower, line + 5, style)
        SVG.line(upper, line - 5, upper, line + 5, style)
        row.style.mark(estimate, line, radius: 5, fill: "solid")
      } else {
        SVG.line(estimate, line - 9, estimate, line + 9, style)
      }
      let places = row.dots.map { position($0.value, axis) }
      for (index, dot) in row.dots.enumerated() where dot.value.isFinite {
        row.style.mark(
          places[index],
          (row.interval == nil ? line : line + 18) + Self.shift(of: index, among: places),
          radius: 4, fill: "dot", title: "\(dot.name): \(format.text(dot.value))")
      }
    }
  }

  /// How far a dot is moved up or down where others before it lie in the same place.
  private static func shift(of index: Int, among places: [Double]) -> Double {
    let earlier = places[..<index].count { abs($0 - places[index]) < 2 }
    return [0, -6, 6][earlier % 3]
  }

  /// The plot in words.
  private var description: String {
    rows.map { row in
      let interval = row.interval.map {
        ", interval \(format.text($0.lower)) to \(format.text($0.upper))"
      }
      let dots = row.dots.map { "\($0.name) \(format.text($0.value))" }
      return "\(row.name): \(format.text(row.estimate))\(interval ?? "")"
        + (dots.isEmpty ? "." : " (\(dots.joined(separator: ", "))).")
    }.joined(separator: " ")
  }
}
