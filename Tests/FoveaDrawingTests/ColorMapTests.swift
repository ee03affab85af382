import FoveaDrawing
import Testing

struct ColorMapTests {
  private static let steps = 64

  private func colors(_ map: ColorMap) -> [OKLab] {
    (0...Self.steps).map { OKLab(map.color(at: Double($0) / Double(Self.steps))) }
  }

  @Test(arguments: [ColorMap.ember, .ash]) func lightnessRisesEvenly(_ map: ColorMap) {
    let colors = colors(map)
    let step = (colors[Self.steps].L - colors[0].L) / Double(Self.steps)
    #expect(step > 0.01)
    for (color, next) in zip(colors, colors.dropFirst()) {
      // The formula is exact; the matrices of OKLab are given with ten digits.
      #expect(abs(next.L - color.L - step) < 1e-5)
    }
  }

  @Test(arguments: [ColorMap.ember, .ash]) func stepsLookAlike(_ map: ColorMap) {
    let colors = colors(map)
    let steps = zip(colors, colors.dropFirst()).map { $0.distance(to: $1) }
    let mean = steps.reduce(0, +) / Double(steps.count)
    for step in steps { #expect(abs(step / mean - 1) < 0.1) }
  }

  @Test(arguments: [ColorMap.ember, .ash]) func everyColourCanBeShown(_ map: ColorMap) {
    for index in 0...1000 {
      let color = map.color(at: Double(index) / 1000)
      for part in [color.red, color.green, color.blue] { #expect((0...1).contains(part)) }
    }
  }

  @Test func aRefusedMapHasHardlyAnyColour() {
    for color in colors(.ash) { #expect((color.a * color.a + color.b * color.b) < 0.031 * 0.031) }
    for color in colors(.ember) { #expect((color.a * color.a + color.b * color.b) > 0.12 * 0.12) }
  }

  @Test func valuesOutsideHaveTheColoursOfTheEnds() {
    #expect(ColorMap.ember.color(at: -3) == ColorMap.ember.color(at: 0))
    #expect(ColorMap.ember.color(at: 7) == ColorMap.ember.color(at: 1))
  }

  /// Known colours: Ottosson's post gives white as (1, 0, 0); red is from its reference code.
  @Test func knownColours() {
    let white = OKLab(Color(1, 1, 1))
    #expect(abs(white.L - 1) < 1e-4 && abs(white.a) < 1e-4 && abs(white.b) < 1e-4)
    let red = OKLab(Color(1, 0, 0))
    #expect(abs(red.L - 0.6280) < 1e-3 && abs(red.a - 0.2249) < 1e-3 && abs(red.b - 0.1258) < 1e-3)
    let back = OKLab(Color(0.2, 0.5, 0.7)).color
    #expect(abs(back.red - 0.2) < 1e-4 && abs(back.green - 0.5) < 1e-4)
    #expect(abs(back.blue - 0.7) < 1e-4)
  }
}
