import FoveaArray
import FoveaData
import FoveaExplain
import FoveaGraph
import FoveaNN
import Testing

@Suite("Scores and controls")
struct ScoreTests {
  private let rows = 3..<9
  private let columns = 14..<20
  private let side = 24

  private func areas(_ maps: [[Float]]) throws -> [DeletionInsertion.Areas] {
    let network = try Made.patchNetwork(side: side, rows: rows, columns: columns, offset: 220)
    let picture = InputPicture(
      Made.patchPicture(side: side, rows: rows, columns: columns), network.input)
    let measured = try DeletionInsertion(picture, target: 0, steps: 10)
      .areas(of: maps, in: network)
    // The first map is the patch, which alone matters: nothing could be deleted or inserted faster.
    #expect(abs(measured.limit.deletion - measured.areas[0].deletion) < 1e-6)
    #expect(abs(measured.limit.insertion - measured.areas[0].insertion) < 1e-6)
    return measured.areas
  }

  @Test(
    "the map of the patch that alone matters deletes fast and inserts fast; its reverse does neither"
  )
  func direction() throws {
    let right = (0..<(side * side)).map { index in
      rows.contains(index / side) && columns.contains(index % side) ? Float(1) : 0
    }
    let found = try areas([right, right.map { 1 - $0 }])
    // The patch is 1/16 of the picture: gone, or back, after the first of ten steps.
    #expect(found[0].deletion < 0.1)
    #expect(found[0].insertion > 0.9)
    #expect(found[1].deletion > 0.9)
    #expect(found[1].insertion < 0.1)
  }

  private func highlight(
    _ network: ExplainedNetwork, _ method: HighlightMethod, truth: Truth? = nil,
    study: HighlightStudy? = nil, seed: UInt64 = 1, hasOther: Bool = true
  ) throws -> Highlight {
    var settings = HighlightSettings()
    settings.maskCount = 128
    settings.seed = seed
    let explainer = Explainer(
      network, classes: ["bright", "dark"],
      input: try PictureInput(width: side, height: side, channels: .grey), settings: settings)
    return try explainer.highlights(
      of: Made.patchPicture(side: side, rows: rows, columns: columns, hasOther: hasOther),
      Explainer.Request(methods: [method], truth: truth, study: study))[0]
  }

  @Test("the right map beats its shifts and the middle, and finds the truth")
  func faithful() throws {
    let network = try Made.patchNetwork(side: side, rows: rows, columns: columns, offset: 220)
    let highlight = try highlight(
      network, .integratedGradients,
      truth: .boxes([.init(x: 14, y: 3, width: 6, height: 6)]))
    #expect(highlight.verdict.faithful == true, "\(highlight.verdict.reasons)")
    #expect(highlight.scores.deletion.p == 0.05)
    #expect(highlight.scores.insertion.p == 0.05)
    #expect(highlight.prediction.label == "bright")
    #expect(highlight.explained == highlight.prediction)
    let region = try #require(highlight.regions.first)
    #expect((13...15).contains(region.x) && (2...4).contains(region.y))
    let truth = try #require(highlight.scores.truth)
    #expect(truth.pointsInside)
    #expect(truth.shareInside > 0.7)
    #expect(truth.truthShare == 36.0 / 576)
    #expect(truth.shiftedPointsInside < 0.2)
    #expect(!truth.middlePointsInside)
  }

  @Test(
    "an all-black picture, of which nothing can be used, has no faithful highlight by any method")
  func black() throws {
    let (model, weights) = try Made.cnn()
    let network = try ExplainedNetwork(model, weights: weights, threads: 1)
    var settings = HighlightSettings()
    settings.maskCount = 128
    let explainer = Explainer(
      network, classes: ["a", "b", "c"], input: try PictureInput(width: 16, height: 16),
      settings: settings)
    let black = Picture(
      width: 16, height: 16, channels: 3, made: [UInt8](repeating: 0, count: 768))
    let highlights = try explainer.highlights(
      of: black, .init(methods: HighlightMethod.allCases))
    #expect(highlights.count == HighlightMethod.allCases.count)
    for highlight in highlights {
      #expect(highlight.verdict.faithful == false, "\(highlight.method)")
    }
  }

  @Test("a map that says no more than what stands out of the picture is refused")
  func contrast() throws {
    let network = try Made.patchNetwork(side: side, rows: rows, columns: columns, offset: 220)
    // The patch is all that stands out, so that nobody needs the network to find it.
    let found = try highlight(network, .integratedGradients, hasOther: false)
    #expect(found.scores.deletion.beatsAll && found.scores.insertion.beatsAll)
    #expect(!found.scores.deletion.beats(found.localContrast.deletion))
    #expect(
      found.verdict.reasons == [
        "deletion: no better than local contrast", "insertion: no better than local contrast",
      ])
  }

  @Test("nothing is judged where something is known against the network, and only that is said")
  func doubt() throws {
    let network = try Made.patchNetwork(side: side, rows: rows, columns: columns, offset: 220)
    let explainer = Explainer(
      network, classes: ["bright", "dark"],
      input: try PictureInput(width: side, height: side, channels: .grey))
    let highlight = try explainer.highlights(
      of: Made.patchPicture(side: side, rows: rows, columns: columns, hasOther: true),
      .init(methods: [.integratedGradients], doubt: "it knows nothing"))[0]
    #expect(highlight.verdict.faithful == nil)
    #expect(highlight.verdict.reasons == ["it knows nothing"])
    #expect(highlight.scores.deletion.beatsAll)
  }

  @Test("a network that does not look at the picture gets no highlight, and is told why")
  func constantMap() throws {
    let network = try Made.network(
      LinearNetwork(places: side * side), width: side, height: side,
      weights: [
        "dense.weight": HostArray(repeating: Float(0), shape: [2, side * side]),
        "dense.bias": HostArray([1, 0] as [Float]),
      ])
    let highlight = try highlight(network, .integratedGradients)
    #expect(highlight.verdict.faithful == false)
    #expect(highlight.regions.isEmpty)
    #expect(
      highlight.verdict.reasons == [
        "the map is the same everywhere and points nowhere",
        "deletion: 19 of 19 shifted copies of the map do as well (p = 1)",
        "deletion: no better than a spot in the middle",
        "deletion: no better than local contrast",
        "insertion: 19 of 19 shifted copies of the map do as well (p = 1)",
        "insertion: no better than a spot in the middle",
        "insertion: no better than local contrast",
        "stability: under a little noise the map is another (rank correlation 0.00)",
      ])
  }

  @Test("the same seed and picture give the same highlight; another seed draws other shifts")
  func determinism() throws {
    func made(_ seed: UInt64) throws -> Highlight {
      try highlight(
        Made.patchNetwork(side: side, rows: rows, columns: columns, offset: 220), .rise,
        seed: seed)
    }
    let (first, again, other) = (try made(1), try made(1), try made(2))
    #expect(first.map == again.map)
    #expect(first.scores == again.scores)
    #expect(first.regions == again.regions)
    #expect(first.scores.deletion.shifted != other.scores.deletion.shifted)
  }

  @Test("19 shifts keep an eighth of the side from the map and from each other, round the edges")
  func shifts() {
    let controls = MapControls(count: 19, width: 48, height: 32, key: RandomKey(seed: 2))
    let all = [(rows: 0, columns: 0)] + controls.shifts
    #expect(all.count == 20)
    for (index, first) in all.enumerated() {
      for second in all.dropFirst(index + 1) {
        let down = abs(first.rows - second.rows)
        let across = abs(first.columns - second.columns)
        let y = Double(min(down, 32 - down)) / 32
        let x = Double(min(across, 48 - across)) / 48
        #expect((x * x + y * y).squareRoot() >= 1.0 / 8)
      }
    }
    // There is room for three copies only: none stands twice, and none is the map itself.
    let few = MapControls(count: 19, width: 2, height: 2, key: RandomKey(seed: 2)).shifts
    #expect(
      Set(few.map { [$0.rows, $0.columns] }) == [[0, 1], [1, 0], [1, 1]] && few.count == 3)
    #expect(MapControls(count: 19, width: 1, height: 1, key: RandomKey(seed: 2)).shifts.isEmpty)
  }

  @Test("a map that lies nowhere in particular beats its 19 shifts about once in 20")
  func level() {
    // Scores that know nothing of the map: a number for each place to which it may be moved.
    let draws = 2000
    let wins = (0..<draws).count { draw in
      let key = RandomKey(seed: 11).folding(draw)
      let controls = MapControls(count: 19, width: 16, height: 16, key: key)
      let origin = key.folding("origin").integer(below: 256, at: 0)
      func score(_ shift: (rows: Int, columns: Int)) -> Float {
        let row = (origin / 16 + shift.rows) % 16
        let column = (origin % 16 + shift.columns) % 16
        // Neighbours are alike, as scores of shifted maps are.
        return key.folding("scores").uniform(at: UInt64(row / 4 * 4 + column / 4))
      }
      let own = score((0, 0))
      return controls.shifts.allSatisfy { score($0) < own }
    }
    // Ties count against the map, so that it is below 5 %, never above by more than chance.
    #expect(Double(wins) / Double(draws) < 0.065)
    #expect(wins > draws / 100)
  }

  @Test("a shift moves down and to the right and comes back on the other side")
  func shiftedPlane() {
    let plane = Plane(width: 3, height: 2, values: [1, 2, 3, 4, 5, 6])
    #expect(plane.shifted(rows: 1, columns: 1).values == [6, 4, 5, 3, 1, 2])
  }

  @Test("a coarse plane is enlarged between the middles of its windows")
  func enlarging() {
    // Windows of 2: middles at ½ and 2½ of pixels 0…3, so pixel 1 lies a quarter on the way.
    let plane = Plane(width: 2, height: 1, values: [0, 4]).enlarged(toWidth: 4, height: 1)
    #expect(plane.values == [0, 1, 3, 4])
  }

  @Test("a region that fills the picture is cut down to what stands out inside it")
  func largeRegions() {
    let frame = PictureFrame(
      pictureWidth: 80, pictureHeight: 80, x: 0, y: 0, width: 80, height: 80)
    // Over half of the peak everywhere, with two peaks and a lesser hill; 8×8 places.
    var values = [Float](repeating: 0.55, count: 64)
    for place in [9, 10, 17, 18] { values[place] = 1 }
    for place in [45, 46, 53, 54] { values[place] = 0.8 }
    let regions = RegionFinder.regions(
      of: HighlightMap(width: 8, height: 8, values: values, frame: frame))
    #expect(
      regions.map { [$0.x, $0.y, $0.width, $0.height] } == [[10, 10, 20, 20], [50, 50, 20, 20]])
    // Level over half of the picture: there is nothing to cut.
    let level = (0..<64).map { Float($0 < 32 ? 1 : 0.1) }
    let whole = RegionFinder.regions(
      of: HighlightMap(width: 8, height: 8, values: level, frame: frame))
    #expect(whole.map { [$0.x, $0.y, $0.width, $0.height] } == [[0, 0, 80, 40]])
    // A slope: the region shrinks towards its top, and keeps it.
    let slope = (0..<64).map { Float($0 / 8 + 1) / 8 }
    let top = RegionFinder.regions(
      of: HighlightMap(width: 8, height: 8, values: slope, frame: frame))
    #expect(top.map { [$0.x, $0.y, $0.width, $0.height] } == [[0, 60, 80, 20]])
  }

  @Test("settings with which nothing could be held against anything are refused")
  func impossibleSettings() throws {
    let network = try Made.patchNetwork(side: side, rows: rows, columns: columns, offset: 220)
    let picture = Made.patchPicture(side: side, rows: rows, columns: columns)
    let input = try PictureInput(width: side, height: side, channels: .grey)
    let paths: [(WritableKeyPath<HighlightSettings, Int>, String)] = [
      (\.curveSteps, "curveSteps"), (\.shiftCount, "shiftCount"),
      (\.integrationSteps, "integrationSteps"), (\.maskCount, "maskCount"),
      (\.stabilityDraws, "stabilityDraws"),
    ]
    for (path, name) in paths {
      var settings = HighlightSettings()
      settings[keyPath: path] = 0
      let explainer = Explainer(
        network, classes: ["a", "b"], input: input, settings: settings)
      let refusal = InputError("\(name) cannot be 0", advice: "Give 1 or more")
      #expect(throws: refusal) {
        try explainer.highlights(of: picture, .init(methods: [.gradCAM]))
      }
      #expect(throws: refusal) { try explainer.frame(picture, method: .gradCAM) }
    }
    var settings = HighlightSettings()
    settings.noise = .nan
    let explainer = Explainer(network, classes: ["a", "b"], input: input, settings: settings)
    #expect(throws: InputError.self) {
      try explainer.highlights(of: picture, .init(methods: [.gradCAM]))
    }
  }

  @Test("regions are connected, ordered by their share, and in pixels of the original")
  func regions() {
    // 4 × 2 places over 80 × 20 pixels cut to the middle 40: a place is 10 × 10 pixels from 20 on.
    let frame = PictureFrame(
      pictureWidth: 80, pictureHeight: 20, x: 20, y: 0, width: 40, height: 20)
    let map = HighlightMap(
      width: 4, height: 2, values: [0.6, 0, 0.8, 1, 0, 0.1, 0, 0], frame: frame)
    let regions = RegionFinder.regions(of: map)
    #expect(regions.count == 2)
    let first = regions[0]
    #expect((first.x, first.y, first.width, first.height) == (40, 0, 20, 10))
    #expect((first.peakX, first.peakY) == (55, 5))
    #expect(abs(first.strength - 1.8 / 2.5) < 1e-6)
    #expect((regions[1].x, regions[1].y, regions[1].width, regions[1].height) == (20, 0, 10, 10))
  }
}
