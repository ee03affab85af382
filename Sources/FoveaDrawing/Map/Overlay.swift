package import FoveaData

/// Lays a map's colours over a picture.
///
///     p' = p + α(v) (c(v) − p),  α(v) = α₁ s(v),  s(v) = u² (3 − 2u),  u = (v − v₀) / (v₁ − v₀)
///
/// The opacity α rises smoothly with the map's value v, so that the picture stays as it is where
/// the map is low and can still be made out where it is high.
package struct Overlay: Sendable {
  /// v₀: up to here the picture is not touched.
  static let untouched = 0.06
  /// v₁: from here on the colour is as strong as it gets.
  static let strongest = 0.85
  /// α₁.
  static let opacity = 0.66

  /// The colours c.
  package let colors: ColorMap
  private let table: [(color: SIMD3<Float>, opacity: Float)]

  private static let steps = 1023

  package init(_ colors: ColorMap) {
    self.colors = colors
    table = (0...Self.steps).map { step in
      let value = Double(step) / Double(Self.steps)
      let color = colors.color(at: value)
      return (
        255 * SIMD3(Float(color.red), Float(color.green), Float(color.blue)),
        Float(Self.opacity(at: value))
      )
    }
  }

  /// α(v).
  package static func opacity(at value: Double) -> Double {
    let u = min(max((value - untouched) / (strongest - untouched), 0), 1)
    return opacity * u * u * (3 - 2 * u)
  }

  /// The picture in three channels with the map over it.
  ///
  /// - Returns: `[height, width, 3]`, as large as the picture.
  package func callAsFunction(_ picture: Picture, _ map: HeatMap) -> Picture {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(picture.width * picture.height * 3)
    let source = picture.pixels.span
    let channels = picture.channels
    let green = channels == 3 ? 1 : 0
    let blue = channels == 3 ? 2 : 0
    map.withRows(width: picture.width, height: picture.height) { y, row in
      var position = y * picture.width * channels
      for value in row {
        let pixel = SIMD3(
          Float(source[position]), Float(source[position + green]), Float(source[position + blue]))
        let entry = table[Int(value * Float(Self.steps) + 0.5)]
        let mixed = pixel + entry.opacity * (entry.color - pixel) + 0.5
        pixels.append(UInt8(mixed.x))
        pixels.append(UInt8(mixed.y))
        pixels.append(UInt8(mixed.z))
        position += channels
      }
    }
    return Picture(width: picture.width, height: picture.height, channels: 3, made: pixels)
  }
}
