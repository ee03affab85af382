import FoveaArray
import FoveaData
import FoveaDrawing
import FoveaExplain
import Testing

struct HighlightFigureTests {
  private let frame = PictureFrame(
    pictureWidth: 120, pictureHeight: 60, x: 30, y: 0, width: 60, height: 60)

  private func highlight(explained: String = "cat", isTrustworthy: Bool = true) -> Highlight {
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
          value: 0.1234, shifted: [0.3, 0.5], centred: 0.45, isLowerBetter: true),
        insertion: ControlledScore(
          value: 0.9, shifted: [0.7, 0.95], centred: 0.6, isLowerBetter: false),
        stability: 0.876,
        truth: TruthScore(
          pointsInside: true, shareInside: 0.61, truthShare: 0.12, shiftedPointsInside: 0.21,
          centredPointsInside: false)),
      verdict: HighlightVerdict(
        reasons: isTrustworthy ? [] : ["insertion: 1 of 2 shifted copies of the map do as well"]),
      cost: HighlightCost(
        forwardPasses: 2, scoringForwardPasses: 800, seconds: 0.1, scoringSeconds: 1))
  }

  private let picture = MadeFigures.picture(width: 120, height: 60)

  @Test func theFigureShowsTheHighlightsNumbers() {
    let figure = HighlightFigure(highlight(), of: picture)
    #expect(figure.prediction == "cat, 87.3 %".replacing(" ", with: " "))
    #expect(figure.explainedClass == nil)
    #expect(figure.method == "grad-cam")
    #expect(figure.verdict.isTrustworthy)
    let rows = figure.scores
    #expect(
      rows.map(\.value) == ["0.123", "0.900", "0.88", "inside", "61 %"])
    #expect(rows[0].shifted == "0.400" && rows[0].centered == "0.450" && rows[0].passes == true)
    // One shifted copy is better.
    #expect(rows[1].passes == false)
    #expect(rows[3].centered == "outside" && rows[3].shifted == "21 %")
    #expect(figure.notes == ["The truth covers 12 % of what is seen."])
    #expect(figure.regions.map(\.text) == ["at 50, 20, 10×10: 100 % of the map"])
  }

  @Test func anotherClassIsNamed() {
    #expect(
      HighlightFigure(highlight(explained: "dog"), of: picture).explainedClass == "dog, 5.1 %")
  }

  @Test func aRefusalGivesItsReason() {
    let verdict = HighlightFigure(highlight(isTrustworthy: false), of: picture).verdict
    #expect(!verdict.isTrustworthy && verdict.words == "not trustworthy")
    #expect(verdict.reason == "Insertion: 1 of 2 shifted copies of the map do as well.")
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
