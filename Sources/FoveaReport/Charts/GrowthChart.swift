import FoveaArray
import Glibc

/// Curves of time over FLOPs on two logarithmic axes, as a drawing that stands alone in a file.
///
/// In proportion to FLOPs is a slope of 1: the thin lines in the background.
package struct GrowthChart: Sendable {
  /// One curve; points in ascending order of FLOPs.
  package struct Curve: Sendable {
    package var name: String
    /// 10⁹ additions and multiplications, and milliseconds; both above 0.
    package var points: [(gigaflops: Double, milliseconds: Double)]

    package init(_ name: String, _ points: [(gigaflops: Double, milliseconds: Double)]) {
      self.name = name
      self.points = points
    }
  }

  package var title: String
  package var curves: [Curve]

  package init(_ title: String, curves: [Curve]) {
    self.title = title
    self.curves = curves
  }

  private static let width = 640.0
  private static let height = 420.0
  private static let left = 70.0
  private static let right = 620.0
  private static let top = 48.0
  private static let bottom = 366.0
  private static let colors = ["#0072b2", "#c8540a", "#007a5a", "#a8548a", "#6c757d", "#b8860b"]

  /// The whole file.
  package var file: String {
    let drawing = HTML(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": "\(Int(Self.width))",
        "height": "\(Int(Self.height))", "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))",
        "font-family": "sans-serif", "font-size": "12", "fill": "#1c2127",
      ]
    ) {
      HTML("title") { title }
      HTML("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"])
      SVG.text(title, Self.left, 24, .start)
      if let (x, y) = axes {
        grid(x, y)
        for (index, curve) in curves.enumerated() { drawn(curve, index, x, y) }
      }
    }
    return drawing.source + "\n"
  }

  /// An axis over whole powers of ten.
  private struct Decades {
    let first: Int
    let last: Int

    init?(_ values: [Double]) {
      guard let low = values.min(), let high = values.max(), low > 0, high.isFinite else {
        return nil
      }
      first = Int(log10(low).rounded(.down))
      last = max(first + 1, Int(log10(high).rounded(.up)))
    }

    func place(_ value: Double, from start: Double, to end: Double) -> Double {
      start + (log10(value) - Double(first)) / Double(last - first) * (end - start)
    }

    /// `0.01`, `1`, `1,000`.
    func text(_ power: Int) -> String {
      power < 0
        ? NumberText.fixed(pow(10, Double(power)), decimals: -power)
        : NumberText.count(Int(pow(10, Double(power)).rounded()))
    }
  }

  private var axes: (x: Decades, y: Decades)? {
    let points = curves.flatMap(\.points)
    guard let x = Decades(points.map(\.gigaflops)), let y = Decades(points.map(\.milliseconds))
    else { return nil }
    return (x, y)
  }

  private func grid(_ x: Decades, _ y: Decades) -> HTML {
    HTML("g", ["stroke": "#dfe3e7"]) {
      for power in x.first...x.last {
        let place = x.place(pow(10, Double(power)), from: Self.left, to: Self.right)
        Self.line(place, Self.top, place, Self.bottom)
        SVG.text(x.text(power), place, Self.bottom + 18).unstroked
      }
      for power in y.first...y.last {
        let place = y.place(pow(10, Double(power)), from: Self.bottom, to: Self.top)
        Self.line(Self.left, place, Self.right, place)
        SVG.text(y.text(power), Self.left - 8, place + 4, .end).unstroked
      }
      // In proportion: as many decades up as to the right, cut at the frame.
      for power in (y.first - (x.last - x.first))...y.last {
        let start = max(0, y.first - power)
        let end = min(x.last - x.first, y.last - power)
        if start < end {
          HTML("g", ["stroke-dasharray": "3 4"]) {
            Self.line(
              x.place(pow(10, Double(x.first + start)), from: Self.left, to: Self.right),
              y.place(pow(10, Double(power + start)), from: Self.bottom, to: Self.top),
              x.place(pow(10, Double(x.first + end)), from: Self.left, to: Self.right),
              y.place(pow(10, Double(power + end)), from: Self.bottom, to: Self.top))
          }
        }
      }
      SVG.text("GFLOP of a training step", (Self.left + Self.right) / 2, Self.bottom + 40).unstroked
      SVG.text("ms", Self.left - 8, Self.top - 10, .end).unstroked
    }
  }

  private func drawn(_ curve: Curve, _ index: Int, _ x: Decades, _ y: Decades) -> HTML {
    let color = Self.colors[index % Self.colors.count]
    let places = curve.points.map { point in
      (
        x: x.place(point.gigaflops, from: Self.left, to: Self.right),
        y: y.place(point.milliseconds, from: Self.bottom, to: Self.top)
      )
    }
    return HTML("g") {
      HTML(
        "polyline",
        [
          "points": places.map { "\(SVG.coordinate($0.x)),\(SVG.coordinate($0.y))" }
            .joined(separator: " "),
          "fill": "none", "stroke": color, "stroke-width": "2",
        ])
      for place in places {
        HTML(
          "circle",
          [
            "cx": SVG.coordinate(place.x), "cy": SVG.coordinate(place.y), "r": "3.5",
            "fill": color,
          ])
      }
      let height = Self.top + 18 + 17 * Double(index)
      HTML(
        "rect",
        [
          "x": SVG.coordinate(Self.left + 12), "y": SVG.coordinate(height - 8), "width": "14",
          "height": "4", "fill": color,
        ])
      SVG.text(curve.name, Self.left + 32, height, .start)
    }
  }

  private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> HTML {
    HTML(
      "line",
      [
        "x1": SVG.coordinate(x1), "y1": SVG.coordinate(y1), "x2": SVG.coordinate(x2),
        "y2": SVG.coordinate(y2),
      ])
  }
}

extension HTML {
  /// Text among stroked lines.
  fileprivate var unstroked: HTML { HTML("g", ["stroke": "none"]) { self } }
}
