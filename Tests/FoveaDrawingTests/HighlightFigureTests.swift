import FoveaArray
import FoveaData
import FoveaDrawing
import FoveaExplain
import Testing

struct HighlightFigureTests {
  private let frame = PictureFrame(
    pictureWidth: 120, pictureHeight: 60, x: 30, y: 0, width: 60, height: 60)

  private func highlight(explained: String = "cat", faithful: Bool? = true) -> Highlight {
    var values = [Float](repeating: 0, count: 36)
    values[14] = 2
    return Highlight(
      prediction: .init(label: "cat", probability: 0.8734),
      explained: .init(label: explained, probability: 0.0512), method: .gradCAM,
      map: HighlightMap(width: 6, height: 6, values: values, frame: frame),
      regions: [
        HighlightRegion(
          x: 50, y: 20, width: 10, height: 10, strength: 1, peakX: 55, peakY: 25)
      ],
      scores: HighlightScores(
        deletion: ControlledScore(
          value: 0.1234, shifted: [0.35, 0.45], middle: 0.45, isLowerBetter: true),
        insertion: ControlledScore(
          value: 0.9, shifted: [0.7, 0.95], middle: 0.6, isLowerBetter: false),
        stability: 0.876,
        truth: TruthScore(
          pointsInside: true, shareInside: 0.61, truthShare: 0.12, shiftedPointsInside: 0.21,
          middlePointsInside: false)),
      localContrast: HighlightControl(deletion: 0.4, insertion: 0.5),
      verdict: faithful.map {
        HighlightVerdict(
          reasons: $0 ? [] : ["insertion: 1 of 2 shifted copies of the map does as well"])
      }
        ?? HighlightVerdict(
          notJudged: "the network is not shown to be better than always saying cat"),
      cost: HighlightCost(
        forwardPasses: 2, scoringForwardPasses: 800, seconds: 0.1, scoringSeconds: 1))
  }

  private let picture = MadeFigures.picture(width: 120, height: 60)

  @Test func theFigureShowsTheHighlightsNumbers() {
    let figure = HighlightFigure(highlight(), of: picture)
    #expect(figure.prediction == "cat, 87.3 %".replacing(" ", with: " "))
    #expect(figure.explainedClass == nil)
    #expect(figure.method == "grad-cam")
    #expect(figure.verdict.faithful == true && figure.verdict.words == "faithful")
    let rows = figure.scores
    #expect(
      rows.map(\.value) == ["0.123", "0.900", "0.88", "inside", "61 %", "0.400", "0.500"])
    #expect(rows[0].shifted == "0.400" && rows[0].middle == "0.450" && rows[0].passes == true)
    #expect(rows[3].middle == "outside" && rows[3].shifted == "21 %")
    #expect(
      figure.notes == ["The truth covers 12 % of what is seen.", HighlightVerdict.meaning])
    #expect(figure.regions.map(\.text) == ["10×10 pixels at x 50, y 20: 100 % of the map"])
  }

  @Test func anotherClassIsNamed() {
    #expect(
      HighlightFigure(highlight(explained: "dog"), of: picture).explainedClass == "dog, 5.1 %")
  }

  @Test func aRefusalGivesItsReason() {
    let figure = HighlightFigure(highlight(faithful: false), of: picture)
    #expect(figure.verdict.faithful == false && figure.verdict.words == "not faithful")
    #expect(figure.verdict.reason == "Insertion: 1 of 2 shifted copies of the map does as well.")
    // Insertion has a cross; deletion, which did beat its controls, has no tick that approves of anything.
    #expect(figure.scores[0].passes == nil && figure.scores[1].passes == false)
  }

  @Test func whatWasNotJudgedHasNeitherTickNorColours() {
    let figure = HighlightFigure(highlight(faithful: nil), of: picture)
    #expect(figure.verdict.faithful == nil && figure.verdict.words == "not judged")
    #expect(
      figure.verdict.reason == "The network is not shown to be better than always saying cat.")
    #expect(figure.scores.allSatisfy { $0.passes == nil })
    #expect(figure.colors.color(at: 0.5) == ColorMap.ash.color(at: 0.5))
  }

  /// Nothing green stands on a plate whose picture and map are grey: it would be read as approval.
  @Test func noVerdictIsGreen() throws {
    for faithful in [true, false, nil] as [Bool?] {
      var figure = HighlightFigure(highlight(faithful: faithful), of: picture)
      figure.picture = Picture(
        width: 120, height: 60, channels: 1, made: [UInt8](repeating: 90, count: 7200))
      figure.map = HeatMap(width: 1, height: 1, values: [0])
      let plate = try HighlightPlate(figure).drawn()
      let picture = HighlightPlate(figure).layout().picture
      // The colour bar below has its own colours: only what stands above it is looked at.
      let greens = (0..<(plate.width * plate.height)).count { place in
        let (x, y) = (Double(place % plate.width), Double(place / plate.width))
        guard x < picture.x || x > picture.right || y < picture.y || y > picture.bottom else {
          return false
        }
        let pixel = plate.pixels[(3 * place)..<(3 * place + 3)].map(Int.init)
        return pixel[1] > pixel[0] + 30 && pixel[1] > pixel[2] + 30
      }
      #expect(greens == 0, "\(String(describing: faithful))")
    }
  }

  /// The outline of a box, and of a mask of another size, lies where they say, on plate and sheet.
  @Test(arguments: [true, false]) func theTruthIsDrawn(isMask: Bool) throws {
    let mask = Picture(
      width: 12, height: 6, channels: 1,
      made: (0..<72).map { (2..<6).contains($0 % 12) && (1..<4).contains($0 / 12) ? 255 : 0 })
    let truth =
      isMask ? Truth.mask(mask) : .boxes([.init(x: 20, y: 10, width: 40, height: 30)])
    let outline = TruthOutline(truth, width: 120, height: 60)
    let points = outline.lines.flatMap(\.self)
    #expect(points.map(\.x).min() == 20 && points.map(\.x).max() == 60)
    #expect(points.map(\.y).min() == 10 && points.map(\.y).max() == 40)
    let figure = HighlightFigure(highlight(), of: picture, truth: truth)
    #expect(
      figure.notes.first == "The truth, outlined in light blue, covers 12 % of what is seen.")
    let layout = HighlightPlate(figure).layout()
    let plate = try [highlight()].drawn(on: picture, truth: truth)
    func isBlue(_ x: Double, _ y: Double) -> Bool {
      let scale = layout.size.scale(of: picture)
      let place =
        Int(layout.picture.y + y * scale) * plate.width + Int(layout.picture.x + x * scale)
      let pixel = plate.pixels[(3 * place)..<(3 * place + 3)]
      return pixel.first ?? 255 < 110 && pixel.last ?? 0 > 200
    }
    for (x, y) in [(40.0, 10.0), (40, 40), (20, 25), (60, 15)] {
      #expect([-0.3, 0, 0.3].contains { isBlue(x + $0, y + $0) }, "\(x), \(y)")
    }
    #expect(!isBlue(40, 25) && !isBlue(100, 50))
    let two = try [highlight(), highlight()].drawn(on: picture, truth: truth)
    #expect(two != (try [highlight(), highlight()].drawn(on: picture)))
  }

  /// The network saw the middle of the picture: nothing is drawn beside it, and the strongest
  /// place lies in its region.
  @Test func theMapLiesWhereTheNetworkLooked() throws {
    let figure = HighlightFigure(highlight(), of: picture)
    let drawn = Overlay(.ember)(picture, figure.map)
    func isTouched(_ x: Int, _ y: Int) -> Bool {
      let start = 3 * (y * 120 + x)
      return drawn.pixels[start..<(start + 3)] != picture.pixels[start..<(start + 3)]
    }
    for y in 0..<60 {
      for x in Array(0..<30) + Array(90..<120) { #expect(!isTouched(x, y)) }
    }
    #expect(isTouched(55, 25))
    #expect(!isTouched(85, 55))
  }

  @Test func aPictureOfAnotherSizeIsAnError() {
    #expect(throws: InputError.self) {
      try highlight().drawn(on: MadeFigures.picture(width: 60, height: 60))
    }
  }

  @Test func oneHighlightIsAPlateAndSeveralAreASheet() throws {
    let one = try [highlight()].drawn(on: picture)
    let three = try [highlight(), highlight(), highlight()].drawn(on: picture)
    #expect(one == (try highlight().drawn(on: picture)))
    #expect(three.width * three.height > one.width * one.height)
    #expect(try highlight().thumbnail(on: picture, side: 100).width == 100)
  }
}
