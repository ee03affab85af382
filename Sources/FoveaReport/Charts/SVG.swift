/// Pieces of a drawing.
enum SVG {
  /// A coordinate with at most two decimals.
  static func coordinate(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// A drawing that fills its place; `description` says in words what it shows.
  static func drawing(
    width: Double, height: Double, title: String, description: String,
    @HTMLBuilder content: () -> HTML
  ) -> HTML {
    HTML(
      "svg",
      [
        "viewBox": "0 0 \(coordinate(width)) \(coordinate(height))", "role": "img",
        "aria-label": "\(title). \(description)",
      ]
    ) {
      HTML("title") { title }
      HTML("desc") { description }
      content()
    }
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String, dashes: String? = nil
  ) -> HTML {
    HTML(
      "line",
      [
        "x1": coordinate(x1), "y1": coordinate(y1), "x2": coordinate(x2), "y2": coordinate(y2),
        "class": style, "stroke-dasharray": dashes,
      ])
  }

  /// Where a text stands relative to its position.
  enum Anchor: String {
    case start
    case middle
    case end

    /// The anchor with which a short text at `place` stays within a drawing.
    init(at place: Double, from left: Double, to right: Double) {
      let share = (place - left) / (right - left)
      self = share < 0.2 ? .start : share > 0.8 ? .end : .middle
    }
  }

  static func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .middle, style: String? = nil
  ) -> HTML {
    HTML(
      "text",
      [
        "x": coordinate(x), "y": coordinate(y), "text-anchor": anchor.rawValue,
        "class": style,
      ]
    ) { text }
  }

  /// A path through points.
  static func path(_ points: [(x: Double, y: Double)], _ style: String, dashes: String?) -> HTML {
    let steps = points.map { "\(coordinate($0.x)) \(coordinate($0.y))" }
    return HTML(
      "path",
      ["d": "M" + steps.joined(separator: "L"), "class": style, "stroke-dasharray": dashes])
  }
}

/// How a series is told apart from others: by colour and, for those who do not see it, by dashes
/// and the shape of its marks.
package enum SeriesStyle: String, Sendable, CaseIterable {
  case first
  case second
  case third
  case fourth
  case neutral

  /// The pattern of its lines; `nil` for an unbroken one.
  var dashes: String? {
    switch self {
    case .first: nil
    case .second: "7 4"
    case .third: "2 4"
    case .fourth: "9 3 2 3"
    case .neutral: "4 3"
    }
  }

  /// A mark of a radius about a point.
  func mark(_ x: Double, _ y: Double, radius: Double, fill: String, title: String? = nil) -> HTML {
    let style = "\(rawValue) \(fill)"
    let caption = title.map { title in HTML("title") { title } } ?? .empty
    func polygon(_ corners: [(Double, Double)]) -> HTML {
      let points = corners.map { "\(SVG.coordinate(x + $0.0)),\(SVG.coordinate(y + $0.1))" }
      return HTML("polygon", ["points": points.joined(separator: " "), "class": style]) { caption }
    }
    let r = radius
    switch self {
    case .first, .neutral:
      return HTML(
        "circle",
        [
          "cx": SVG.coordinate(x), "cy": SVG.coordinate(y), "r": SVG.coordinate(r), "class": style,
        ]
      ) { caption }
    case .second:
      let s = 0.9 * r
      return polygon([(-s, -s), (s, -s), (s, s), (-s, s)])
    case .third:
      return polygon([(0, -1.25 * r), (1.25 * r, 0), (0, 1.25 * r), (-1.25 * r, 0)])
    case .fourth:
      return polygon([(0, -1.2 * r), (1.15 * r, 0.85 * r), (-1.15 * r, 0.85 * r)])
    }
  }

  /// What stands before the series' name in a legend.
  func sample(isMark: Bool) -> HTML {
    HTML("svg", ["viewBox": "0 0 26 12", "aria-hidden": "true"]) {
      if isMark {
        mark(13, 6, radius: 4, fill: "dot")
      } else {
        SVG.line(1, 6, 25, 6, "line thick \(rawValue)", dashes: dashes)
      }
    }
  }
}

/// Which style stands for what.
struct Legend: HTMLConvertible {
  let entries: [(name: String, style: SeriesStyle)]
  let isMarks: Bool

  var html: HTML {
    guard entries.count > 1 else { return .empty }
    return HTML("ul", ["class": "legend"]) {
      for entry in entries {
        HTML("li") {
          entry.style.sample(isMark: isMarks)
          entry.name
        }
      }
    }
  }
}
