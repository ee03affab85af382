import FoveaArray
import FoveaData
import Testing

struct SceneTests {
  private func scenes(
    _ kind: SceneOptions.Kind, _ range: Range<Int>, contrast: Double = 0.3, noise: Double = 0,
    distractors: ClosedRange<Int>? = nil, seed: UInt64 = 1
  ) throws -> [Scene] {
    let generator = SceneGenerator(
      try SceneOptions(
        kind: kind, contrast: contrast, noise: noise, distractors: distractors, seed: seed))
    return range.map { generator.scene(at: $0) }
  }

  @Test(arguments: SceneOptions.Kind.allCases)
  func aSceneFollowsFromOptionsAndIndexAlone(_ kind: SceneOptions.Kind) throws {
    let scenes = try scenes(kind, 0..<8, noise: 0.2)
    #expect(scenes == (try self.scenes(kind, 0..<8, noise: 0.2)))
    #expect(
      scenes.reversed()
        == (0..<8).reversed().map { index in
          (try? self.scenes(kind, index..<(index + 1), noise: 0.2))?[0]
        })
    #expect(scenes != (try self.scenes(kind, 0..<8, noise: 0.2, seed: 2)))
    // Neither contrast nor noise changes what is in a scene.
    let easier = try self.scenes(kind, 0..<8, contrast: 0.6, noise: 0.1)
    #expect(scenes.map(\.targetBox) == easier.map(\.targetBox))
    #expect(scenes.map(\.label) == easier.map(\.label))
    #expect(scenes.map(\.picture) != easier.map(\.picture))
  }

  @Test(arguments: SceneOptions.Kind.allCases)
  func labelsAndDistractorsAreDrawnEvenly(_ kind: SceneOptions.Kind) throws {
    let scenes = try scenes(kind, 0..<800, distractors: 1...4)
    for value in 0..<4 {
      // 200 expected, deviation 12.
      #expect(abs(scenes.count { $0.label == value } - 200) < 50)
      #expect(abs(scenes.count { $0.distractorCount == value + 1 } - 200) < 50)
    }
  }

  @Test(arguments: SceneOptions.Kind.allCases)
  func targetsLieInsideAndEverywhere(_ kind: SceneOptions.Kind) throws {
    let boxes = try scenes(kind, 0..<200).map(\.targetBox)
    for box in boxes {
      #expect(box.width == 12 && box.height == 12)
      #expect(box.x >= 0 && box.y >= 0 && box.x + 12 <= 48 && box.y + 12 <= 48)
    }
    for quarter in 0..<4 {
      #expect(boxes.contains { ($0.x + 6) / 24 + 2 * (($0.y + 6) / 24) == quarter })
    }
  }

  /// Without noise: luminance distractors have equal channels, the target's red and green
  /// differ with opposite signs, and its blue is the background.
  @Test func onlyTheTargetIsColoured() throws {
    for scene in try scenes(.feature, 0..<40, distractors: 0...0) {
      for pixel in 0..<(48 * 48) {
        let red = Int(scene.picture.pixels[3 * pixel])
        let green = Int(scene.picture.pixels[3 * pixel + 1])
        #expect(abs(red + green - 255) <= 1)
        #expect(scene.picture.pixels[3 * pixel + 2] == 128)
        let inside = isInside(pixel, scene.targetBox, margin: 5)
        if !inside { #expect(red == 128 && green == 128) }
      }
      #expect(scene.picture.pixels.max().map { (185...204).contains($0) } == true)
    }
    for scene in try scenes(.feature, 0..<40, distractors: 15...15) {
      for pixel in 0..<(48 * 48) where !isInside(pixel, scene.targetBox, margin: 5) {
        #expect(scene.picture.pixels[3 * pixel] == scene.picture.pixels[3 * pixel + 1])
        #expect(scene.picture.pixels[3 * pixel] == scene.picture.pixels[3 * pixel + 2])
      }
    }
  }

  private func isInside(_ pixel: Int, _ box: Scene.Box, margin: Int) -> Bool {
    let (x, y) = (pixel % 48, pixel / 48)
    return x >= box.x - margin && x < box.x + box.width + margin
      && y >= box.y - margin && y < box.y + box.height + margin
  }

  /// Along its bars a grating hardly changes, across them it does: label by label.
  @Test func theLabelIsTheDirectionOfTheBars() throws {
    // Steps along bars at 0, 45, 90 and 135 degrees anticlockwise; y points down.
    let steps = [(1, 0), (1, -1), (0, 1), (1, 1)]
    for scene in try scenes(.feature, 0..<60, distractors: 0...0) {
      let box = scene.targetBox
      func red(_ x: Int, _ y: Int) -> Int {
        Int(scene.picture.pixels[3 * (y * 48 + x)])
      }
      let changes = steps.map { step in
        var sum = 0.0
        for y in (box.y + 3)..<(box.y + 9) {
          for x in (box.x + 3)..<(box.x + 9) {
            sum += Double(abs(red(x + step.0, y + step.1) - red(x, y)))
          }
        }
        // Diagonal steps are longer by √2.
        return step.0 == 0 || step.1 == 0 ? sum : sum / 2.0.squareRoot()
      }
      #expect(changes.firstIndex(of: changes.min() ?? 0) == scene.label)
    }
  }

  @Test func noiseHasTheDeviationAskedFor() throws {
    let quiet = try scenes(.feature, 0..<8, noise: 0)
    let noisy = try scenes(.feature, 0..<8, noise: 0.05)
    var sum = 0.0
    var squares = 0.0
    for (quiet, noisy) in zip(quiet, noisy) {
      for (clean, pixel) in zip(quiet.picture.pixels, noisy.picture.pixels) {
        let difference = (Double(pixel) - Double(clean)) / 255
        sum += difference
        squares += difference * difference
      }
    }
    // 55,296 draws: standard errors 0.0002 and 0.00015.
    let count = Double(8 * 48 * 48 * 3)
    #expect(abs(sum / count) < 0.001)
    #expect(abs((squares / count).squareRoot() - 0.05) < 0.001)
  }

  /// The tint of the one grating that the sample matches is the answer.
  @Test func theMatchHasTheTintOfTheLabel() throws {
    for scene in try scenes(.match, 0..<60, distractors: 1...7) {
      var sums = [0.0, 0.0, 0.0]
      let box = scene.targetBox
      for y in (box.y + 3)..<(box.y + 9) {
        for x in (box.x + 3)..<(box.x + 9) {
          for channel in 0..<3 {
            sums[channel] += Double(scene.picture.pixels[(y * 48 + x) * 3 + channel]) - 128
          }
        }
      }
      // What is left without the grating itself, which is the same in all channels.
      let mean = sums.reduce(0, +) / 3
      let chroma = sums.map { $0 - mean }
      let strongest = chroma.indices.max { abs(chroma[$0]) < abs(chroma[$1]) }
      let tint =
        strongest == 0 ? "red" : strongest == 1 ? "green" : chroma[2] > 0 ? "blue" : "yellow"
      #expect(tint == SceneOptions.Kind.match.classes[scene.label])
      #expect(scene.picture.pixels.count { $0 == 255 } >= 3 * 56)
    }
  }

  @Test func impossibleOptionsAreRefused() {
    expectError("count: 0 scenes cannot be made. Give a number from 1 to 1000000") {
      try SceneOptions(count: 0)
    }
    expectError("contrast: a contrast of 0.0 cannot be. Give a number above 0, up to 1") {
      try SceneOptions(contrast: 0)
    }
    expectError("contrast: a contrast of nan cannot be. Give a number above 0, up to 1") {
      try SceneOptions(contrast: .nan)
    }
    expectError("noise: a noise deviation of -0.1 cannot be. Give a number from 0 to 10") {
      try SceneOptions(noise: -0.1)
    }
    expectError(
      "distractors: 0-16 distractors have no place in a feature scene. Give numbers from 0 to 15"
    ) { try SceneOptions(distractors: 0...16) }
    expectError(
      "distractors: 0-3 distractors have no place in a match scene. Give numbers from 1 to 7"
    ) { try SceneOptions(kind: .match, distractors: 0...3) }
    expectError("test count: -1 test scenes cannot be made. Give a number from 0 to 1000000") {
      try SceneSet(SceneOptions(), testCount: -1)
    }
  }

  /// At full contrast and without noise the filter is never wrong; at the contrast and noise of
  /// the demonstration it finds nearly all (1,500 scenes: 99 %), whatever the distractors.
  @Test func aFixedFilterSeesTheTarget() throws {
    let filter = RedGreenFilter()
    for scene in try scenes(.feature, 0..<30, noise: 0.02) {
      let finding = filter.strongestResponse(in: scene.picture)
      #expect(finding.label == scene.label)
      #expect(isInside(finding.y * 48 + finding.x, scene.targetBox, margin: 0))
    }
    let hard = try scenes(.feature, 0..<100, noise: 0.25)
    let right = hard.count { filter.strongestResponse(in: $0.picture).label == $0.label }
    // 98 expected at least, deviation 1.4.
    #expect(right >= 93)
  }

  @Test func aSetIsOrderedAsItsFolderIsRead() throws {
    let options = try SceneOptions(count: 30, noise: 0.1, seed: 3)
    let set = try SceneSet(options, testCount: 10)
    #expect(set.training.map(\.name) == set.training.map(\.name).sorted())
    #expect(set.training.map(\.index).sorted() == Array(0..<30))
    #expect(set.test.map(\.index).sorted() == Array(30..<40))
    let generator = SceneGenerator(options)
    for item in set.training + set.test {
      #expect(item.scene == generator.scene(at: item.index))
    }
    let data = try set.data()
    #expect(data.training.examples.map(\.label) == set.training.map(\.scene.label))
    #expect(data.training.classes == ["000", "045", "090", "135"])
    #expect(data.test?.examples.count == 10)
    #expect(set.test[0].name.hasPrefix("test/000/00"))
    #expect(try SceneSet(options).training[0].name.hasPrefix("000/00"))
    expectError(
      "scenes: all pictures are of one class: 135. A classifier needs two classes at least. "
        + "Make more scenes"
    ) { try SceneSet(SceneOptions(count: 1, seed: 2)).data() }
  }
}
