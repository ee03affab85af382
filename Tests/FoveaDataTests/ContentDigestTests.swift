import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// A change of content under the same name shows in the number that an opened store has of it.
struct ContentDigestTests {
  private func store(
    _ folder: TemporaryFolder, _ names: [String], _ medium: Medium
  ) throws -> any ExampleStore {
    let dataset = try LabelledDataset(
      name: "made", medium: medium, classes: ["a", "b"],
      examples: names.enumerated().map { index, name in
        LabelledExample(name: name, content: .file(folder.file(name)), label: index % 2)
      })
    return switch medium {
    case .picture: try PictureStore(dataset)
    case .sound: try SoundStore(dataset)
    case .text: try TextStore(dataset)
    }
  }

  private func content(_ medium: Medium, seed: Int) throws -> Data {
    switch medium {
    case .picture:
      try PictureEncoder(.png).encode(
        Picture(
          width: 16, height: 16, channels: 1,
          made: (0..<256).map { UInt8(truncatingIfNeeded: $0 * seed) }))
    case .sound:
      WAVFile.encoded(
        Sound(sampleRate: 8000, made: (0..<4000).map { Float(($0 * seed) % 100) / 200 }))
    case .text: Data("the text number \(seed) is here".utf8)
    }
  }

  @Test(arguments: [Medium.picture, .sound, .text])
  func aChangeShowsWhereItIs(_ medium: Medium) throws {
    let folder = try TemporaryFolder()
    let names = ["1", "2", "3"].map {
      "\($0).\(medium == .picture ? "png" : medium == .sound ? "wav" : "txt")"
    }
    for (index, name) in names.enumerated() {
      try folder.write(content(medium, seed: 3 + index), name)
    }
    let before = try store(folder, names, medium).contentDigests
    #expect(Set(before).count == 3 && !before.contains(0))
    #expect(try store(folder, names, medium).contentDigests == before)
    try folder.write(content(medium, seed: 9), names[1])
    let after = try store(folder, names, medium).contentDigests
    #expect(before[0] == after[0] && before[1] != after[1] && before[2] == after[2])
  }
}
