import FoveaData
import FoveaDrawing
import Testing

struct VideoDrawingTests {
  @Test func theFirstMapIsTakenAsItIs() {
    var smoothing = MapSmoothing(seconds: 0.5)
    smoothing.add([1, 3, 0, 0], at: 7)
    #expect(smoothing.values == [0.25, 0.75, 0, 0])
  }

  /// After τ a step has gone 1 − 1/e of its way, in however many frames.
  @Test(arguments: [1, 2, 10, 50]) func theRateOfFramesDoesNotMatter(_ frames: Int) {
    var smoothing = MapSmoothing(seconds: 0.5)
    smoothing.add([1, 0], at: 0)
    for frame in 1...frames { smoothing.add([0, 2], at: 0.5 * Double(frame) / Double(frames)) }
    #expect(abs(smoothing.values[1] - 0.632121) < 1e-5)
    #expect(abs(smoothing.values[0] - 0.367879) < 1e-5)
  }

  @Test func anEmptyMapLetsItFade() {
    var smoothing = MapSmoothing(seconds: 1)
    smoothing.add([4, 4], at: 0)
    smoothing.add([0, 0], at: 2)
    #expect(abs(smoothing.values[0] - 0.5 * 0.135335) < 1e-5)
  }

  @Test func withoutSmoothingEachMapStandsAlone() {
    var smoothing = MapSmoothing(seconds: 0)
    smoothing.add([1, 0], at: 0)
    smoothing.add([0, 5], at: 0)
    #expect(smoothing.values == [0, 1])
  }

  @Test(arguments: [(384, 216), (48, 48), (100, 301), (1921, 1081), (4000, 2000)])
  func allFramesHaveOneEvenSize(_ width: Int, _ height: Int) throws {
    let plate = VideoPlate(width: width, height: height)
    #expect(plate.width % 2 == 0 && plate.height % 2 == 0)
    #expect(max(plate.width, plate.height) < 2150)
    var figure = MadeFigures.figure(width: width, height: height)
    for faithful in [true, false, nil] {
      figure.verdict = .init(faithful: faithful, reason: "")
      figure.prediction = faithful == true ? "cat" : String(repeating: "a long name ", count: 20)
      let drawn = try plate.drawn(figure, at: 61.25)
      #expect(drawn.width == plate.width && drawn.height == plate.height)
    }
  }

  @Test func aRefusalIsSeenInEachFrame() throws {
    let plate = VideoPlate(width: 384, height: 216)
    var figure = MadeFigures.figure(width: 384, height: 216)
    let trusted = try plate.drawn(figure, at: 0)
    figure.verdict = .init(faithful: false, reason: "")
    let refused = try plate.drawn(figure, at: 0)
    // Red and white stripes along the upper edge.
    func row(_ picture: Picture) -> [[UInt8]] {
      (0..<384).map { Array(picture.pixels[(3 * (3 * 384 + $0))..<(3 * (3 * 384 + $0) + 3)]) }
    }
    #expect(row(refused).contains { $0[0] > 140 && $0[1] < 60 && $0[2] < 80 })
    #expect(row(refused).contains { $0.min() ?? 0 > 230 })
    #expect(!row(trusted).contains { $0[0] > 140 && $0[1] < 60 && $0[2] < 80 })
  }
}
