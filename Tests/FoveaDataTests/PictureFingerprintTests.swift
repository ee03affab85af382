import FoundationEssentials
import FoveaArray
import FoveaData
import Testing

struct PictureFingerprintTests {
  @Test func theThumbnailHasMeanZeroAndNormOne() {
    let print = PictureFingerprint(scene(1))
    #expect(print.thumbnail.count == 256)
    #expect(abs(print.thumbnail.reduce(0, +)) < 1e-4)
    #expect(abs(print.thumbnail.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
    #expect(!print.isFeatureless)
  }

  @Test func copiesThatWereSavedAgainAreFound() throws {
    for seed in 0..<20 {
      let picture = scene(seed)
      let print = PictureFingerprint(picture)
      #expect(print.isNearDuplicate(of: print))
      let jpeg = try PictureEncoder(.jpeg).encode(picture)
      let copies = [
        try PictureDecoder().decode(jpeg, name: "x"),
        try PictureResizer(width: 37, height: 29, mode: .exact)(picture),
        try PictureResizer(width: 150, height: 150, mode: .exact)(picture),
        picture.mapped { 12 + $0 * 0.9 },
        picture.mapped { $0 * 0.8 },
      ]
      for (number, copy) in copies.enumerated() {
        let other = PictureFingerprint(copy)
        #expect(print.isNearDuplicate(of: other), "copy \(number) of scene \(seed)")
        #expect(other.isNearDuplicate(of: print))
      }
    }
  }

  @Test func differentPicturesAreNot() {
    let prints = (0..<60).map { PictureFingerprint(scene($0)) }
    for first in prints.indices {
      for second in prints.indices where second > first {
        #expect(!prints[first].isNearDuplicate(of: prints[second]))
      }
    }
  }

  @Test func colourMakesADifference() {
    let red = ball([220, 40, 40])
    // The same luma, so that only chroma can tell.
    let green = ball([20, 142, 20])
    let prints = [red, green].map(PictureFingerprint.init)
    #expect(prints[0].correlation(with: prints[1]) > 0.99)
    #expect(!prints[0].isNearDuplicate(of: prints[1]))
  }

  @Test func featurelessPicturesAreCopiesOfNothing() {
    let key = RandomKey(seed: 5)
    let plain = (0..<4).map { level in
      PictureFingerprint(
        Picture(
          width: 40, height: 30, channels: 1,
          made: (0..<1200).map {
            UInt8(60 * level + key.folding(level).integer(below: 3, at: UInt64($0)))
          }))
    }
    for first in plain {
      #expect(first.isFeatureless)
      for second in plain { #expect(!first.isNearDuplicate(of: second)) }
    }
    #expect(NearDuplicateIndex(plain + plain).pairs().isEmpty)
  }

  /// The index gives what comparing each with each gives.
  @Test(arguments: [Float(0.98), 0.9, 0.5]) func theIndexMissesNothing(_ correlation: Float) {
    // Mixtures of few scenes: hashes at all distances from each other.
    let scenes = (0..<27).map(scene)
    let prints = (0..<200).map { number in
      PictureFingerprint(
        mixture(scenes[number % 20], scenes[20 + number % 7], share: Float(number % 11) / 22))
    }
    var expected: [[Int]] = []
    for first in prints.indices {
      for second in prints.indices
      where second > first
        && prints[first].isNearDuplicate(of: prints[second], minimumCorrelation: correlation)
      {
        expected.append([first, second])
      }
    }
    let pairs = NearDuplicateIndex(prints).pairs(minimumCorrelation: correlation)
    #expect(pairs.map { [$0.first, $0.second] } == expected)
    #expect(expected.count > 20)
    #expect(pairs.allSatisfy { $0.correlation >= correlation })
  }

  @Test func anEmptyIndexHasNoPairs() {
    #expect(NearDuplicateIndex([]).pairs().isEmpty)
  }

  /// Both pictures of each pair show one photo, as looking at them tells; no others are named.
  @Test(.enabled(if: dataFolder != nil, "FOVEA_DATA is not set"))
  func theKnownCopiesInCIFARAreFound() throws {
    guard let dataFolder else { return }
    let root = dataFolder.appending(path: "cifar10")
    var names: [String] = []
    for part in ["test", "train"] {
      for kind in ["cat", "deer"] {
        let folder = root.appending(path: "\(part)/\(kind)")
        names += try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
          "\(part)/\(kind)/\($0)"
        }
      }
    }
    let decoder = PictureDecoder()
    let prints = try names.map {
      try PictureFingerprint(decoder.decode(contentsOf: root.appending(path: $0)))
    }
    let pairs = NearDuplicateIndex(prints).pairs().map { [names[$0.first], names[$0.second]] }
    #expect(
      Set(pairs) == [
        ["test/cat/0842.jpg", "train/cat/3522.jpg"],
        ["test/deer/0232.jpg", "train/deer/2819.jpg"],
        ["train/cat/1562.jpg", "train/cat/4080.jpg"],
        ["train/deer/2524.jpg", "train/deer/2657.jpg"],
      ])
  }
}

private let dataFolder = ProcessInfo.processInfo.environment["FOVEA_DATA"].map {
  URL(filePath: $0, directoryHint: .isDirectory)
}

// MARK: - Pictures

/// A smooth random picture: a few waves, a little apart in each channel.
private func scene(_ seed: Int) -> Picture {
  let key = RandomKey(seed: 11).folding(seed)
  let waves = (0..<6).map { wave in
    SIMD4<Float>((0..<4).map { key.uniform(at: UInt64(4 * wave + $0)) })
  }
  let width = 32
  let height = 24
  var pixels: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      for channel in 0..<3 {
        var value: Float = 128
        for wave in waves {
          let phase = (Float(x) * wave.x + Float(y) * wave.y) * 0.4
          value += 25 * triangle(phase + 7 * wave.z + 0.2 * Float(channel))
        }
        pixels.append(UInt8(min(max(value, 0), 255)))
      }
    }
  }
  return Picture(width: width, height: height, channels: 3, made: pixels)
}

/// A wave of period 2 between −1 and 1.
private func triangle(_ phase: Float) -> Float {
  let rest = phase - 2 * (phase / 2).rounded(.down)
  return 2 * abs(rest - 1) - 1
}

private func ball(_ color: [UInt8]) -> Picture {
  Picture(
    width: 32, height: 32, channels: 3,
    made: (0..<1024).flatMap { place -> [UInt8] in
      let x = place % 32 - 13
      let y = place / 32 - 18
      return x * x + y * y < 90 ? color : [255, 255, 255]
    })
}

private func mixture(_ first: Picture, _ second: Picture, share: Float) -> Picture {
  Picture(
    width: first.width, height: first.height, channels: first.channels,
    made: zip(first.pixels, second.pixels).map {
      UInt8(Float($0) * (1 - share) + Float($1) * share)
    })
}

extension Picture {
  fileprivate func mapped(_ change: (Float) -> Float) -> Picture {
    Picture(
      width: width, height: height, channels: channels,
      made: pixels.map { UInt8(min(max(change(Float($0)), 0), 255)) })
  }
}
