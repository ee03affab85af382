import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// Recordings as data: what they are told by, what is said of odd ones, batches, windows.
struct SoundStoreTests {
  /// Recordings in memory, of so many seconds each.
  private func dataset(_ seconds: [Double], sampleRate: Int = 8000) -> LabelledDataset {
    LabelledDataset(
      name: "made", medium: .sound, classes: ["low", "high"],
      made: seconds.enumerated().map { index, seconds in
        LabelledExample(
          name: "\(index)",
          content: .sound(
            Sound(
              sampleRate: sampleRate,
              made: MadeWAV.tone(
                index % 2 == 0 ? 300 : 1500, seconds: seconds, sampleRate: sampleRate))),
          label: index % 2)
      })
  }

  @Test func fractionsOfMillisecondsAreSaid() throws {
    var spectrogram = SpectrogramSettings()
    func summary() throws -> String {
      try SoundInput(sampleRate: 8000, spectrogram: spectrogram, mostFrames: 100).summary
    }
    #expect(try summary().contains("every 10 ms of "))
    spectrogram.hopMilliseconds = 12.5
    #expect(try summary().contains("every 12.5 ms of "))
    spectrogram.framesTogether = 4
    #expect(try summary().contains("every 50 ms of "))
  }

  @Test func whatTheFilesAreFollowsFromTheirNames() throws {
    let folder = try TemporaryFolder()
    for name in ["dog/a.wav", "dog/b.wav", "cat/c.flac", "cat/cover.png"] {
      try folder.write(MadeWAV.file([MadeWAV.tone(440, seconds: 0.1)]), "data/\(name)")
    }
    let data = try LabelledSource.read(folder.file("data"))
    #expect(data.medium == .sound && data.training.examples.count == 3)
    #expect(data.notes.contains { $0.contains("png") })
    // And may be said.
    var options = LabelledSourceOptions()
    options.medium = .picture
    options.purpose = .evaluation
    #expect(try LabelledSource.read(folder.file("data"), options: options).medium == .picture)
    try folder.write("clip,label,speaker\na.wav,x,p\nb.mp3,y,q\n", "table/labels.csv")
    try folder.write(MadeWAV.file([MadeWAV.tone(440, seconds: 0.1)]), "table/clips/a.wav")
    var table = LabelledSourceOptions()
    table.groupColumn = "speaker"
    let read = try LabelledSource.read(folder.file("table/labels.csv"), options: table)
    #expect(read.medium == .sound && read.training.examples.map(\.group) == ["p", "q"])
  }

  @Test func oddRecordingsAreSaid() throws {
    let folder = try TemporaryFolder()
    let tone = MadeWAV.tone(440, seconds: 0.5)
    let silence = [Float](repeating: 0, count: tone.count)
    for index in 0..<9 { try folder.write(MadeWAV.file([tone]), "data/a/\(index).wav") }
    try folder.write(MadeWAV.file([silence]), "data/b/silence.wav")
    try folder.write(MadeWAV.file([tone.prefix(80).map { $0 }]), "data/b/click.wav")
    try folder.write(MadeWAV.file([silence, tone]), "data/b/stereo.wav")
    try folder.write(
      MadeWAV.file([MadeWAV.tone(440, seconds: 0.5, sampleRate: 11_025)], sampleRate: 11_025),
      "data/b/fast.wav")
    try folder.write(MadeWAV.file([tone], claimedRate: 0), "data/b/broken.wav")
    let data = try LabelledSource.read(folder.file("data")).training
    let store = try SoundStore(data)
    #expect(store.input.sampleRate == 8000 && store.usable.count == 13)
    #expect(store.input.mostFrames == 51)
    let place = folder.file("data").relativePath
    #expect(
      store.notes == [
        "\(place): 1 recording with 11,025 samples a second is resampled to 8,000.",
        "\(place): 1 recording is silent (b/silence.wav).",
        "\(place): 1 recording is shorter than 50 ms (b/click.wav).",
        "\(place): 1 recording has a channel from which nothing comes; the others are used "
          + "(b/stereo.wav).",
      ])
    #expect(store.broken.lines.count == 2)
    #expect(store.broken.lines[0] == "1 of 14 recordings is broken and skipped:")
    #expect(store.broken.lines[1].contains("says that it has 0 samples a second"))
    // The resampled one is the same tone.
    let fast = try #require(data.examples.firstIndex { $0.name == "b/fast.wav" })
    let plain = try #require(data.examples.firstIndex { $0.name == "a/0.wav" })
    let (first, second) = (try store.features(at: fast), try store.features(at: plain))
    let frame = (20 * 40)..<(21 * 40)
    let loud = frame.filter { second[$0] > -3 }
    #expect(!loud.isEmpty && loud.allSatisfy { abs(first[$0] - second[$0]) < 0.05 })
  }

  @Test func longRecordingsAreCutWhereAsked() throws {
    var options = SoundStore.Options()
    options.clipSeconds = 0.5
    let store = try SoundStore(dataset([0.4, 2, 0.5]), options: options)
    #expect(store.frameCount(at: 1) == store.input.mostFrames)
    #expect(
      store.notes.count == 1 && store.notes[0].contains("only the first 0.5 s are looked at (1)"))
    #expect(store.notes.last?.hasSuffix("; another clip length changes that.") == true)
    // Whoever reads in a form that is given cannot choose the length.
    let given = try SoundStore(dataset([0.4, 2, 0.5]), input: store.input)
    #expect(given.notes.count == 1 && given.notes[0].hasSuffix("s are looked at (1)."))
  }

  @Test func onlyBrokenRecordingsAreAnError() throws {
    let folder = try TemporaryFolder()
    try folder.write("no sound", "data/a/1.wav")
    try folder.write("no sound", "data/b/2.wav")
    let data = try LabelledSource.read(folder.file("data")).training
    let error = #expect(throws: InputError.self) { try SoundStore(data) }
    #expect(
      error?.problem.hasPrefix("none of 2 recordings can be read (a/1.wav: is a text") == true)
  }

  // MARK: Batches

  @Test func batchesHoldSimilarLengthsAndEveryRecordingOnce() throws {
    let key = RandomKey(seed: 8)
    let seconds = (0..<50).map { 0.1 + 0.9 * Double(key.uniform(at: UInt64($0))) }
    let store = try SoundStore(dataset(seconds))
    let feed = SoundFeed(
      training: store, indices: store.usable, batchSize: 4, augmentation: .none, key: key)
    #expect(feed.plan(epoch: 0) != feed.plan(epoch: 1))
    #expect(feed.plan(epoch: 1) == feed.plan(epoch: 1))
    for epoch in 0..<2 {
      let plan = feed.plan(epoch: epoch)
      #expect(plan.count == feed.batchCount)
      #expect(plan.flatMap { $0 }.sorted() == store.usable)
    }
    // Sorted in stretches, batches are filled up by less than at random.
    func filling(_ plan: [[Int]]) -> Int {
      plan.reduce(0) { sum, batch in
        let lengths = batch.map { store.frameCount(at: $0) }
        return sum + lengths.reduce(0) { $0 + (lengths.max() ?? 0) - $1 }
      }
    }
    let plain = stride(from: 0, to: 50, by: 4).map { Array($0..<min($0 + 4, 50)) }
    #expect(2 * filling(feed.plan(epoch: 0)) < filling(plain))
    // From a batch on, the same follows.
    let whole = try feed.batches(epoch: 1, from: 0)
    for _ in 0..<3 { _ = try whole.next() }
    let later = try feed.batches(epoch: 1, from: 3)
    while let batch = try whole.next() {
      let other = try #require(try later.next())
      #expect(batch.examples == other.examples && batch.arrays == other.arrays)
      let lengths = try #require(batch.arrays["lengths"]).elements(of: Int32.self)
      #expect(lengths == batch.examples.map { Int32(store.frameCount(at: $0)) })
    }
    #expect(try later.next() == nil)
  }

  @Test func fewShapesServeAllLengths() throws {
    let input = try SoundInput(sampleRate: 8000, mostFrames: 1000)
    let shapes = Set((1...1000).map { input.paddedFrameCount($0) })
    #expect(shapes.count < 32)
    for frames in 1...1000 {
      let padded = input.paddedFrameCount(frames)
      #expect(padded >= frames && padded <= max(16, frames * 5 / 4 + 4, 0) && padded <= 1000)
    }
    let fixed = try SoundInput(sampleRate: 8000, mostFrames: 64, isFixedLength: true)
    #expect(fixed.paddedFrameCount(3) == 64)
  }

  @Test func statisticsAreThoseOfAllFrames() throws {
    let store = try SoundStore(dataset([0.3, 0.7]))
    let statistics = store.statistics(of: [0, 1])
    let all = try [0, 1].flatMap { try store.features(at: $0) }
    for band in [0, 17, 39] {
      let values = stride(from: band, to: all.count, by: 40).map { Double(all[$0]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(Double(statistics.mean[band]) - mean) < 1e-4)
      #expect(abs(Double(statistics.deviation[band]) - square.squareRoot()) < 1e-3)
    }
  }

  // MARK: Windows

  @Test func aLongFileIsReadWindowByWindow() throws {
    let folder = try TemporaryFolder()
    let samples = MadeWAV.tone(440, seconds: 2.6)
    try folder.write(MadeWAV.file([samples]), "long.wav")
    let input = try SoundInput(sampleRate: 8000, mostFrames: 101)
    var windows = try SoundWindows(contentsOf: folder.file("long.wav"), input: input)
    var found: [SoundWindows.Window] = []
    while let window = try windows.next() { found.append(window) }
    #expect(found.count == 3)
    #expect(found.map(\.sound.samples.count).dropLast().allSatisfy { $0 == input.mostSamples })
    #expect(found[0].startSeconds == 0 && found[1].startSeconds == found[0].endSeconds)
    let joined = found.flatMap(\.sound.samples)
    #expect(zip(joined, samples).allSatisfy { abs($0 - $1) < 1e-4 } && joined.count == 20_800)
    // In memory they are the same.
    let memory = try SoundDecoder().decode(contentsOf: folder.file("long.wav")).windows(input)
    #expect(memory.map(\.sound) == found.map(\.sound))
    // A rest of little is left.
    try folder.write(MadeWAV.file([samples.prefix(8_500).map { $0 }]), "rest.wav")
    var rest = try SoundWindows(contentsOf: folder.file("rest.wav"), input: input)
    _ = try rest.next()
    #expect(try rest.next() == nil)
  }
}

/// Changes that leave the meaning as it is.
struct SoundAugmentationTests {
  private let key = RandomKey(seed: 6)

  @Test(arguments: ["none", "gain", "speed,gain,shift,noise:15,mask", "noise:-3.5"])
  func wordsComeBack(_ text: String) throws {
    #expect(try SoundAugmentation(parsing: text).description == text)
  }

  @Test func wordsThatAreNoneAreNamed() {
    let choices =
      "Choose from none, speed, gain, shift, noise, mask; separate several by commas, and give "
      + "noise its ratio in dB like noise:20"
    expectError("recordings have no augmentation \"flip\". \(choices)") {
      try SoundAugmentation(parsing: "gain,flip")
    }
    expectError("\"none\" stands among other augmentations. \(choices)") {
      try SoundAugmentation(parsing: "gain,none")
    }
    expectError(
      "a signal-to-noise ratio of loud dB cannot be. Give a number from -20 to 100, such as noise:20"
    ) { try SoundAugmentation(parsing: "noise:loud") }
  }

  private func power(_ samples: some Collection<Float>) -> Double {
    samples.reduce(0.0) { $0 + Double($1 * $1) } / Double(max(samples.count, 1))
  }

  @Test(arguments: [0.0, 10, 20]) func noiseHasTheRatioThatWasAsked(_ ratio: Double) throws {
    let tone = MadeWAV.tone(440, seconds: 2)
    let noisy = try SoundAugmentation([.noise], signalToNoiseRatio: ratio).changed(tone, key: key)
    let noise = zip(noisy, tone).map { $0 - $1 }
    #expect(abs(10 * log10(power(tone) / power(noise)) - ratio) < 0.3)
  }

  @Test func gainAndShiftDoNoMore() throws {
    let tone = MadeWAV.tone(440, from: 0.4, to: 0.6, of: 1)
    for trial in 0..<20 {
      let key = key.folding(trial)
      let louder = try SoundAugmentation([.gain]).changed(tone, key: key)
      let ratio = 10 * log10(power(louder) / power(tone))
      #expect(abs(ratio) <= 6.01)
      let moved = try SoundAugmentation([.shift]).changed(tone, key: key)
      #expect(moved.count == tone.count && abs(power(moved) - power(tone)) < 1e-6)
      let by = try #require(moved.firstIndex { $0 != 0 }) - #require(tone.firstIndex { $0 != 0 })
      #expect(abs(by) <= 800)
      #expect(
        try SoundAugmentation([.gain, .shift]).changed(tone, key: key)
          == SoundAugmentation([.gain, .shift]).changed(tone, key: key))
    }
  }

  @Test func speedChangesLengthAndPitchAlike() throws {
    let tone = MadeWAV.tone(400, seconds: 1)
    func crossings(_ samples: [Float]) -> Int {
      zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
    }
    var lengths: Set<Int> = []
    for trial in 0..<20 {
      let changed = try SoundAugmentation([.speed]).changed(tone, key: key.folding(trial))
      lengths.insert(Int((Double(changed.count) / Double(tone.count) * 100).rounded()))
      // As many waves as before, in more or less time.
      #expect(abs(crossings(changed) - crossings(tone)) <= 2)
    }
    #expect(lengths == [91, 100, 111])
  }

  @Test func masksTakeTheMeanOfFewBandsAndFrames() {
    let count = 40
    let features = (0..<(100 * count)).map { Float($0 % 97) / 97 + Float($0 % count) }
    let masked = SoundAugmentation([.mask]).masked(features, count: count, key: key)
    #expect(masked != features)
    let changed = features.indices.filter { features[$0] != masked[$0] }
    // Two stretches of up to 5 bands and of up to 10 frames.
    #expect(changed.count <= 10 * 100 + 20 * count)
    for band in 0..<count {
      let mean =
        stride(from: band, to: features.count, by: count)
        .reduce(Float(0)) { $0 + features[$1] } / 100
      for index in changed where index % count == band {
        #expect(abs(masked[index] - mean) < 1e-3)
      }
    }
    #expect(SoundAugmentation.none.masked(features, count: count, key: key) == features)
  }
}
