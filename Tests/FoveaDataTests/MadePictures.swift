import FoundationEssentials
import FoveaArray
import FoveaData

/// Pictures made for tests.
enum MadePictures {
  /// A picture of random bytes.
  static func noise(
    width: Int = 8, height: Int = 6, channels: Int = 3, seed: UInt64
  ) -> Picture {
    let key = RandomKey(seed: seed)
    return Picture(
      width: width, height: height, channels: channels,
      made: (0..<(width * height * channels)).map {
        UInt8(key.integer(below: 256, at: UInt64($0)))
      })
  }

  /// A smooth picture, like a blurred photograph, whose mean is about `brightness`.
  static func smooth(
    width: Int = 32, height: Int = 32, brightness: Double = 110, seed: UInt64
  ) -> Picture {
    let key = RandomKey(seed: seed)
    let waves = (0..<6).map { wave in
      (0..<4).map { Double(key.folding(wave).uniform(at: UInt64($0))) }
    }
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          var value = brightness
          for (index, wave) in waves.enumerated() {
            let phase =
              6.28
              * (3 * wave[0] * Double(x) / Double(width)
                + 3 * wave[1] * Double(y) / Double(height) + wave[2])
            // A polynomial wave will do, and is the same on every machine.
            let folded = phase / 6.28 - (phase / 6.28).rounded(.down)
            value += (index % 3 == channel ? 40 : 15) * wave[3] * (8 * folded * (1 - folded) - 1)
          }
          pixels.append(UInt8(min(max(value, 0), 255)))
        }
      }
    }
    return Picture(width: width, height: height, channels: 3, made: pixels)
  }

  /// The bytes of a PNG file with `picture`.
  static func png(_ picture: Picture) throws -> Data { try PictureEncoder(.png).encode(picture) }

  /// A dataset of pictures in memory with the labels 0, 1, 0, 1, …
  static func dataset(_ pictures: [Picture], classCount: Int = 2) -> LabelledDataset {
    LabelledDataset(
      name: "made up", classes: (0..<classCount).map { "class \($0)" },
      made: pictures.enumerated().map { index, picture in
        LabelledExample(
          name: "picture \(index)", content: .picture(picture), label: index % classCount)
      })
  }
}

extension MadePictures {
  /// Forty rectangles of random colours, blurred a little: like a photograph, unlike any other.
  static func patches(side: Int, seed: UInt64) -> Picture {
    let key = RandomKey(seed: seed).folding("patches")
    var pixels = [Double](repeating: 128, count: side * side * 3)
    for patch in 0..<40 {
      let numbers = (0..<7).map { Double(key.folding(patch).uniform(at: UInt64($0))) }
      let (width, height) = (0.1 + 0.4 * numbers[2], 0.1 + 0.4 * numbers[3])
      let left = Int((numbers[0] * 1.2 - 0.2) * Double(side))
      let top = Int((numbers[1] * 1.2 - 0.2) * Double(side))
      for y in max(top, 0)..<max(max(top, 0), min(side, top + Int(height * Double(side)))) {
        for x in max(left, 0)..<max(max(left, 0), min(side, left + Int(width * Double(side)))) {
          for channel in 0..<3 { pixels[(y * side + x) * 3 + channel] = 255 * numbers[4 + channel] }
        }
      }
    }
    return Picture(width: side, height: side, channels: 3, made: pixels.map { UInt8($0) })
  }

  /// Pictures that are copies of none.
  static func unlike(_ count: Int) -> [Picture] {
    (0..<count).map { patches(side: 32, seed: UInt64(5000 + $0)) }
  }
}
