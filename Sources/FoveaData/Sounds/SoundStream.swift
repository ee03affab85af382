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
    guard step > 0, step <= longest + 1e-9 else {
      throw InputError(
        "a window every \(step) s cannot be",
        advice: "Give more than 0 and at most the window's \(decimal(longest, digits: 2)) s")
    }
    self.input = input
    self.step = max(
      min(Int((step * Double(input.sampleRate)).rounded()), input.mostSamples), 1)
    expected = Layout(
      sampleRate: sampleRate ?? input.sampleRate, channels: channels, bytes: 2)
    try SoundFormat.check(
      sampleRate: expected.sampleRate, channels: channels, Self.name)
  }

  private static let name = "standard input"

  /// Takes bytes, and gives the windows that are whole by now.
  ///
  /// - Throws: `InputError` where a WAV header says what cannot be.
  package mutating func add(_ bytes: some Sequence<UInt8>) throws -> [SoundWindows.Window] {
    pending += bytes
    guard try findLayout(isLast: false), let layout else { return [] }
    take(layout)
    return windows()
  }

  /// Takes bytes, and gives their samples; for networks that need no windows.
  ///
  /// - Throws: `InputError` where a WAV header says what cannot be.
  package mutating func samples(_ bytes: some Sequence<UInt8>) throws -> [Float] {
    pending += bytes
    guard try findLayout(isLast: false), let layout else { return [] }
    take(layout)
    defer { samples = [] }
    return samples
  }

  /// The samples that are left at the end.
  package mutating func lastSamples() throws -> [Float] {
    if try findLayout(isLast: true), let layout { take(layout) }
    if let rest = try resampler?.finish().first { samples += rest }
    defer { samples = [] }
    return samples
  }

  /// Gives what is left at the end: a rest of a quarter of a window, or any where it is all there was.
  ///
  /// - Throws: `InputError` where there were no samples.
  package mutating func end() throws -> [SoundWindows.Window] {
    if try findLayout(isLast: true), let layout { take(layout) }
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

  private mutating func take(_ layout: Layout) {
    let size = layout.bytes * layout.channels
    let count = pending.count / size
    guard count > 0 else { return }
    var mixed = [Float](repeating: 0, count: count)
    for index in 0..<count {
      var sum: Float = 0
      for channel in 0..<layout.channels {
        sum += Self.sample(pending, at: index * size + channel * layout.bytes, layout.bytes)
      }
      mixed[index] = sum / Float(layout.channels)
    }
    pending.removeFirst(count * size)
    if layout.sampleRate == input.sampleRate {
      samples += mixed
    } else {
      let resampler =
        self.resampler ?? Resampler(from: layout.sampleRate, to: input.sampleRate)
      self.resampler = resampler
      samples += resampler.convert(mixed)
    }
  }

  private static func sample(_ bytes: [UInt8], at start: Int, _ count: Int) -> Float {
    let word = (0..<count).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
    guard count == 4 else { return Float(Int16(bitPattern: UInt16(word))) / 32_768 }
    let value = Float(bitPattern: word)
    return value.isFinite ? value : 0
  }

  /// Whether it is known how samples lie; a WAV header is taken off.
  private mutating func findLayout(isLast: Bool) throws -> Bool {
    if layout != nil { return true }
    let start = ByteReader(pending)
    guard pending.count >= 12 || isLast else { return false }
    guard start.spells("RIFF", at: 0), start.spells("WAVE", at: 8) else {
      layout = expected
      return true
    }
    func number(_ position: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(pending[position + $1]) << (8 * $1) }
    }
    var found: Layout?
    var position = 12
    while position + 8 <= pending.count {
      let size = number(position + 4, 4)
      if start.spells("data", at: position) {
        guard let found else { break }
        layout = found
        pending.removeFirst(position + 8)
        return true
      }
      guard position + 8 + size <= pending.count else { break }
      if start.spells("fmt ", at: position), size >= 16 {
        let (kind, bits) = (number(position + 8, 2), number(position + 22, 2))
        // 0xFFFE says that the kind stands further behind; the bits tell the two apart.
        guard
          (kind == 1 || kind == 0xFFFE) && bits == 16 || (kind == 3 || kind == 0xFFFE) && bits == 32
        else {
          throw InputError(
            "is a WAV stream of kind \(kind) with \(bits) bits", at: Self.name,
            advice: "Give whole numbers of 16 bits or floating point of 32")
        }
        let made = Layout(
          sampleRate: number(position + 12, 4), channels: number(position + 10, 2),
          bytes: bits / 8)
        try SoundFormat.check(
          sampleRate: made.sampleRate, channels: made.channels, Self.name)
        found = made
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
