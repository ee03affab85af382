import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport

/// Folders of made pictures for the command.
enum MadeFolder {
  /// Scenes with a folder for each of four classes, the same for the same seed.
  static func scenes(
    _ folder: TemporaryFolder, _ name: String, count: Int, testCount: Int = 0,
    contrast: Double = 0.8, seed: UInt64 = 1
  ) throws {
    let options = try SceneOptions(
      count: count, contrast: contrast, noise: 0.05, distractors: 0...2, seed: seed)
    try SceneWriter.write(
      SceneSet(options, testCount: testCount), to: folder.file(name))
  }

  /// A PNG picture of noise.
  static func picture(width: Int = 16, height: Int = 16, seed: UInt64 = 1) throws -> Data {
    let key = RandomKey(seed: seed)
    let pixels = (0..<(width * height * 3)).map { index in
      UInt8(truncatingIfNeeded: key.words(at: UInt64(index))[0])
    }
    return try PictureEncoder(.png).encode(
      Picture(width: width, height: height, channels: 3, made: pixels))
  }

  /// Two classes of noise, so many pictures each.
  static func noise(
    _ folder: TemporaryFolder, _ name: String, count: Int = 6, classes: [String] = ["cat", "dog"]
  ) throws {
    for (label, kind) in classes.enumerated() {
      for index in 0..<count {
        try folder.write(
          picture(seed: UInt64(1 + label * 1000 + index)), "\(name)/\(kind)/\(index).png")
      }
    }
  }
}
