import FoveaArray
import FoveaData
import Testing

struct PictureAugmentationTests {
  private let picture = ramp(width: 16, height: 24)
  private let keys = (0..<2000).map { RandomKey(seed: 3).folding($0) }

  @Test func textsBecomeKinds() throws {
    #expect(try PictureAugmentation(parsing: "none") == .none)
    #expect(try PictureAugmentation(parsing: "flip").kinds == [.flip])
    #expect(
      try PictureAugmentation(parsing: " contrast, flip ,crop,shift,brightness").kinds
        == Set(PictureAugmentation.Kind.allCases))
    #expect("\(PictureAugmentation([.flip, .crop]))" == "crop,flip")
    #expect("\(PictureAugmentation.none)" == "none")
  }

  @Test func unknownWordsAreErrorsThatNameTheChoices() {
    let advice = """
      Choose from none, crop, shift, flip, brightness, contrast; separate several by commas
      """
    for (text, problem) in [
      ("zoom", "there is no augmentation \"zoom\""),
      ("flip,Crop", "there is no augmentation \"Crop\""),
      ("", "there is no augmentation \"\""), ("flip,", "there is no augmentation \"\""),
      ("none,flip", "\"none\" stands among other augmentations"),
    ] {
      expectError("\(problem). \(advice)") { try PictureAugmentation(parsing: text) }
    }
  }

  @Test func noneChangesNothing() {
    for key in keys.prefix(20) { #expect(PictureAugmentation.none(picture, key: key) == picture) }
  }

  @Test(arguments: PictureAugmentation.Kind.allCases, PictureChannels.allCases)
  func theKeyAloneDecides(_ kind: PictureAugmentation.Kind, _ channels: PictureChannels) {
    let augmentation = PictureAugmentation([kind])
    let picture = ramp(width: 16, height: 24, channels: channels.rawValue)
    var results: Set<Picture> = []
    for key in keys.prefix(50) {
      let changed = augmentation(picture, key: key)
      #expect(changed == augmentation(picture, key: key))
      #expect(changed.width == 16)
      #expect(changed.height == 24)
      #expect(changed.channels == channels.rawValue)
      results.insert(changed)
    }
    // A flip has two outcomes, a shift of 16×24 by up to 1/8 has 5·7.
    #expect(results.count >= (kind == .flip ? 2 : 25))
    #expect(results.count <= (kind == .flip ? 2 : kind == .shift ? 35 : 50))
  }

  @Test func addingAKindLeavesTheOthers() {
    for key in keys.prefix(50) {
      let flipped = PictureAugmentation([.flip])(picture, key: key)
      let both = PictureAugmentation([.flip, .brightness])(picture, key: key)
      #expect(PictureAugmentation([.brightness])(flipped, key: key) == both)
    }
  }

  @Test func halfAreMirrored() {
    let mirrored = picture.upright(from: .topRight)
    #expect(mirrored.pixels[0..<3] == picture.pixels[45..<48])
    let flip = PictureAugmentation([.flip])
    let count = keys.count { flip(picture, key: $0) == mirrored }
    // 2000 fair coins: six deviations are 134.
    #expect(abs(count - 1000) < 134)
  }

  /// All offsets of both axes come, each about as often, and edges are mirrored.
  @Test func shiftsReachAnEighthAndReflect() {
    // The value tells the place: 16 · row + column.
    let places = Picture(width: 16, height: 16, channels: 1, made: (0..<256).map { UInt8($0) })
    let shift = PictureAugmentation([.shift])
    var counts: [SIMD2<Int>: Int] = [:]
    for key in keys {
      let shifted = shift(places, key: key)
      let middle = Int(shifted.pixels[8 * 16 + 8])
      let offset = SIMD2(8 - middle % 16, 8 - middle / 16)
      counts[offset, default: 0] += 1
      for (x, y) in [(0, 0), (15, 0), (0, 15), (15, 15), (1, 14)] {
        func source(_ place: Int, _ offset: Int) -> Int {
          let index = place - offset
          return index < 0 ? -index : index > 15 ? 30 - index : index
        }
        #expect(
          Int(shifted.pixels[y * 16 + x]) == 16 * source(y, offset.y) + source(x, offset.x))
      }
    }
    #expect(counts.count == 25)
    #expect(counts.keys.allSatisfy { abs($0.x) <= 2 && abs($0.y) <= 2 })
    // 80 expected of each; six deviations are 53.
    #expect(counts.values.allSatisfy { abs($0 - 80) < 53 })
  }

  @Test func cropsKeepFourFifthsOfTheArea() {
    // A ramp's ends tell which part was kept.
    let ramp = Picture(
      width: 256, height: 1, channels: 1, made: (0..<256).map { UInt8($0) })
    let crop = PictureAugmentation([.crop])
    var sides: [Double] = []
    var starts: [Double] = []
    for key in keys.prefix(500) {
      let pixels = crop(ramp, key: key).pixels
      let first = Double(pixels[0])
      sides.append((Double(pixels[255]) - first + 1) / 256)
      starts.append(first)
    }
    #expect(sides.allSatisfy { $0 > 0.8.squareRoot() - 0.01 && $0 <= 1 })
    // The side is the root of a uniform area: its mean is 0.9483, its deviation 0.0305.
    #expect(abs(sides.reduce(0, +) / 500 - 0.9483) < 0.01)
    #expect(starts.min().map { $0 <= 1 } == true)
    #expect(starts.max().map { $0 > 20 } == true)
  }

  @Test func brightnessAndContrastSpanAFifth() {
    let grey = Picture(width: 2, height: 1, channels: 1, made: [50, 150])
    let brighter = keys.map { PictureAugmentation([.brightness])(grey, key: $0).pixels }
    let factors = brighter.map { Double($0[1]) / 150 }
    #expect(factors.allSatisfy { $0 > 0.79 && $0 < 1.21 })
    #expect(factors.contains { $0 < 0.82 })
    #expect(factors.contains { $0 > 1.18 })
    #expect(abs(factors.reduce(0, +) / 2000 - 1) < 0.016)  // six deviations of the mean

    for key in keys.prefix(300) {
      let pixels = PictureAugmentation([.contrast])(grey, key: key).pixels
      let distance = Int(pixels[1]) - Int(pixels[0])
      #expect((79...121).contains(distance))
      #expect(abs(Int(pixels[0]) + Int(pixels[1]) - 200) <= 1)
    }
    let color = Picture(width: 1, height: 1, channels: 3, made: [255, 0, 0])
    // The mean luma, 76, stays where it is while red moves away from it.
    for key in keys.prefix(50) {
      let pixels = PictureAugmentation([.contrast])(color, key: key).pixels
      #expect(pixels[1] == pixels[2])
      #expect(pixels[1] <= 16)
    }
  }
}
