import Glibc

/// A scale of colours for values from 0 to 1, perceptually even by its formula.
///
/// In OKLab (Ottosson 2020), whose distances follow what people see, with lightness L, chroma C
/// and hue h:
///
///     L(t) = L₀ + (L₁ − L₀) t
///     h(t) = h₀ + (h₁ − h₀) t
///     C(t) = c₀ + c₁ sin πt
///
/// Lightness rises evenly, so that the order of values is seen in grey too and by people who tell
/// few colours apart. All colours are inside sRGB: none is clipped, which would bend the scale.
package struct ColorMap: Sendable {
  /// L₀ and L₁.
  let lightness: ClosedRange<Double>
  /// h₀ and h₁ in degrees; a full turn is 360.
  let hue: (from: Double, to: Double)
  /// c₀ and c₁.
  let chroma: (ends: Double, middle: Double)

  /// Dark violet over red and orange to light yellow: highlights that can be relied on.
  package static let ember = ColorMap(
    lightness: 0.25...0.93, hue: (290, 465), chroma: (0.13, 0.05))

  /// The same lightness with hardly any colour: highlights that cannot be relied on.
  package static let ash = ColorMap(
    lightness: 0.25...0.93, hue: (250, 250), chroma: (0.02, 0.01))

  /// The colour of `value`; values outside 0 to 1 have the colours of the ends.
  package func color(at value: Double) -> Color {
    let t = min(max(value, 0), 1)
    // The names are the formula's.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let L = lightness.lowerBound + (lightness.upperBound - lightness.lowerBound) * t
    let h = (hue.from + (hue.to - hue.from) * t) * Double.pi / 180
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let C = chroma.ends + chroma.middle * sin(Double.pi * t)
    return OKLab(L: L, a: C * cos(h), b: C * sin(h)).color
  }
}

/// A colour in OKLab: Björn Ottosson, "A perceptual color space for image processing", 2020.
package struct OKLab: Hashable, Sendable {
  // swift-format-ignore: AlwaysUseLowerCamelCase
  /// Lightness, 0 for black, 1 for white.
  package let L: Double
  /// Green to red.
  package let a: Double
  /// Blue to yellow.
  package let b: Double

  package init(L: Double, a: Double, b: Double) {
    self.L = L
    self.a = a
    self.b = b
  }

  /// The colour in sRGB, its parts not clipped: outside 0 to 1 it cannot be shown.
  package var color: Color {
    let l = cube(L + 0.3963377774 * a + 0.2158037573 * b)
    let m = cube(L - 0.1055613458 * a - 0.0638541728 * b)
    let s = cube(L - 0.0894841775 * a - 1.2914855480 * b)
    return Color(
      encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s))
  }

  /// The colour of an sRGB colour.
  package init(_ color: Color) {
    let (red, green, blue) = (linear(color.red), linear(color.green), linear(color.blue))
    let l = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let m = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let s = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    L = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
  }

  /// The Euclidean distance, which follows the difference that people see.
  package func distance(to other: OKLab) -> Double {
    let (dL, da, db) = (L - other.L, a - other.a, b - other.b)
    return (dL * dL + da * da + db * db).squareRoot()
  }
}

private func cube(_ x: Double) -> Double { x * x * x }

/// sRGB's transfer function, IEC 61966-2-1.
private func encoded(_ linear: Double) -> Double {
  linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055
}

private func linear(_ encoded: Double) -> Double {
  encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4)
}
