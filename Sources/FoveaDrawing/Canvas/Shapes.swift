/// A rectangle in pixels: x to the right, y down, (0, 0) the upper left corner of the picture.
package struct Rectangle: Hashable, Sendable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var right: Double { x + width }
  package var bottom: Double { y + height }

  /// Smaller by `amount` on each side; larger where it is negative.
  package func inset(by amount: Double) -> Rectangle {
    Rectangle(
      x: x + amount, y: y + amount, width: max(width - 2 * amount, 0),
      height: max(height - 2 * amount, 0))
  }

  /// Whether `other` lies in here; the tolerance is half a pixel, for glyphs round their edges.
  package func contains(_ other: Rectangle, tolerance: Double = 0.5) -> Bool {
    other.x >= x - tolerance && other.y >= y - tolerance && other.right <= right + tolerance
      && other.bottom <= bottom + tolerance
  }
}

/// A colour in sRGB, each part from 0 to 1.
package struct Color: Hashable, Sendable {
  package let red: Double
  package let green: Double
  package let blue: Double
  package let opacity: Double

  package init(_ red: Double, _ green: Double, _ blue: Double, opacity: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.opacity = opacity
  }

  /// The colour that a page writes as `#RRGGBB`.
  package init(hex: UInt32, opacity: Double = 1) {
    self.init(
      Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255,
      opacity: opacity)
  }

  static let paper = Color(hex: 0xFFFFFF)
  static let ink = Color(hex: 0x1B1F24)
  static let faintInk = Color(hex: 0x57606A)
  static let rule = Color(hex: 0xD0D7DE)
  /// Words and signs of a verdict; both have a contrast over 4.5 to the paper.
  /// Not green: that would be read as approval of the answer.
  static let faithful = Color(hex: 0x1F4E8C)
  static let faithfulPaper = Color(hex: 0xE7EFF9)
  static let refused = Color(hex: 0xA40E26)
  static let truth = Color(hex: 0x3DD6F5)
  static let refusedPaper = Color(hex: 0xFFEBE9)
}
