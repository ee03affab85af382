import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Glibc
import Testing

/// Recordings with transcripts, and strings of words that are made of single ones.
struct WordStringTests {
  private static let words = ["one", "two", "three"]

  /// Each speaker says each word twice: tones that tell word, speaker and recording apart.
  private func recordings() -> LabelledDataset {
    var examples: [LabelledExample] = []
    for (speaker, name) in ["ann", "bob", "cleo"].enumerated() {
      for word in Self.words.indices {
        for take in 0..<2 {
          let pitch = 300.0 + 400 * Double(word) + 60 * Double(speaker) + 20 * Double(take)
          let tone = MadeWAV.tone(
            pitch, seconds: 0.2 + 0.05 * Double(word), level: 0.2 + 0.1 * Double(speaker))
          var example = LabelledExample(
            name: "\(name) \(word) \(take)",
            content: .sound(Sound(sampleRate: 8000, made: tone)), label: word)
          example.group = name
          examples.append(example)
        }
      }
    }
    return LabelledDataset(
      name: "words", medium: .sound, classes: Self.words, made: examples)
  }

  private func options(
    _ change: (inout WordStrings.Options) -> Void = { _ in }
  )
    -> WordStrings.Options
  {
    var options = WordStrings.Options()
    (options.count, options.testCount) = (40, 10)
    change(&options)
    return options
  }

  @Test func theSameSeedGivesTheSameStrings() throws {
    let first = try WordStrings([recordings()], options: options())
    let same = try WordStrings([recordings()], options: options())
    let other = try WordStrings([recordings()], options: options { $0.seed = 2 })
    #expect(first.count == 50)
    var differing = 0
    for index in 0..<first.count {
      let (a, b, c) = (first.item(index), same.item(index), other.item(index))
      #expect(a.sound == b.sound && a.words.map(\.word) == b.words.map(\.word))
      if a.sound != c.sound { differing += 1 }
    }
    #expect(differing == 50)
  }

  @Test func stringsHaveOneToSevenWordsOfOneSpeaker() throws {
    let strings = try WordStrings(
      [recordings()], options: options { $0.testSpeaker = "bob" })
    let items = (0..<strings.count).map(strings.item)
    #expect(Set(items.map(\.words.count)) == Set(1...7))
    #expect(Set(items.flatMap { $0.words.map(\.word) }) == Set(Self.words))
    for (index, item) in items.enumerated() {
      #expect(strings.isTest(index) == (index >= 40))
      #expect((item.speaker == "bob") == strings.isTest(index))
      // Pauses lie around and between.
      var edges: [Double] = [0]
      for word in item.words { edges += [word.start, word.end] }
      edges.append(item.sound.seconds)
      #expect(zip(edges, edges.dropFirst()).allSatisfy { $1 - $0 > 0.049 })
    }
  }

  /// What is said stands at its time, and the noise is as far below it as was asked.
  @Test(arguments: [10.0, 30]) func noiseHasTheRatioThatWasAsked(_ ratio: Double) throws {
    let strings = try WordStrings(
      [recordings()], options: options { $0.signalToNoiseRatio = ratio })
    for index in 0..<10 {
      let item = strings.item(index)
      let spans = item.words.map { Int($0.start * 8000 + 0.5)..<Int($0.end * 8000 + 0.5) }
      func power(_ indices: some Collection<Int>) -> Double {
        indices.reduce(0) { $0 + Double(item.sound.samples[$1] * item.sound.samples[$1]) }
          / Double(indices.count)
      }
      let inside = spans.flatMap { Array($0) }
      let outside = item.sound.samples.indices.filter { i in !spans.contains { $0.contains(i) } }
      let noise = power(outside)
      let found = 10 * log10((power(inside) - noise) / noise)
      #expect(abs(found - ratio) < 1, "string \(index)")
    }
  }

  @Test func whatCannotBeSaidIsNamed() throws {
    func refused(_ text: String, _ change: (inout WordStrings.Options) -> Void) {
      expectError(text) { try WordStrings([recordings()], options: options(change)) }
    }
    refused("words: there is no speaker dora. The speakers are ann, bob, cleo") {
      $0.testSpeaker = "dora"
    }
    refused("there must be a string at least. Give count 1 or more") { $0.count = 0 }
    refused("a signal-to-noise ratio of 200.0 dB cannot be. Give a number from -20 to 100") {
      $0.signalToNoiseRatio = 200
    }
    let nobody = LabelledDataset(
      name: "words", medium: .sound, classes: ["one"],
      made: [
        LabelledExample(
          name: "a.wav",
          content: .sound(Sound(sampleRate: 8000, made: MadeWAV.tone(400, seconds: 0.2))),
          label: 0)
      ])
    expectError("a.wav: has no speaker. Name the column of speakers: groupColumn") {
      try WordStrings([nobody], options: options())
    }
  }

  @Test func aFolderOfStringsIsReadAsTranscripts() throws {
    let folder = try TemporaryFolder()
    let strings = try WordStrings(
      [recordings()], options: options { $0.testSpeaker = "cleo" })
    try WordStringWriter.write(strings, to: folder.file("strings"))
    let data = try LabelledSource.read(
      folder.file("strings/strings.csv"),
      options: LabelledSourceOptions(groupColumn: "speaker", task: .transcribe))
    #expect(data.training.task == .transcribe && data.training.medium == .sound)
    #expect(data.training.classes == ["one", "three", "two"])
    #expect(data.training.examples.count == 40 && data.test?.examples.count == 10)
    for index in 0..<40 {
      let heard = data.training.examples[index].words?.map { data.training.classes[$0] }
      #expect(heard == strings.item(index).words.map(\.word))
    }
    let said = (0..<40).map { strings.item($0).words.count }.reduce(0, +)
    #expect(data.training.countsByClass.reduce(0, +) == said)
    expectError(
      "\(folder.file("strings").relativePath): holds a set of word strings already. Choose another output folder, or add overwriting"
    ) {
      try WordStringWriter.write(strings, to: folder.file("strings"))
    }
  }

  @Test func aWordThatIsNotTrainedOnIsNamedWithItsRow() throws {
    let folder = try TemporaryFolder()
    for name in ["a.wav", "b.wav"] {
      try folder.write(MadeWAV.file([MadeWAV.tone(400, seconds: 0.3)]), name)
    }
    try folder.write("file,transcript,split\na.wav,one two,train\nb.wav,two six,test\n", "t.csv")
    let options = LabelledSourceOptions(task: .transcribe)
    let error = #expect(throws: InputError.self) {
      try LabelledSource.read(folder.file("t.csv"), options: options)
    }
    #expect(error?.problem == "the word six has no training rows" && error?.row == 3)
    try folder.write("file,transcript\na.wav,one two\nb.wav, \n", "empty.csv")
    let empty = #expect(throws: InputError.self) {
      try LabelledSource.read(folder.file("empty.csv"), options: options)
    }
    #expect(empty?.problem == "the transcript is empty" && empty?.row == 3)
  }

  /// A transcript for which its recording has no room is named, and the others are used.
  @Test func anUtteranceWithMoreWordsThanFramesIsNamed() throws {
    func example(_ name: String, _ words: [Int], seconds: Double) -> LabelledExample {
      var example = LabelledExample(
        name: name,
        content: .sound(Sound(sampleRate: 8000, made: MadeWAV.tone(400, seconds: seconds))),
        label: words[0])
      example.words = words
      return example
    }
    let usable = (0..<20).map { example("\($0)", [0, 1, 1], seconds: 0.5) }
    let tight = example("tight", [0, 1, 0], seconds: 0.09)
    let dataset = LabelledDataset(
      name: "words", medium: .sound, classes: ["one", "two"],
      made: usable + [tight, example("short", [1, 1, 0], seconds: 0.09)])
    var options = SoundStore.Options()
    options.spectrogram.framesTogether = 4
    let store = try SoundStore(dataset, options: options)
    // 90 ms are 10 frames, and so 3 of four together.
    #expect(store.usable == Array(0...20) && store.frameCount(at: 20) == 3)
    #expect(store.broken.count == 1)
    #expect(
      store.broken.lines.last?.contains(
        "short: has 3 words, which need 4 frames, and only 3 frames")
        == true, "\(store.broken.lines)")
    var cut = options
    cut.clipSeconds = 0.1
    cut.allowBroken = true
    let cutStore = try SoundStore(dataset, options: cut)
    #expect(cutStore.usable == [20])
    #expect(cutStore.broken.lines.joined().contains("its last words would be missed"))
    #expect(cutStore.broken.lines.joined().contains("clipSeconds"))
    let given = try SoundStore(dataset, input: cutStore.input, options: cut).broken.lines.joined()
    #expect(
      given.contains("missed. Cut it into shorter recordings") && !given.contains("clipSeconds"))
  }

  @Test func batchesHoldTargets() throws {
    var examples = recordings().examples
    for index in examples.indices { examples[index].words = [Int](repeating: 1, count: index % 3) }
    let dataset = LabelledDataset(
      name: "words", medium: .sound, classes: Self.words, made: examples)
    let store = try SoundStore(dataset)
    let batch = try #require(
      try store.evaluationFeed(of: Array(0..<6), batchSize: 6).batches(epoch: 0, from: 0).next())
    #expect(batch.arrays["targets"]?.shape == [6, 8] && batch.arrays["labels"] == nil)
    #expect(
      batch.arrays["targetLengths"]?.elements(of: Int32.self) == [0, 1, 2, 0, 1, 2])
  }

  /// Frames side by side are the same numbers in fewer, wider rows.
  @Test func framesTogetherAreTheSameNumbers() throws {
    let sound = Sound(sampleRate: 8000, made: MadeWAV.tone(700, seconds: 0.333))
    var settings = SpectrogramSettings()
    settings.bands = 20
    let single = try SoundInput(sampleRate: 8000, spectrogram: settings, mostFrames: 100)
    settings.framesTogether = 4
    let together = try SoundInput(sampleRate: 8000, spectrogram: settings, mostFrames: 25)
    let (narrow, wide) = (single.features(of: sound), together.features(of: sound))
    #expect(together.featureCount == 80 && together.hopSeconds == 0.04)
    #expect(narrow.count == 34 * 20 && wide.count == 9 * 80)
    #expect(Array(wide.prefix(narrow.count)) == narrow)
    // The last frame is repeated until four stand side by side.
    #expect(Array(wide.suffix(20)) == Array(narrow.suffix(20)))
    #expect(together.frameCount(ofSamples: sound.samples.count) == 9)
  }
}
