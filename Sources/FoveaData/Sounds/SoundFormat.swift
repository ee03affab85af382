import FoveaArray

/// What a file is by its first bytes, whatever its name says.
enum SoundFormat: String, CaseIterable {
  case wav = "WAV"
  case flac = "FLAC"
  case mp3 = "MP3"
  case ogg = "Ogg (Vorbis or Opus)"
  case m4a = "M4A"
  case aac = "AAC"

  static let expectation =
    "Fovea reads " + allCases.map(\.rawValue).joined(separator: ", ") + " recordings"

  /// The format of a file that begins so.
  init?(_ start: ByteReader) {
    if start.spells("RIFF", at: 0) || start.spells("RF64", at: 0), start.spells("WAVE", at: 8) {
      self = .wav
    } else if start.spells("fLaC", at: 0) {
      self = .flac
    } else if start.spells("OggS", at: 0) {
      self = .ogg
    } else if start.spells("ftyp", at: 4) {
      self = .m4a
    } else if start.spells("ID3", at: 0) {
      self = .mp3
    } else if let first = start.byte(at: 0), let second = start.byte(at: 1), first == 0xFF,
      second & 0xE0 == 0xE0
    {
      // The layer's bits are 0 in the frames of AAC.
      self = second & 0xF6 == 0xF0 ? .aac : .mp3
    } else {
      return nil
    }
  }

  /// The format of the file at `name`.
  ///
  /// - Throws: `InputError` that says what it is instead of a recording, where that is known, or
  ///   that it is shorter than it says.
  static func of(_ name: String) throws -> SoundFormat {
    let bytes = FileBytes.start(of: name, count: 4096)
    let start = ByteReader(bytes)
    guard let format = SoundFormat(start) else { throw problem(bytes, name) }
    if format == .wav {
      if start.spells("fmt ", at: 12), let rate = start.uint32(at: 24),
        let channels = start.uint16(at: 22)
      {
        try check(sampleRate: rate, channels: channels, name)
      }
      try SoundEnds.checkWAV(name)
    }
    return format
  }

  /// Fails for a sample rate or channels that no recording has.
  static func check(sampleRate: Int, channels: Int, _ name: String) throws {
    guard SoundLimits.sampleRates.contains(sampleRate) else {
      throw InputError(
        "says that it has \(grouped(sampleRate)) samples a second", at: name,
        advice: "Recordings have from \(grouped(SoundLimits.sampleRates.lowerBound)) to "
          + "\(grouped(SoundLimits.sampleRates.upperBound)); its header is probably damaged")
    }
    guard SoundLimits.channels.contains(channels) else {
      throw InputError(
        "says that it has \(grouped(channels)) channels", at: name,
        advice: "Recordings have from 1 to \(SoundLimits.channels.upperBound); its header is "
          + "probably damaged")
    }
  }

  private static func problem(_ bytes: [UInt8], _ name: String) -> InputError {
    let start = ByteReader(bytes)
    if bytes.isEmpty {
      return InputError("is empty", at: name, advice: "Copy or download the file again")
    }
    if bytes.allSatisfy({ $0 == 0 }) {
      return InputError("begins with nothing but zeros", at: name, advice: expectation)
    }
    let known: [(bytes: [UInt8], what: String)] = [
      ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
      (Array("GIF8".utf8), "a GIF picture"), (Array("BM".utf8), "a BMP picture"),
      (Array("FORM".utf8), "an AIFF recording"), (Array("MThd".utf8), "a MIDI file"),
      (Array("%PDF-".utf8), "a PDF document"), ([0x50, 0x4B, 3, 4], "a ZIP archive"),
      ([0x1F, 0x8B], "a file compressed with gzip"),
      (Array("version https://git-lfs".utf8), "a pointer of Git LFS"),
    ]
    if start.spells("RIFF", at: 0) {
      return InputError(
        "begins like a WAV recording, but is none", at: name,
        advice: "Its header is damaged: copy or download the file again")
    }
    let what = known.first { start.spells($0.bytes, at: 0) }?.what
    return InputError(
      what.map { "is \($0), which Fovea does not read as a recording" }
        ?? "is not a recording in a format that Fovea knows", at: name, advice: expectation)
  }
}
