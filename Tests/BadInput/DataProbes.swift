import Foundation
import Fovea

private let example = LabelledExample(name: "x", content: .text("a text"), label: 0)

private let grey: @Sendable () throws -> Picture = {
  try Picture(width: 2, height: 1, channels: 1, pixels: [0, 255])
}

/// Pictures, recordings, data sets and files.
let dataProbes: [Probe] = [
  .throwing("Picture: a wrong count") { _ in
    _ = try Picture(width: 2, height: 2, channels: 3, pixels: [1, 2, 3])
  },
  .throwing("Picture: sizes beyond numbers") { _ in
    _ = try Picture(width: .max, height: .max, channels: 3, pixels: [])
  },
  .throwing("Picture: negative sizes") { _ in
    _ = try Picture(
      width: -2, height: -2, channels: 3, pixels: [UInt8](repeating: 0, count: 12))
  },
  .throwing("Picture: no pixels") { _ in
    _ = try Picture(width: 0, height: 0, channels: 3, pixels: [])
  },
  .throwing("Picture: five channels") { _ in
    _ = try Picture(width: 1, height: 1, channels: 5, pixels: [0, 0, 0, 0, 0])
  },
  .accepting("Picture: RGBA over white") { _ in
    let picture = try Picture(width: 2, height: 1, channels: 4, pixels: [1, 2, 3, 255, 9, 9, 9, 0])
    try expect(picture.channels == 3 && picture.pixels == [1, 2, 3, 255, 255, 255], "\(picture)")
  },
  .accepting("Picture: grey and opacity") { _ in
    let picture = try Picture(width: 1, height: 1, channels: 2, pixels: [7, 255])
    try expect(picture.channels == 1 && picture.pixels == [7], "\(picture)")
  },
  .throwing("Sound: a rate of 0") { _ in _ = try Sound(sampleRate: 0, samples: []) },
  .throwing("Sound: a rate beyond numbers") { _ in _ = try Sound(sampleRate: .max, samples: []) },
  .throwing("Sound: a sample that is no number") { _ in
    _ = try Sound(sampleRate: 8000, samples: [0, .nan])
  },
  .throwing("Sound: a sample of 10³⁰") { _ in _ = try Sound(sampleRate: 8000, samples: [1e30]) },
  .throwing("Sound: resampled to 0") { _ in
    _ = try Sound(sampleRate: 8000, samples: [0]).resampled(to: 0)
  },
  .throwing("LabelledDataset: a label out of range") { _ in
    _ = try LabelledDataset(name: "d", medium: .text, classes: [], examples: [example])
  },
  .throwing("LabelledDataset: a word out of range") { _ in
    var example = example
    example.words = [0, 7]
    _ = try LabelledDataset(name: "d", medium: .text, classes: ["a"], examples: [example])
  },
  .throwing("LabelledDataset: doubled classes") { _ in
    _ = try LabelledDataset(name: "d", medium: .text, classes: ["a", "a"], examples: [example])
  },
  .throwing("LabelledDataset: relabelled without its class") { _ in
    _ = try LabelledDataset(name: "d", medium: .text, classes: ["a"], examples: [example])
      .relabelled(to: ["b"])
  },
  .throwing("PictureDecoder: no picture") { _ in
    _ = try PictureDecoder().decode(.init([1, 2, 3]), name: "upload")
  },
  .throwing("PictureDecoder: no bytes") { _ in
    _ = try PictureDecoder().decode(.init(), name: "upload")
  },
  .throwing("PictureDecoder: https") { _ in
    _ = try PictureDecoder().decode(contentsOf: Runs.address)
  },
  .throwing("PictureHeader: https") { _ in _ = try PictureHeader(contentsOf: Runs.address) },
  .throwing("PictureEncoder: https") { _ in
    try PictureEncoder().write(grey(), to: Runs.address)
  },
  .trapping("PictureLimits: none") { _ in _ = PictureLimits(pixels: 0) },
  .throwing("PictureResizer: to 0") { _ in
    _ = try PictureResizer(width: 0, height: 4, mode: .exact)
  },
  .throwing("PictureInput: negative") { _ in _ = try PictureInput(width: -1, height: 4) },
  .throwing("PictureSize: no number") { _ in _ = try PictureSize(parsing: "large") },
  .trapping("PictureSize: of no pictures") { _ in _ = PictureSize.automatic(for: []) },
  .throwing("PictureAugmentation: an unknown word") { _ in
    _ = try PictureAugmentation(parsing: "banana")
  },
  .throwing("SoundDecoder: https") { _ in
    _ = try SoundDecoder().decode(contentsOf: Runs.address)
  },
  .throwing("SoundDecoder: a rate of 0") {
    _ = try SoundDecoder(sampleRate: 0).decode(contentsOf: $0.emptyFile)
  },
  .throwing("SoundInput: a rate of 0") { _ in _ = try SoundInput(sampleRate: 0, mostFrames: 10) },
  .throwing("SoundInput: no frames") { _ in _ = try SoundInput(sampleRate: 8000, mostFrames: 0) },
  .throwing("SoundAugmentation: an unknown word") { _ in
    _ = try SoundAugmentation(parsing: "banana")
  },
  .throwing("LabelledSource: https") { _ in _ = try LabelledSource.read(Runs.address) },
  .throwing("LabelledSource: a missing path") { _ = try LabelledSource.read($0.missing) },
  .throwing("MediaFolder: https") { _ in _ = try MediaFolder(Runs.address) },
  .throwing("CSVTable: https") { _ in _ = try CSVTable(contentsOf: Runs.address) },
  .throwing("CSVTable: an unknown column") { _ in
    _ = try CSVTable(.init("a,b\n1,2\n".utf8), name: "t").values(of: "c")
  },
  .trapping("CSVTable: a ragged row") { _ in
    _ = CSVTable.encoded(columns: ["a", "b"], rows: [["1"]])
  },
  .throwing("StratifiedSplit: a share of 1") { _ in
    let data = try LabelledDataset(name: "d", medium: .text, classes: ["a"], examples: [example])
    _ = try StratifiedSplit(of: data, among: [0], fraction: 1, key: RandomKey(seed: 1))
  },
  .throwing("StratifiedSplit: an example that there is not") { _ in
    let data = try LabelledDataset(name: "d", medium: .text, classes: ["a"], examples: [example])
    _ = try StratifiedSplit(of: data, among: [7], fraction: 0.5, key: RandomKey(seed: 1))
  },
  .throwing("PictureStore: a picture that there is not") {
    let store = try PictureStore(LabelledSource.read($0.classFolders).training)
    _ = try store.picture(at: 99)
  },
  .trapping("ClassWeights: a label out of range") { _ in
    _ = ClassWeights.inverseFrequency(labels: [3], classCount: 2)
  },
  .trapping("ChannelStatistics: counts that differ") { _ in
    _ = ChannelStatistics(mean: [0], deviation: [])
  },
  .throwing("SceneOptions: no scenes") { _ in _ = try SceneOptions(count: 0) },
  .throwing("SceneWriter: https") { _ in
    try SceneWriter.write(SceneSet(SceneOptions(count: 4)), to: Runs.address)
  },
  .throwing("AtomicFile: https") { _ in try AtomicFile.write(.init(), to: Runs.address) },
  .throwing("Safetensors: https") { _ in _ = try Safetensors(contentsOf: Runs.address) },
  .throwing("Checkpoint: https") { _ in _ = try Checkpoint(contentsOf: Runs.address) },
]
