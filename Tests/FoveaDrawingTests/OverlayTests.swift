import FoveaData
import FoveaDrawing
import Testing

struct OverlayTests {
  private let picture = MadeFigures.picture(width: 77, height: 49)

  private func pixel(_ picture: Picture, _ x: Int, _ y: Int) -> [UInt8] {
    let start = (y * picture.width + x) * picture.channels
    return Array(picture.pixels[start..<(start + picture.channels)])
  }

  @Test func whereTheMapIsZeroThePictureStays() {
    var values = [Float](repeating: 0, count: 7 * 7)
    values[3 * 7 + 5] = 2
    let map = HeatMap(width: 7, height: 7, values: values)
    let drawn = Overlay(.ember)(picture, map)
    // The curve through the cells reaches two cells on each side of the one that is not zero.
    for y in 0..<49 {
      for x in 0..<77 where x < 38 || y < 10 || y >= 39 {
        #expect(pixel(drawn, x, y) == pixel(picture, x, y))
      }
    }
    // The cell's middle has the full value, and the strongest colour that is laid over.
    let peak = pixel(drawn, 60, 24).map(Double.init)
    let below = pixel(picture, 60, 24).map(Double.init)
    let color = ColorMap.ember.color(at: 1)
    let opacity = Overlay.opacity(at: 1)
    for (index, part) in [color.red, color.green, color.blue].enumerated() {
      let expected = below[index] + opacity * (255 * part - below[index])
      #expect(abs(peak[index] - expected) <= 1.5)
    }
    #expect(opacity < 0.75)
  }

  @Test func aFlatMapChangesNothing() {
    for values: [Float] in [[0, 0, 0, 0], [3, 3, 3, 3], [.nan, .nan, .nan, .nan]] {
      let map = HeatMap(width: 2, height: 2, values: values)
      #expect(map.isFlat)
      #expect(Overlay(.ember)(picture, map) == picture)
    }
  }

  @Test func greyBecomesColourWhereItIsHot() {
    let grey = MadeFigures.picture(width: 40, height: 40, channels: 1)
    let map = HeatMap(width: 2, height: 1, values: [0, 1])
    let drawn = Overlay(.ember)(grey, map)
    #expect(drawn.channels == 3)
    let cold = pixel(drawn, 2, 20)
    #expect(cold == [cold[0], cold[0], cold[0]] && cold[0] == grey.pixels[20 * 40 + 2])
    let hot = pixel(drawn, 37, 20)
    #expect(Int(hot[0]) - Int(hot[2]) > 60)
  }

  @Test func whatIsNoNumberCountsAsLeast() {
    let map = HeatMap(width: 3, height: 1, values: [.nan, 1, 4])
    #expect(map.values == [0, 0.25, 1])
    #expect(HeatMap(width: 3, height: 1, values: [-2, 0, 2]).values == [0, 0.5, 1])
    #expect(HeatMap(width: 2, height: 1, values: [1, 2], largest: 4).values == [0.25, 0.5])
  }

  @Test func outsideItsCoverageThePictureStays() {
    let map = HeatMap(
      width: 2, height: 1, values: [0.5, 1],
      coverage: Rectangle(x: 0.5, y: 0, width: 0.5, height: 1))
    let drawn = Overlay(.ember)(picture, map)
    for x in 0..<38 { #expect(pixel(drawn, x, 20) == pixel(picture, x, 20)) }
    for x in 39..<77 { #expect(pixel(drawn, x, 20) != pixel(picture, x, 20)) }
  }

  @Test func aMapOfOneCellIsEven() {
    // A single cell says nothing about where.
    #expect(HeatMap(width: 1, height: 1, values: [5]).isFlat)
  }
}
