import FoundationEssentials
import FoveaData
import FoveaExplain
import Testing

@Suite("A highlight")
struct HighlightTests {
  private let frame = PictureFrame(
    pictureWidth: 8, pictureHeight: 4, x: 0, y: 0, width: 8, height: 4)

  @Test("a map is scaled to 1, and what is negative or no number becomes 0")
  func scaling() {
    let map = HighlightMap(width: 2, height: 2, values: [-1, 2, .nan, 4], frame: frame)
    #expect(map.values == [0, 0.5, 0, 1])
    #expect(map.peak == (1, 1))
    #expect(!map.isConstant)
    #expect(HighlightMap(width: 2, height: 1, values: [3, 3], frame: frame).isConstant)
    #expect(HighlightMap(width: 2, height: 1, values: [-3, -4], frame: frame).values == [0, 0])
  }

  @Test("a map written as JSON and read again is the same, byte by byte in base64")
  func coding() throws {
    let map = HighlightMap(width: 2, height: 1, values: [0.1, 0.7], frame: frame)
    let data = try JSONEncoder().encode(map)
    #expect(try JSONDecoder().decode(HighlightMap.self, from: data) == map)
    // 1 as a 32-bit float is 0x3F800000, lowest byte first 00 00 80 3F: in base64 AACAPw==.
    let one = try JSONEncoder().encode(
      HighlightMap(width: 1, height: 1, values: [1], frame: frame))
    #expect(String(decoding: one, as: UTF8.self).contains("AACAPw=="))
  }

  @Test("a frame is the whole picture when stretched and its middle when cropped")
  func frames() throws {
    let stretched = PictureFrame(
      pictureWidth: 200, pictureHeight: 100, input: try PictureInput(width: 50, height: 50))
    #expect(stretched.position(x: 0.5, y: 1) == (100, 100))
    let cropped = PictureFrame(
      pictureWidth: 200, pictureHeight: 100,
      input: try PictureInput(width: 50, height: 50, mode: .shorterSide))
    #expect((cropped.x, cropped.y, cropped.width, cropped.height) == (50, 0, 100, 100))
    #expect(cropped.position(x: 0.5, y: 0.5) == (100, 50))
    #expect(cropped.shares(x: 150, y: 25) == (1, 0.25))
  }

  @Test("a verdict is written as true, false, or null where it was not judged")
  func verdicts() throws {
    func text(_ verdict: HighlightVerdict) throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(verdict), as: UTF8.self)
    }
    #expect(try text(HighlightVerdict(reasons: [])) == #"{"faithful":true,"reasons":[]}"#)
    #expect(try text(HighlightVerdict(reasons: ["a"])) == #"{"faithful":false,"reasons":["a"]}"#)
    #expect(
      try text(HighlightVerdict(notJudged: "b")) == #"{"faithful":null,"reasons":["b"]}"#)
  }

  @Test("a gain counts from 0.02 of probability on, and two spreads from the shifted copies on")
  func leastGain() {
    func score(_ value: Double, _ shifted: [Double], middle: Double = 0.9) -> ControlledScore {
      ControlledScore(value: value, shifted: shifted, middle: middle, isLowerBetter: true)
    }
    // Better than all by a hundred-millionth, as an all-black picture is.
    let rounding = score(0.401_449_68, [0.401_449_72, 0.401_449_72])
    #expect(rounding.shiftedAsGood == 0 && !rounding.beatsAll)
    #expect(score(0.27, [0.3, 0.3]).beatsAll && !score(0.29, [0.3, 0.3]).beatsAll)
    // The copies lie about 0.4 with a deviation of 0.1: what is first among them may be one of them.
    let wide = [0.3, 0.4, 0.5]
    #expect(abs(score(0, wide).spread - 0.1) < 1e-12)
    #expect(!score(0.25, wide).beatsAll && score(0.19, wide).beatsAll)
    #expect(!score(0.19, wide, middle: 0.2).beatsAll)
  }

  @Test(
    "near the limit half of what a control leaves is enough, never so for the mean of the copies")
  func limit() {
    func score(_ value: Double, _ shifted: [Double], limit: Double?) -> ControlledScore {
      ControlledScore(
        value: value, shifted: shifted, middle: 0.5, isLowerBetter: false, limit: limit)
    }
    // One copy lies beside the map and answers as surely; two spreads over the mean would lie above 1.
    let shifted = [0.5, 0.6, 0.97]
    #expect(score(0.979, shifted, limit: 0.98).beatsAll)
    #expect(!score(0.974, shifted, limit: 0.98).beatsAll)
    #expect(!score(0.979, shifted, limit: nil).beatsAll)
    #expect(!score(0.97, shifted, limit: 0.98).beatsAll)
    // Where even the whole picture changes little, no share of that little is a gain.
    #expect(!score(0.2608, [0.25, 0.251, 0.252], limit: 0.261).beatsAll)
    // A control that is beyond the limit leaves no room to share.
    #expect(score(0.99, shifted, limit: 0.96).neededGain(over: 0.97) == 0.02)
    let deletion = ControlledScore(
      value: 0.05, shifted: [0.06, 0.5, 0.6], middle: 0.5, isLowerBetter: true, limit: 0.048)
    #expect(abs(deletion.neededGain(over: 0.06) - 0.006) < 1e-12 && deletion.beatsAll)
  }

  @Test("reasons say one copy in the singular, and a gain with the decimals that tell it apart")
  func reasons() {
    func scores(_ middle: Double) -> HighlightScores {
      HighlightScores(
        deletion: ControlledScore(
          value: 0.3, shifted: [0.3, 0.5], middle: 0.5, isLowerBetter: true),
        insertion: ControlledScore(
          value: 0.9, shifted: [0.5, 0.5], middle: middle, isLowerBetter: false),
        stability: 0.9)
    }
    func reasons(_ middle: Double) -> [String] {
      HighlightVerdict(isConstant: false, scores: scores(middle)).reasons
    }
    #expect(
      reasons(0.8804) == [
        "deletion: 1 of 2 shifted copies of the map does as well (p = 0.667)",
        "insertion: 0.0196 better than a spot in the middle, where 0.0200 counts as a gain",
      ])
    #expect(
      reasons(0.885).last
        == "insertion: 0.015 better than a spot in the middle, where 0.020 counts as a gain")
    #expect(
      reasons(0.8999).last
        == "insertion: 0.0001 better than a spot in the middle, where 0.0200 counts as a gain")
  }

  @Test("ties count against a score")
  func ties() {
    let better = ControlledScore(
      value: 0.2, shifted: [0.3, 0.4], middle: 0.3, isLowerBetter: true)
    #expect(better.beatsAll)
    #expect(better.p == 1.0 / 3)
    let tied = ControlledScore(value: 0.3, shifted: [0.3, 0.4], middle: 0.5, isLowerBetter: true)
    #expect(!tied.beatsAll)
    #expect(tied.p == 2.0 / 3)
    let middle = ControlledScore(
      value: 0.6, shifted: [0.3, 0.4], middle: 0.6, isLowerBetter: false)
    #expect(!middle.beatsAll)
    #expect(middle.shiftedAsGood == 0)
  }
}
