import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// Recordings of every kind, and what is no recording.
struct SoundDecoderTests {
  struct Fixture: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let file: Data
    let sampleRate: Int
    let channels: Int

    var testDescription: String { name }
    var isLossless: Bool { ["wav-s16", "wav-s24", "wav-float", "flac"].contains(name) }
  }

  static let fixtures: [Fixture] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    do {
      return try JSONDecoder().decode(
        [Fixture].self, from: Data(contentsOf: folder.appending(path: "References/sounds.json")))
    } catch {
      fatalError("Tests/References/sounds.json: \(error)")
    }
  }()

  /// The script's tone.
  private func tone(_ rate: Int) -> [Float] {
    (0..<Int(0.4 * Double(rate))).map {
      let time = Double($0) / Double(rate)
      return Float(0.5 * sin(2 * .pi * 440 * time) * time / 0.4)
    }
  }

  @Test(arguments: fixtures) func everyKindIsRead(_ fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    // The name says nothing: bytes do.
    try folder.write(fixture.file, "recording.wav")
    let decoded = try SoundDecoder().decoded(folder.file("recording.wav"))
    #expect(decoded.facts.sampleRate == fixture.sampleRate)
    #expect(decoded.facts.channels == fixture.channels)
    #expect(!decoded.isSilent && !decoded.isCut && decoded.deadChannels.isEmpty)
    let expected = tone(fixture.sampleRate)
    let samples = decoded.sound.samples
    if fixture.isLossless {
      try #require(samples.count == expected.count)
      let deviation = zip(samples, expected).map { abs($0 - $1) }.max() ?? 1
      #expect(deviation < 1.0 / 32_768)
    } else {
      // Coders delay and pad; the pitch and the level of the loudest quarter stay.
      #expect(abs(decoded.sound.seconds - 0.4) < 0.13)
      let loud = samples[(samples.count / 2)..<(samples.count * 3 / 4)]
      let crossings = zip(loud, loud.dropFirst()).count { ($0 < 0) != ($1 < 0) }
      let pitch = Double(crossings) / 2 / (Double(loud.count) / Double(fixture.sampleRate))
      #expect(abs(pitch - 440) < 15)
      #expect(abs((samples.map(abs).max() ?? 0) - 0.5) < 0.08)
    }
  }

  @Test(arguments: fixtures) func aFileThatIsCutShortIsAnErrorOrShorter(_ fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    try folder.write(fixture.file, "whole")
    let whole = try SoundDecoder().decode(contentsOf: folder.file("whole")).samples.count
    for cut in (0..<20).map({ $0 * fixture.file.count / 20 }) {
      try folder.write(fixture.file.prefix(cut), "cut")
      do {
        let sound = try SoundDecoder().decode(contentsOf: folder.file("cut"))
        #expect(sound.samples.count <= whole && !sound.samples.isEmpty)
      } catch let error as InputError {
        #expect(error.place == folder.file("cut").relativePath)
      }
    }
  }

  @Test(arguments: fixtures) func flippedBitsNeverCrash(_ fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    let key = RandomKey(seed: 3).folding(fixture.name)
    for trial in 0..<40 {
      let key = key.folding(trial)
      var file = fixture.file
      for flip in 0..<(1 + trial % 8) {
        // Half of them in the header.
        let room = flip % 2 == 0 ? min(120, file.count) : file.count
        file[key.integer(below: room, at: UInt64(2 * flip))] ^= UInt8(
          1 << key.integer(below: 8, at: UInt64(2 * flip + 1)))
      }
      try folder.write(file, "damaged")
      do {
        let sound = try SoundDecoder(limits: SoundLimits(seconds: 5)).decode(
          contentsOf: folder.file("damaged"))
        #expect(sound.samples.allSatisfy { $0.isFinite })
      } catch let error as InputError {
        #expect(error.place == folder.file("damaged").relativePath)
      }
    }
  }

  @Test func whatIsNoRecordingIsNamed() throws {
    let folder = try TemporaryFolder()
    let tone = MadeWAV.tone(440, seconds: 0.1)
    let formats = "Fovea reads WAV, FLAC, MP3, Ogg (Vorbis or Opus), M4A, AAC recordings"
    let rates = "Recordings have from 1,000 to 768,000; its header is probably damaged"
    let picture = try PictureEncoder(.png).encode(
      Picture(width: 2, height: 1, channels: 1, made: [0, 255]))
    var broken = MadeWAV.file([tone])
    broken.replaceSubrange(8..<12, with: Data("JUNK".utf8))
    var noFormat = MadeWAV.file([tone])
    noFormat.replaceSubrange(12..<44, with: Data(repeating: 0xEE, count: 32))
    let files: [(name: String, file: Data, problem: String)] = [
      (
        "zero.wav", MadeWAV.file([tone], claimedRate: 0),
        "says that it has 0 samples a second. \(rates)"
      ),
      (
        "fast.wav", MadeWAV.file([tone], claimedRate: 1_000_000_000),
        "says that it has 1,000,000,000 samples a second. \(rates)"
      ),
      (
        "header.wav", broken,
        "begins like a WAV recording, but is none. Its header is damaged: copy or download the "
          + "file again"
      ),
      (
        "format.wav", noFormat,
        "is broken: it begins like a recording, but its header makes no sense. Copy or download "
          + "the file again"
      ),
      (
        "picture.wav", picture,
        "is a PNG picture, which Fovea does not read as a recording. \(formats)"
      ),
      (
        "text.wav", Data("not a sound at all".utf8),
        "is a text, which Fovea does not read as a recording. Give a recording"
      ),
      (
        "noise.wav", Data([1, 2, 3, 4, 0, 9]),
        "is not a recording in a format that Fovea knows. \(formats)"
      ),
      (
        "sphere.wav", Data("NIST_1A\n   1024\nsample_rate -i 16000\nend_head\n".utf8),
        "is a NIST SPHERE recording, which Fovea does not read as a recording. Convert it to WAV or "
          + "FLAC. \(formats)"
      ),
      (
        "pointer.wav",
        Data("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n".utf8),
        "is a pointer of Git LFS, which Fovea does not read as a recording. Fetch the file itself: "
          + "git lfs pull"
      ),
      ("empty.wav", Data(), "is empty. Copy or download the file again"),
      ("zeros.wav", Data(count: 500), "begins with nothing but zeros. \(formats)"),
      ("none.wav", MadeWAV.file([[]]), "holds no samples"),
    ]
    for (name, file, problem) in files {
      try folder.write(file, name)
      let url = folder.file(name)
      expectError("\(url.relativePath): \(problem)") {
        try SoundDecoder().decode(contentsOf: url)
      }
    }
    expectError("\(folder.url.relativePath): is a folder, not a recording") {
      try SoundDecoder().decode(contentsOf: folder.url)
    }
  }

  @Test func aDeadChannelDoesNotHalveTheOther() throws {
    let folder = try TemporaryFolder()
    let tone = MadeWAV.tone(440, seconds: 0.5)
    let silence = [Float](repeating: 0, count: tone.count)
    try folder.write(MadeWAV.file([tone, silence]), "dead.wav")
    try folder.write(MadeWAV.file([tone, tone.map { $0 / 2 }]), "both.wav")
    let dead = try SoundDecoder().decoded(folder.file("dead.wav"))
    #expect(dead.deadChannels == [2] && !dead.isSilent)
    #expect(zip(dead.sound.samples, tone).allSatisfy { abs($0 - $1) < 1e-4 })
    let both = try SoundDecoder().decoded(folder.file("both.wav"))
    #expect(both.deadChannels.isEmpty)
    #expect(zip(both.sound.samples, tone).allSatisfy { abs($0 - 0.75 * $1) < 1e-4 })
    // One that begins late is no dead one, and weighs the same all along.
    let late = silence.prefix(3000) + tone.dropFirst(3000)
    try folder.write(MadeWAV.file([tone, Array(late)]), "late.wav")
    let mixed = try SoundDecoder().decoded(folder.file("late.wav"))
    #expect(mixed.deadChannels.isEmpty)
    #expect(abs(mixed.sound.samples[2001] - tone[2001] / 2) < 1e-4)
  }

  @Test func silenceAndClicksAreRead() throws {
    let folder = try TemporaryFolder()
    try folder.write(MadeWAV.file([[Float](repeating: 0, count: 4000)]), "silence.wav")
    try folder.write(MadeWAV.file([MadeWAV.tone(440, seconds: 0.01)]), "click.wav")
    let silence = try SoundDecoder().decoded(folder.file("silence.wav"))
    #expect(silence.isSilent && silence.deadChannels.isEmpty && silence.sound.seconds == 0.5)
    let click = try SoundDecoder().decoded(folder.file("click.wav"))
    #expect(!click.isSilent && click.sound.samples.count == 80)
  }

  // MARK: Resampling

  @Test(arguments: [(11_025, 8_000), (8_000, 11_025), (44_100, 16_000), (8_000, 48_000)])
  func aToneStaysThatToneAtAnotherRate(_ from: Int, _ to: Int) throws {
    let sound = Sound(
      sampleRate: from, made: MadeWAV.tone(700, seconds: 1, sampleRate: from))
    let resampled = try sound.resampled(to: to)
    #expect(resampled.sampleRate == to && abs(resampled.samples.count - to) <= to / 1000 + 1)
    let expected = MadeWAV.tone(700, seconds: 1, sampleRate: to)
    // Away from the ends, where the filter has nothing to go by.
    let inner = (to / 20)..<(to - to / 20)
    let deviation = inner.map { abs(resampled.samples[$0] - expected[$0]) }.max() ?? 1
    #expect(deviation < 2e-3)
  }

  @Test func whatTheLowerRateCannotHoldIsTakenOut() throws {
    let sound = Sound(
      sampleRate: 16_000, made: MadeWAV.tone(6000, seconds: 1, sampleRate: 16_000))
    let resampled = try sound.resampled(to: 8_000)
    // An alias would have 2,000 Hz and the level of the tone.
    #expect((resampled.samples[400..<7600].map(abs).max() ?? 1) < 0.5 * 1e-3)
  }
}
