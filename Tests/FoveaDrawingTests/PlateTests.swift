import FoveaArray
import FoveaData
import FoveaDrawing
import Testing

struct PlateTests {
  private static let names = [
    "cat, 87.3 %", "", "猫 51.0 %", "مرحبا بالعالم, 60.2 %", "Крупнозернистая поверхность, 99.9 %",
    String(repeating: "unbreakable", count: 30), String(repeating: "many words ", count: 60),
    "two\nlines\tand a tab", "e\u{301}\u{302}\u{303}\u{304}\u{305} z\u{0}ero",
  ]

  @Test(arguments: [(48, 48), (48, 20), (384, 216), (2000, 1300), (300, 900), (1000, 4), (1, 1)])
  func everythingIsInItsPlace(_ width: Int, _ height: Int) {
    for name in Self.names {
      var figure = MadeFigures.figure(width: width, height: height, prediction: name)
      figure.explainedClass = name
      figure.method = name
      figure.notes = [name, name]
      figure.scores.append(.init(name: name, value: name, shifted: name, middle: name))
      let layout = HighlightPlate(figure).layout()
      let plate = Rectangle(
        x: 0, y: 0, width: Double(layout.width), height: Double(layout.height))
      #expect(plate.contains(layout.picture) && plate.contains(layout.legendFrame))
      let apart =
        layout.legendFrame.x >= layout.picture.right
        || layout.legendFrame.y >= layout.picture.bottom
      #expect(apart)
      let legend = Rectangle(x: 0, y: 0, width: layout.legend.width, height: layout.legend.height)
      for frame in layout.legend.frames { #expect(legend.contains(frame), "\(name): \(frame)") }
    }
  }

  @Test(arguments: names) func inkStaysWithinTheText(_ name: String) {
    for width in [20.0, 140, 600] {
      for lines in 1...3 {
        let text = TextBlock(name, TextStyle(size: 13), width: width, lines: lines)
        #expect(text.width <= width)
        // Marks above a letter may leave the line, by less than its height.
        let room = Rectangle(x: 0, y: 0, width: text.width, height: text.height)
        #expect(text.ink.width == 0 || room.inset(by: -13).contains(text.ink))
      }
    }
  }

  /// Where no font is installed, Cairo's own letters stand in.
  @Test(arguments: names) func withoutFontsTextIsStillSetAndDrawn(_ name: String) throws {
    for width in [20.0, 140, 600] {
      let text = TextBlock(name, TextStyle(size: 13), width: width, lines: 3, usesFonts: false)
      #expect(text.width <= width && text.height > 13 && text.height < 20)
    }
    let canvas = try Canvas(width: 200, height: 40)
    let blank = canvas.picture()
    canvas.draw(TextBlock("score: 0.5", TextStyle(size: 13), usesFonts: false), x: 10, y: 10)
    let drawn = canvas.picture()
    let changed = (0..<8000).filter { drawn.pixels[3 * $0] != blank.pixels[3 * $0] }
    #expect(changed.count > 50)
    #expect(changed.allSatisfy { (8..<32).contains($0 / 200) && $0 % 200 >= 9 })
  }

  @Test func longTextIsCutAndSaysSo() {
    let long = TextBlock(Self.names[5], TextStyle(size: 13), width: 100, lines: 2)
    #expect(long.isCut)
    #expect(!TextBlock("short", TextStyle(size: 13), width: 100, lines: 2).isCut)
  }

  @Test func smallPicturesAreEnlargedByWholePixels() throws {
    let small = HighlightPlate(MadeFigures.figure(width: 48, height: 48)).layout()
    #expect(small.size.factor == 8 && small.size.width == 384)
    let large = HighlightPlate(MadeFigures.figure(width: 2000, height: 1300)).layout()
    #expect(large.size.factor == 1 && large.size.width == 2000 && large.size.height == 1300)
    #expect(large.unit > 2.5)
    let huge = Enlargement(width: 9000, height: 4500)
    #expect(huge.width == 4096 && huge.height == 2048)
    let picture = Picture(width: 2, height: 1, channels: 1, made: [10, 200])
    let enlarged = try Enlargement(width: 2, height: 1)(picture)
    #expect(enlarged.width == 32 && enlarged.height == 16)
    #expect(enlarged.pixels[0] == 10 && enlarged.pixels[15] == 10 && enlarged.pixels[16] == 200)
  }

  @Test func outlinesAreWhereRegionsAre() throws {
    var figure = MadeFigures.figure(width: 400, height: 400)
    figure.picture = Picture(
      width: 400, height: 400, channels: 1, made: [UInt8](repeating: 120, count: 160_000))
    figure.map = HeatMap(width: 2, height: 2, values: [0, 0, 0, 0])
    figure.regions = [
      .init(area: Rectangle(x: 100, y: 60, width: 120, height: 200), text: "all of it")
    ]
    let layout = HighlightPlate(figure).layout()
    let drawn = try HighlightPlate(figure).drawn()
    let (left, top) = (Int(layout.picture.x), Int(layout.picture.y))
    func grey(_ x: Int, _ y: Int) -> Int {
      Int(drawn.pixels[3 * ((top + y) * drawn.width + left + x)])
    }
    // White on black: readable on any picture. One unit outside the region.
    for (x, y) in [(160, 59), (160, 260), (99, 160), (220, 160)] {
      let near = (-3...3).flatMap { d in [grey(x + d, y), grey(x, y + d)] }
      #expect((near.max() ?? 0) > 190 && (near.min() ?? 255) < 80, "\(x), \(y)")
    }
    // The picture's other pixels stay, in the region and far from it.
    for (x, y) in [(160, 160), (110, 70), (30, 30), (390, 390), (90, 160), (230, 160)] {
      #expect(grey(x, y) == 120, "\(x), \(y)")
    }
  }

  @Test func regionsAtTheEdgeKeepTheirLine() throws {
    var figure = MadeFigures.figure(width: 400, height: 400)
    figure.map = HeatMap(width: 1, height: 1, values: [0])
    figure.picture = Picture(
      width: 400, height: 400, channels: 1, made: [UInt8](repeating: 120, count: 160_000))
    figure.regions = [.init(area: Rectangle(x: 0, y: 0, width: 400, height: 400), text: "all")]
    let drawn = try figure.thumbnail(side: 400)
    #expect(drawn.width == 400)
    for (x, y) in [(200, 0), (0, 200), (200, 399), (399, 200)] {
      let inward = (0..<8).map { d -> Int in
        let px = x == 0 ? d : x == 399 ? 399 - d : x
        let py = y == 0 ? d : y == 399 ? 399 - d : y
        return Int(drawn.pixels[3 * (py * 400 + px)])
      }
      #expect((inward.max() ?? 0) > 190)
    }
  }

  @Test func aRefusalIsSeenAndTold() throws {
    let trusted = MadeFigures.figure(width: 96, height: 96)
    var refused = trusted
    refused.verdict = .init(faithful: false, reason: "It does not beat a spot in the middle.")
    #expect(refused.verdict.words == "not faithful")
    func colourfulness(_ picture: Picture) -> Int {
      stride(from: 0, to: picture.pixels.count, by: 3).reduce(0) { sum, start in
        sum + Int(picture.pixels[start].magnitude)
          - Int(min(picture.pixels[start], picture.pixels[start + 2]))
      }
    }
    // Red stripes around the picture, and hardly any colour within.
    let plate = try HighlightPlate(refused).drawn()
    let frame = HighlightPlate(refused).layout().picture
    let stripes = (0..<Int(frame.width)).map { x -> [UInt8] in
      let start = 3 * ((Int(frame.y) - 4) * plate.width + Int(frame.x) + x)
      return Array(plate.pixels[start..<(start + 3)])
    }
    #expect(stripes.contains { $0[0] > 140 && $0[1] < 60 })
    #expect(stripes.contains { $0.min() ?? 0 > 230 })
    let small = try (trusted.thumbnail(), refused.thumbnail())
    #expect(small.0.width == 192 && small.1.height == 192)
    #expect(small.0 != small.1)
    let inner = { (picture: Picture) in
      let rows = 20..<100
      return Picture(
        width: 60, height: rows.count, channels: 3,
        made: rows.flatMap { y in
          Array(picture.pixels[(3 * (y * 192 + 100))..<(3 * (y * 192 + 160))])
        })
    }
    #expect(colourfulness(inner(small.0)) > 2 * colourfulness(inner(small.1)))
  }

  @Test func aSheetHasACellForEachMethod() throws {
    for count in 1...8 {
      let figures = (0..<count).map { index in
        MadeFigures.figure(
          width: 96, height: 64, faithful: index % 2 == 0, method: "method \(index)")
      }
      let layout = MethodSheet(figures).layout()
      #expect(layout.columns * layout.rows >= count + 1)
      #expect((layout.columns - 1) * layout.rows < count + 1)
      #expect(layout.legends.count == count + 1)
      for legend in layout.legends {
        let room = Rectangle(x: 0, y: 0, width: legend.width, height: legend.height)
        for frame in legend.frames { #expect(room.contains(frame)) }
      }
    }
    let sheet = MethodSheet([MadeFigures.figure(width: 96, height: 64)])
    let drawn = try sheet.drawn()
    #expect(drawn.width == sheet.layout().width && drawn.height == sheet.layout().height)
    let large = MethodSheet([MadeFigures.figure(width: 2000, height: 1000)]).layout()
    #expect(large.size.width == 1200)
  }

  @Test func equalFiguresGiveEqualPictures() throws {
    let figure = MadeFigures.figure(width: 48, height: 30)
    #expect(try HighlightPlate(figure).drawn() == HighlightPlate(figure).drawn())
  }

  @Test func whatCannotBeDrawnIsAnError() {
    #expect(throws: InputError.self) { _ = try Canvas(width: 0, height: 5) }
    #expect(throws: InputError.self) { _ = try Canvas(width: 5, height: 40_000) }
  }
}
