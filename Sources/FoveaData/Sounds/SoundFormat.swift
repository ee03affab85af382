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
        "says that it has \(NumberText.count(sampleRate)) samples a second", at: name,
        advice: "Recordings have from \(NumberText.count(SoundLimits.sampleRates.lowerBound)) to "
          + "\(NumberText.count(SoundLimits.sampleRates.upperBound)); its header is probably damaged"
      )
    }
    guard SoundLimits.channels.contains(channels) else {
      throw InputError(
        "says that it has \(NumberText.count(channels)) channels", at: name,
        advice: "Recordings have from 1 to \(SoundLimits.channels.upperBound); its header is "
          + "probably damaged")
    }
  }

  /// First bytes of files that people take for recordings, and what begins so; longer ones before those
  /// they begin with.
  private static let foreign: [(bytes: [UInt8], what: String)] = [
    (Array("NIST_1A".utf8), "a NIST SPHERE recording"), (Array("FORM".utf8), "an AIFF recording"),
    (Array(".snd".utf8), "an AU recording"), (Array("caff".utf8), "a CAF recording"),
    (Array("riff".utf8), "a W64 recording"), (Array("wvpk".utf8), "a WavPack recording"),
    (Array("MAC ".utf8), "a Monkey's Audio recording"), (Array("#!AMR".utf8), "an AMR recording"),
    ([0x30, 0x26, 0xB2, 0x75], "a WMA recording"), ([0x1A, 0x45, 0xDF, 0xA3], "WebM or Matroska"),
    (Array("MThd".utf8), "a MIDI file"), ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
    ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    (Array("GIF8".utf8), "a GIF picture"), (Array("BM".utf8), "a BMP picture"),
    (Array("%PDF-".utf8), "a PDF document"), ([0x50, 0x4B, 3, 4], "a ZIP archive"),
    ([0x1F, 0x8B], "a file compressed with gzip"),
    (Array("version https://git-lfs".utf8), "a pointer of Git LFS"),
  ]

  /// What begins with these bytes and is no recording that Fovea reads, where that is known.
  ///
  /// - Parameter fewest: bytes that a sign has at least, as samples may begin like a short one.
  static func foreign(_ bytes: [UInt8], fewest: Int = 2) -> (what: String, advice: String)? {
    let start = ByteReader(bytes)
    let known = foreign.first { $0.bytes.count >= fewest && start.spells($0.bytes, at: 0) }
    guard let what = known?.what else {
      return isText(bytes) ? ("a text", "Give a recording") : nil
    }
    if what.hasSuffix("Git LFS") { return (what, "Fetch the file itself: git lfs pull") }
    let isSound = what.hasSuffix("recording") || what.hasPrefix("WebM")
    return (what, isSound ? "Convert it to WAV or FLAC. \(expectation)" : expectation)
  }

  /// Whether bytes read as text: UTF-8 without control characters.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    var start = bytes.prefix(4096)
    // The cut must not fall into a character.
    if bytes.count >= 4096 { while let last = start.last, last >= 0x80 { start.removeLast() } }
    return !start.isEmpty
      && start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x08...0x0D).contains($0) }
      && String(validating: start, as: UTF8.self) != nil
  }

  private static func problem(_ bytes: [UInt8], _ name: String) -> InputError {
    let start = ByteReader(bytes)
    if bytes.isEmpty {
      return InputError("is empty", at: name, advice: "Copy or download the file again")
    }
    if bytes.allSatisfy({ $0 == 0 }) {
      return InputError("begins with nothing but zeros", at: name, advice: expectation)
    }
    if start.spells("RIFF", at: 0) {
      return InputError(
        "begins like a WAV recording, but is none", at: name,
        advice: "Its header is damaged: copy or download the file again")
    }
    guard let (what, advice) = foreign(bytes) else {
      return InputError(
        "is not a recording in a format that Fovea knows", at: name, advice: expectation)
    }
    return InputError(
      "is \(what), which Fovea does not read as a recording", at: name, advice: advice)
  }
}
