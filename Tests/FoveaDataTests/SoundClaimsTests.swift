import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Synchronization
import Testing

/// What recordings say of themselves is held against what is in them, and what is odd is said.
struct SoundClaimsTests {
  /// What a prediction says of a recording besides its label.
  @Test func windowsSayWhatIsOddAboutARecording() throws {
    let folder = try TemporaryFolder()
    let tone = MadeWAV.tone(440, seconds: 0.5)
    let silence = [Float](repeating: 0, count: tone.count)
    let files: [(String, Data, [String])] = [
      ("good.wav", MadeWAV.file([tone]), []),
      ("silent.wav", MadeWAV.file([silence]), ["it is silent"]),
      (
        "dead.wav", MadeWAV.file([tone, silence]),
        ["nothing comes from channel 2 of 2; the other is used"]
      ),
      (
        "click.wav", MadeWAV.file([MadeWAV.tone(440, seconds: 0.02)]),
        ["it is 20 ms long, hardly more than a click"]
      ),
    ]
    for (name, file, notes) in files {
      try folder.write(file, name)
      var windows = try SoundWindows(
        contentsOf: folder.file(name), input: SoundInput(sampleRate: 8000, mostFrames: 101))
      while try windows.next() != nil {}
      #expect(windows.notes == notes, "\(name)")
    }
  }

  private let tone = MadeWAV.tone(440, seconds: 0.5)
  private let again = "Copy or download the file again"

  private func decoded(_ file: Data) throws -> SoundDecoder.Decoded {
    let folder = try TemporaryFolder()
    return try SoundDecoder().decoded(folder.write(file, "x"))
  }

  private func error(_ file: Data) throws -> String? {
    let error = #expect(throws: InputError.self) { try decoded(file) }
    return error.map { "\($0.problem). \($0.advice ?? "")" }
  }

  /// Folders that go when the tests end: a data set reads from its own for as long as it is used.
  private static let folders = Mutex<[TemporaryFolder]>([])

  /// A data set of files in two classes.
  private func data(
    _ files: [(name: String, file: Data)]
  ) throws -> (TemporaryFolder, LabelledDataset) {
    let folder = try TemporaryFolder()
    Self.folders.withLock { $0.append(folder) }
    for (name, file) in files { try folder.write(file, "data/\(name)") }
    return (folder, try LabelledSource.read(folder.file("data")).training)
  }

  private var good: [(name: String, file: Data)] {
    (0..<12).map { ("\($0 % 2 == 0 ? "a" : "b")/\($0).wav", MadeWAV.file([tone])) }
  }

  // MARK: Numbers

  @Test func aSampleWhoseSpectrumOverflowsIsRefusedAndTheOthersGoOn() throws {
    for value in [Float(1e19), 1e30, -1e30, 3e38] {
      var samples = tone
      samples[100] = value
      #expect(
        try error(MadeWAV.floatFile([samples]))
          == "holds a sample of \(value), where recordings lie within −1 and 1. "
          + "It is damaged, or not of floating-point numbers: save it again")
    }
    var samples = tone
    samples[100] = 1e30
    let (_, dataset) = try data(good + [("a/loud.wav", MadeWAV.floatFile([samples]))])
    let store = try SoundStore(dataset)
    #expect(store.usable.count == 12)
    #expect(store.broken.lines.last?.hasPrefix("  a/loud.wav: holds a sample of 1e+30") == true)
    let statistics = store.statistics(of: store.usable)
    #expect((statistics.mean + statistics.deviation).allSatisfy { $0.isFinite })
    // The largest that is let through has features still.
    var settings = SpectrogramSettings()
    settings.windowMilliseconds = 1000
    let loud = try SoundInput(sampleRate: 8000, spectrogram: settings, mostFrames: 40).features(
      of: Sound(sampleRate: 8000, samples: tone.map { $0 * 0x1p32 }))
    #expect(loud.allSatisfy { $0.isFinite })
  }

  @Test func samplesThatAreNoNumbersAreCountedAndNamed() throws {
    var samples = tone
    for (index, value) in [Float.nan, .infinity, -.infinity].enumerated() {
      samples[100 * index] = value
    }
    let decoded = try decoded(MadeWAV.floatFile([samples]))
    #expect(decoded.findings.nonFiniteCount == 3)
    #expect(decoded.sound.samples[100] == 0 && decoded.sound.samples[150] == samples[150])
    let (folder, dataset) = try data(good + [("a/holes.wav", MadeWAV.floatFile([samples]))])
    #expect(
      try SoundStore(dataset).notes == [
        "\(folder.file("data").relativePath): 1 recording holds 3 samples that are no number or "
          + "infinite and count as 0 (a/holes.wav)."
      ])
    #expect(
      decoded.findings.sentences == ["3 samples are no number or infinite and count as 0"])
  }

  // MARK: Channels

  @Test func channelsThatCancelOutAreNotHeardAsSilence() throws {
    let other = tone.map { -$0 }
    let decoded = try decoded(MadeWAV.file([tone, other]))
    #expect(decoded.findings.cancelsOut && !decoded.isSilent)
    #expect(zip(decoded.sound.samples, tone).allSatisfy { abs($0 - $1) < 1e-4 })
    // Two that are merely different are mixed, and so are two that are alike.
    for right in [tone.map { -0.8 * $0 }, tone, MadeWAV.tone(700, seconds: 0.5)] {
      let mixed = try self.decoded(MadeWAV.file([tone, right]))
      #expect(!mixed.findings.cancelsOut)
      let mean = (tone[1001] + right[1001]) / 2
      #expect(abs(mixed.sound.samples[1001] - mean) < 1e-3)
    }
    let (folder, dataset) = try data(good + [("a/wire.wav", MadeWAV.file([tone, other]))])
    let store = try SoundStore(dataset)
    #expect(
      store.notes == [
        "\(folder.file("data").relativePath): of 1 recording the channels cancel out when they are "
          + "mixed (right = −left); one is used alone (a/wire.wav)."
      ])
    // In windows and from a stream too.
    let url = folder.file("data/a/wire.wav")
    var windows = try SoundWindows(contentsOf: url, input: store.input)
    #expect((try windows.next()?.sound.samples.map(abs).max() ?? 0) > 0.4)
    #expect(windows.notes.count == 1)
    var stream = try SoundStream(input: store.input, step: 0.1)
    var heard = try stream.samples(Data(contentsOf: url))
    heard += try stream.lastSamples()
    #expect((heard.map(abs).max() ?? 0) > 0.4)
    #expect(stream.notes.count == 1)
  }

  // MARK: Ends

  /// A part of a WAV file that is no sound.
  private static let title = joined(
    Data("LIST".utf8), Data([4, 0, 0, 0]), Data(repeating: 77, count: 4))

  private static func joined(_ parts: Data...) -> Data {
    parts.reduce(into: Data()) { $0.append($1) }
  }

  @Test func aWAVWithLessThanItSaysIsRefused() throws {
    let whole = MadeWAV.file([tone])
    #expect(try decoded(whole).sound.samples.count == 4000)
    for (count, there) in [(44, "are 0"), (45, "is 1"), (4044, "are 4,000"), (8043, "are 7,999")] {
      #expect(
        try error(whole.prefix(count))
          == "is cut short: it says that 8,000 bytes of sound follow, and there \(there). \(again)")
    }
    // What comes behind the sound, and an odd chunk before it, is no matter.
    #expect(try decoded(Self.joined(whole, Self.title)).sound.seconds == 0.5)
    let chunk = Self.joined(Data("note".utf8), Data([3, 0, 0, 0, 1, 2, 3, 0]))
    let odd = Self.joined(whole.prefix(36), chunk, whole.dropFirst(36))
    #expect(try decoded(odd).sound.samples.count == 4000)
    let short = try error(odd.dropLast(5))
    #expect(short?.hasPrefix("is cut short") == true)
    // A program that cannot go back writes a size that is none.
    for size: [UInt8] in [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0, 0xF0, 0xFF, 0x7F]] {
      var piped = whole
      piped.replaceSubrange(40..<44, with: size)
      #expect(try decoded(piped).sound.samples.count == 4000)
    }
  }

  @Test func aStreamEndsWhereItsHeaderSays() throws {
    let input = try SoundInput(sampleRate: 8000, mostFrames: 40)
    let whole = MadeWAV.file([tone])
    var stream = try SoundStream(input: input, step: 0.1)
    #expect(try stream.samples(Self.joined(whole, Self.title)).count == 4000)
    #expect(stream.notes.isEmpty)
    var short = try SoundStream(input: input, step: 0.1)
    #expect(try short.samples(whole.prefix(4044)).count == 2000)
    #expect(short.notes == ["it ends after 4,000 of 8,000 bytes of sound"])
  }

  @Test(
    arguments: SoundDecoderTests.fixtures.filter {
      ["flac", "mp3", "ogg-vorbis"].contains($0.name)
    })
  func aCompressedRecordingThatIsCutIsRefused(_ fixture: SoundDecoderTests.Fixture) throws {
    #expect(try !decoded(fixture.file).findings.mayBeCut)
    for tenths in 3...8 {
      let cut = fixture.file.prefix(fixture.file.count * tenths / 10)
      #expect(try error(cut) != nil, "\(tenths) tenths")
    }
    if fixture.name == "mp3" {
      let message = try error(fixture.file.prefix(fixture.file.count * 6 / 10))
      #expect(message?.hasPrefix("is cut short: it says that it is 0.50 seconds long") == true)
    }
  }

  @Test func anMP3ThatDoesNotSayHowLongItIsMayBeCut() throws {
    let fixture = try #require(SoundDecoderTests.fixtures.first { $0.name == "mp3" })
    // Without what stands before the first frame of sound, where the number of frames is.
    let first = try #require(fixture.file.range(of: Data([0xFF, 0xF3, 0x38]))?.lowerBound)
    let bare = Data(fixture.file.dropFirst(first))
    #expect(try !decoded(bare).findings.mayBeCut)
    let cut = bare.dropLast(30)
    #expect(try decoded(cut).findings.mayBeCut)
    let (folder, dataset) = try data(good + [("a/radio.mp3", cut)])
    var options = SoundStore.Options()
    options.sampleRate = 8000
    #expect(
      try SoundStore(dataset, options: options).notes.last
        == "\(folder.file("data").relativePath): 1 recording ends without an end mark and may have "
        + "been cut (a/radio.mp3).")
  }

  // MARK: Lengths

  /// The FLAC of the fixtures, as a program writes it that cannot go back: without its length.
  private func endlessFLAC() throws -> Data {
    var file = try #require(SoundDecoderTests.fixtures.first { $0.name == "flac" }).file
    // STREAMINFO: 36 bits of the number of samples, from the middle of its 14th byte on.
    file[8 + 13] &= 0xF0
    for index in 14..<18 { file[8 + index] = 0 }
    return file
  }

  @Test func aNetworksLengthFollowsFromWhatIsRead() throws {
    let plain = try SoundStore(data(good).1).input
    // Neither an empty file, nor one that does not say its length, nor one that says too much.
    let empty = MadeWAV.file([[]])
    var endless = empty
    endless.replaceSubrange(40..<44, with: [0xFF, 0xFF, 0xFF, 0xFF])
    var long = MadeWAV.file([MadeWAV.tone(440, seconds: 0.1)])
    long.replaceSubrange(40..<44, with: MadeFiles.little(160_000, 4))
    for file in [empty, endless, long, try endlessFLAC(), Data("RIFF".utf8)] {
      let (_, dataset) = try data(good + [("a/odd.wav", file)])
      var options = SoundStore.Options()
      options.sampleRate = 8000
      #expect(try SoundStore(dataset, options: options).input == plain)
    }
    // One that does not say that it is the longest is.
    var piped = MadeWAV.file([MadeWAV.tone(440, seconds: 2)])
    piped.replaceSubrange(40..<44, with: [0xFF, 0xFF, 0xFF, 0xFF])
    let (_, dataset) = try data(good + [("a/piped.wav", piped)])
    #expect(try SoundStore(dataset).input.mostFrames == 201)
  }
}
