import FoveaArray

/// Recordings that arrive byte by byte: samples of 16 bits, or a WAV file without an end.
///
/// Bytes go in, windows of the network's length come out, each `step` seconds after the one before.
/// Memory is that of one window, however long the stream.
@safe package struct SoundStream {
  /// How the samples lie in the bytes.
  private struct Layout {
    var sampleRate: Int
    var channels: Int
    /// 2 for whole numbers, 4 for floating point.
    var bytes: Int
    /// Bytes of sound that a header says will come, where it knows.
    var stated: Int?
  }

  private let input: SoundInput
  private let step: Int
  private let expected: Layout
  private var layout: Layout?
  private var pending: [UInt8] = []
  private var resampler: Resampler?
  private var samples: [Float] = []
  /// Samples that have left the window for good.
  private var dropped = 0
  private var hasGiven = false
  private var mixer: ChannelMixer
  /// Bytes of sound so far.
  private var taken = 0

  /// A stream for a network.
  ///
  /// - Parameters:
  ///   - step: seconds from the beginning of a window to that of the next.
  ///   - sampleRate: samples a second of a stream that is no WAV file; the network's where not given.
  ///   - channels: of a stream that is no WAV file; they are mixed to one.
  /// - Throws: `InputError` for a step, a rate or channels that cannot be.
  package init(
    input: SoundInput, step: Double, sampleRate: Int? = nil, channels: Int = 1
  ) throws {
    let longest = Double(input.mostSamples) / Double(input.sampleRate)
    // The window in two decimals, as it is advised, may be a little more than the window: it means all of it.
    guard step > 0, step <= (longest * 100).rounded(.up) / 100 + 1e-9 else {
      throw InputError(
        "a window every \(step) s cannot be",
        advice:
          "Give more than 0 and at most the window's \(NumberText.fixed(longest, decimals: 2)) s")
    }
    self.input = input
    self.step = max(
      min(Int((step * Double(input.sampleRate)).rounded()), input.mostSamples), 1)
    expected = Layout(
      sampleRate: sampleRate ?? input.sampleRate, channels: channels, bytes: 2)
    try SoundFormat.check(
      sampleRate: expected.sampleRate, channels: channels, Self.name)
    mixer = ChannelMixer(channels: channels)
  }

  /// What has been found so far, as ends of a sentence about the stream.
  package var notes: [String] {
    let notes = SoundFindings(
      nonFiniteCount: mixer.nonFiniteCount, cancelsOut: mixer.cancelsOut
    ).sentences
    guard let stated = layout?.stated, taken < stated else { return notes }
    return notes + [
      "it ends after \(NumberText.count(taken)) of \(NumberText.count(stated)) bytes of sound"
    ]
  }

  private static let name = "standard input"

  /// Takes bytes, and gives the windows that are whole by now.
  ///
  /// - Throws: `InputError` where a WAV header says what cannot be.
  package mutating func add(_ bytes: some Sequence<UInt8>) throws -> [SoundWindows.Window] {
    pending += bytes
    guard try findLayout(isLast: false), let layout else { return [] }
    try take(layout)
    return windows()
  }

  /// Takes bytes, and gives their samples; for networks that need no windows.
  ///
  /// - Throws: `InputError` where a WAV header says what cannot be.
  package mutating func samples(_ bytes: some Sequence<UInt8>) throws -> [Float] {
    pending += bytes
    guard try findLayout(isLast: false), let layout else { return [] }
    try take(layout)
    defer { samples = [] }
    return samples
  }

  /// The samples that are left at the end.
  package mutating func lastSamples() throws -> [Float] {
    if try findLayout(isLast: true), let layout { try take(layout) }
    if let rest = try resampler?.finish().first { samples += rest }
    defer { samples = [] }
    return samples
  }

  /// Gives what is left at the end: a rest of a quarter of a window, or any where it is all there was.
  ///
  /// - Throws: `InputError` where there were no samples.
  package mutating func end() throws -> [SoundWindows.Window] {
    if try findLayout(isLast: true), let layout { try take(layout) }
    if let rest = try resampler?.finish().first { samples += rest }
    var found = windows()
    let size = input.mostSamples
    // What the last whole window held already is no rest.
    let new = hasGiven ? samples.count - (size - step) : samples.count
    if new > 0, !hasGiven || 4 * new >= size { found.append(window(samples.count)) }
    guard !found.isEmpty || hasGiven else { throw InputError("holds no samples", at: Self.name) }
    return found
  }

  private mutating func windows() -> [SoundWindows.Window] {
    var found: [SoundWindows.Window] = []
    while samples.count >= input.mostSamples {
      found.append(window(input.mostSamples))
      samples.removeFirst(step)
      dropped += step
      hasGiven = true
    }
    return found
  }

  private func window(_ count: Int) -> SoundWindows.Window {
    SoundWindows.Window(
      startSeconds: Double(dropped) / Double(input.sampleRate),
      sound: Sound(sampleRate: input.sampleRate, made: Array(samples.prefix(count))))
  }

  private mutating func take(_ layout: Layout) throws {
    let size = layout.bytes * layout.channels
    // What comes behind the sound, such as a title, is no sound.
    let room = layout.stated.map { ($0 - taken) / size } ?? Int.max
    let count = min(pending.count / size, room)
    if room == 0 { pending = [] }
    guard count > 0 else { return }
    let bytes = ByteReader(pending)
    let channels = (0..<layout.channels).map { channel in
      (0..<count).map { index in
        Self.sample(bytes, at: index * size + channel * layout.bytes, layout.bytes)
      }
    }
    let mixed: [Float]
    do {
      mixed = try mixer.mixed(channels)
    } catch let error as InputError {
      throw InputError(error.problem, at: Self.name, advice: error.advice)
    }
    pending.removeFirst(count * size)
    taken += count * size
    if layout.sampleRate == input.sampleRate {
      samples += mixed
    } else {
      let resampler =
        self.resampler ?? Resampler(from: layout.sampleRate, to: input.sampleRate)
      self.resampler = resampler
      samples += resampler.convert(mixed)
    }
  }

  private static func sample(_ bytes: ByteReader, at start: Int, _ count: Int) -> Float {
    if count == 4 { return Float(bitPattern: UInt32(bytes.uint32(at: start) ?? 0)) }
    return Float(Int16(truncatingIfNeeded: bytes.uint16(at: start) ?? 0)) / 32_768
  }

  /// Bytes of a stream without a header that are waited for, to tell samples from files.
  private static let telling = 4096

  /// Fails for files that are no samples and would be heard as noise.
  ///
  /// - Throws: `InputError` that says what they are.
  private func refuseOtherFiles() throws {
    var found = SoundFormat.foreign(pending, fewest: 4)?.what
    if ByteReader(pending).spells("RIFF", at: 0) { found = "a RIFF file of another kind" }
    if let format = SoundFormat(ByteReader(pending)), format != .mp3 && format != .aac || isMPEG {
      found = "\(format.rawValue)"
    }
    guard let found else { return }
    throw InputError(
      "is \(found), neither WAV nor samples without a header", at: Self.name,
      advice: "Give a recording as a file, or decode it first: "
        + "ffmpeg -i - -f wav - in front of this command")
  }

  /// Whether the bytes begin with a tag of MP3, or with a frame of MPEG audio behind which there is another:
  /// two bytes that begin a frame begin one stream of samples in some thousand, too.
  private var isMPEG: Bool {
    let bytes = ByteReader(pending)
    if bytes.spells("ID3", at: 0) { return true }
    guard let size = SoundEnds.frameSize(pending[...]), let second = bytes.uint16(at: size) else {
      return false
    }
    return second & 0xE0FF == 0xE0FF
  }

  /// Whether it is known how samples lie; a WAV header is taken off.
  private mutating func findLayout(isLast: Bool) throws -> Bool {
    if layout != nil { return true }
    let start = ByteReader(pending)
    guard pending.count >= 12 || isLast else { return false }
    guard start.spells("RIFF", at: 0), start.spells("WAVE", at: 8) else {
      // So much shows whether it is samples at all: a quarter of a second at 8,000 a second.
      guard pending.count >= Self.telling || isLast else { return false }
      try refuseOtherFiles()
      layout = expected
      return true
    }
    var found: Layout?
    var position = 12
    while let size = start.uint32(at: position + 4) {
      if start.spells("data", at: position) {
        guard var found else { break }
        if size > 0, size < SoundEnds.unknownSize { found.stated = size }
        layout = found
        mixer = ChannelMixer(channels: found.channels)
        pending.removeFirst(position + 8)
        return true
      }
      guard let content = start.part(at: position + 8, count: size) else { break }
      if start.spells("fmt ", at: position), let kind = content.uint16(at: 0),
        let channels = content.uint16(at: 2), let rate = content.uint32(at: 4),
        let bits = content.uint16(at: 14)
      {
        // 0xFFFE says that the kind stands further behind; the bits tell the two apart.
        guard
          (kind == 1 || kind == 0xFFFE) && bits == 16 || (kind == 3 || kind == 0xFFFE) && bits == 32
        else {
          throw InputError(
            "is a WAV stream of kind \(kind) with \(bits) bits", at: Self.name,
            advice: "Give whole numbers of 16 bits or floating point of 32")
        }
        try SoundFormat.check(sampleRate: rate, channels: channels, Self.name)
        found = Layout(sampleRate: rate, channels: channels, bytes: bits / 8)
      }
      position += 8 + size + size % 2
    }
    guard !isLast, pending.count < 1 << 20 else {
      throw InputError(
        "begins like a WAV recording, but its header makes no sense", at: Self.name,
        advice: "Give WAV, or samples of 16 bits without a header")
    }
    return false
  }
}
