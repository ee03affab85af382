import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// Recordings that arrive byte by byte.
struct SoundStreamTests {
  private func input() throws -> SoundInput { try SoundInput(sampleRate: 8000, mostFrames: 101) }

  /// The windows of a stream that arrives in pieces of so many bytes.
  private func windows(
    _ data: Data, piece: Int, step: Double, sampleRate: Int? = nil, channels: Int = 1
  ) throws -> [SoundWindows.Window] {
    var stream = try SoundStream(
      input: input(), step: step, sampleRate: sampleRate, channels: channels)
    var found: [SoundWindows.Window] = []
    let bytes = [UInt8](data)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      found += try stream.add(bytes[start..<min(start + piece, bytes.count)])
    }
    return found + (try stream.end())
  }

  @Test(arguments: [1, 7, 1000, 1 << 20]) func piecesOfAnySizeGiveTheSameWindows(piece: Int) throws
  {
    let samples = MadeWAV.tone(440, seconds: 2.6)
    let file = MadeWAV.file([samples])
    let size = try input().mostSamples
    let found = try windows(file, piece: piece, step: 0.5)
    #expect(found.map(\.startSeconds) == [0, 0.5, 1, 1.5])
    for window in found {
      let start = Int(window.startSeconds * 8000)
      let expected = samples[start..<(start + size)]
      #expect(window.sound.samples.count == size)
      #expect(zip(window.sound.samples, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    // Without a header the samples are the same.
    #expect(
      try windows(file.dropFirst(44), piece: piece, step: 0.5).map(\.sound) == found.map(\.sound))
  }

  /// Steps as long as windows are the windows of the file.
  @Test func aStreamIsWhatItsFileIs() throws {
    let folder = try TemporaryFolder()
    let file = MadeWAV.file([MadeWAV.tone(440, seconds: 2.7)])
    try folder.write(file, "whole.wav")
    var reader = try SoundWindows(contentsOf: folder.file("whole.wav"), input: input())
    let step = Double(try input().mostSamples) / 8000
    for window in try windows(file, piece: 999, step: step) {
      #expect(try reader.next()?.sound == window.sound)
    }
    #expect(try reader.next() == nil)
  }

  /// What is neither WAV nor samples would be heard as noise.
  @Test func filesThatAreNoSamplesAreRefused() throws {
    // A frame of MP3 of 417 bytes with another behind it, and AAC's of 200.
    let mp3 = ([0xFF, 0xFB, 0x90, 0x00] as [UInt8]) + [UInt8](repeating: 0x55, count: 413)
    let aac =
      ([0xFF, 0xF1, 0x50, 0x80, 0x19, 0x1F, 0xFC] as [UInt8])
      + [UInt8](
        repeating: 0x55, count: 193)
    let files: [(Data, String)] = [
      (Data(mp3 + mp3), "MP3"), (Data(Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 9, 1, 2, 3]), "MP3"),
      (Data(aac + aac), "AAC"), (Data(Array("fLaC".utf8) + [0, 0, 0, 34, 16, 0, 16, 0]), "FLAC"),
      (Data("OggS\0\u{2}\0\0\0\0\0\0".utf8), "Ogg (Vorbis or Opus)"),
      (Data("Hello, this is no sound.\n".utf8), "a text"),
      (Data("NIST_1A\n   1024\n".utf8), "a NIST SPHERE recording"),
      (Data("RIFF\u{1}\0\0\0WEBP\0\0".utf8), "a RIFF file of another kind"),
    ]
    for (file, what) in files {
      expectError(
        "standard input: is \(what), neither WAV nor samples without a header. Give a recording as "
          + "a file, or decode it first: ffmpeg -i - -f wav - in front of this command"
      ) { try self.windows(file, piece: 100, step: 0.5) }
    }
    // Samples that begin like a frame of MP3 are samples.
    let samples = [UInt8]([0xFF, 0xFB, 0x90, 0x00]) + [UInt8](repeating: 7, count: 8000)
    #expect(try !windows(Data(samples), piece: 999, step: 0.5).isEmpty)
    #expect(try !windows(Data([0xFF, 0xFF, 0, 0]), piece: 4, step: 0.5).isEmpty)
  }

  @Test func channelsAreMixedAndRatesBroughtToOne() throws {
    let tone = MadeWAV.tone(440, seconds: 1.5, sampleRate: 16_000)
    let file = MadeWAV.file([tone, tone.map { -$0 / 2 }], sampleRate: 16_000)
    let found = try windows(file, piece: 333, step: 1)
    let expected = MadeWAV.tone(440, seconds: 1.5)
    let inner = 400..<7000
    #expect(inner.allSatisfy { abs(found[0].sound.samples[$0] - expected[$0] / 4) < 2e-3 })
    let bare = try windows(
      file.dropFirst(44), piece: 4096, step: 1, sampleRate: 16_000, channels: 2)
    #expect(bare.map(\.sound) == found.map(\.sound))
  }

  @Test func whatIsTooShortIsStillHeard() throws {
    let found = try windows(MadeWAV.file([MadeWAV.tone(440, seconds: 0.01)]), piece: 9, step: 0.5)
    #expect(found.count == 1 && found[0].sound.samples.count == 80)
    expectError("standard input: holds no samples") {
      try windows(MadeWAV.file([[]]), piece: 9, step: 0.5)
    }
    expectError("standard input: holds no samples") { try windows(Data(), piece: 9, step: 0.5) }
  }

  @Test func whatCannotBeIsSaid() throws {
    let rates = "Recordings have from 1,000 to 768,000; its header is probably damaged"
    let tone = MadeWAV.tone(440, seconds: 0.1)
    expectError("standard input: says that it has 0 samples a second. \(rates)") {
      try windows(MadeWAV.file([tone], claimedRate: 0), piece: 100, step: 0.5)
    }
    var header = MadeWAV.file([tone])
    header[34] = 24
    expectError(
      "standard input: is a WAV stream of kind 1 with 24 bits. Give whole numbers of 16 bits or "
        + "floating point of 32"
    ) { try windows(header, piece: 100, step: 0.5) }
    expectError(
      "standard input: begins like a WAV recording, but its header makes no sense. Give WAV, or "
        + "samples of 16 bits without a header"
    ) { try windows(MadeWAV.file([tone]).prefix(30), piece: 100, step: 0.5) }
    expectError("a window every 0.0 s cannot be. Give more than 0 and at most the window's 1.01 s")
    {
      try windows(Data(), piece: 1, step: 0)
    }
    // What is advised is taken, though the window is a sample shorter.
    let file = MadeWAV.file([MadeWAV.tone(440, seconds: 2.6)])
    let longest = Double(try input().mostSamples) / 8000
    #expect(
      try windows(file, piece: 1000, step: 1.01).map(\.startSeconds)
        == windows(file, piece: 1000, step: longest).map(\.startSeconds))
    #expect(throws: InputError.self) { try windows(Data(), piece: 1, step: 1.02) }
  }

  /// Frames of samples that arrive in pieces are those of all samples together.
  @Test(arguments: [1, 4]) func framesThatArriveAreThoseOfTheWhole(_ together: Int) throws {
    var settings = SpectrogramSettings()
    settings.framesTogether = together
    let input = try SoundInput(sampleRate: 8000, spectrogram: settings, mostFrames: 200)
    for count in [0, 1, 79, 80, 8001] {
      let samples = (0..<count).map { Float(sin(Double($0 * $0) / 900)) / 2 }
      let expected = input.features(of: Sound(sampleRate: 8000, made: samples))
      let stream = FrameStream(input)
      var frames: [[Float]] = []
      var (start, size) = (0, 1)
      while start < count {
        frames += stream.add(Array(samples[start..<min(start + size, count)]))
        start += size
        size = size * 3 % 977 + 1
      }
      // Nothing is held back but what needs samples to come: half a transform, or a step.
      #expect((frames.count + 1) * 80 * together + 160 >= count - 80 * together)
      frames += stream.end()
      #expect(frames.flatMap { $0 } == expected, "\(count) samples")
    }
  }
}
