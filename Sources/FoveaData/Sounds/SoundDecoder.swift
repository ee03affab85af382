public import FoundationEssentials
import FoveaArray

/// Decodes whole recordings.
public struct SoundDecoder: Sendable {
  /// What is read at most.
  public let limits: SoundLimits
  /// Samples a second that a recording is brought to; its own where not given.
  public let sampleRate: Int?

  /// A decoder.
  public init(sampleRate: Int? = nil, limits: SoundLimits = SoundLimits()) {
    self.sampleRate = sampleRate
    self.limits = limits
  }

  /// A recording with what was found while decoding it.
  package struct Decoded: Sendable {
    package let sound: Sound
    package let facts: SoundFacts
    /// The channels, counted from 1, that nothing came from, where others were heard.
    package let deadChannels: [Int]
    /// Whether the limits cut it off.
    package let isCut: Bool

    /// Whether nothing is heard.
    package let isSilent: Bool
    /// What else was found.
    package let findings: SoundFindings
  }

  /// The recording in a file, mixed to one channel.
  ///
  /// - Throws: `InputError` that names the file where it is no recording, or is damaged.
  public func decode(contentsOf url: URL) throws -> Sound { try decoded(url).sound }

  /// The same with what was found.
  package func decoded(_ url: URL) throws -> Decoded {
    if let sampleRate { try SoundLimits.check(sampleRate: sampleRate) }
    let reader = try SoundReader(contentsOf: url, sampleRate: sampleRate)
    let most = limits.seconds * Double(reader.sampleRate)
    var samples: [Float] = []
    var divisors: [(end: Int, alive: Int)] = []
    while Double(samples.count) < most, let piece = try reader.next() {
      samples += piece
      divisors.append((samples.count, max(reader.isAlive.count { $0 }, 1)))
    }
    let isCut = Double(samples.count) > most
    if isCut { samples.removeLast(samples.count - Int(most)) }
    let dead = reader.isAlive.indices.filter { !reader.isAlive[$0] }
    let isSilent = dead.count == reader.isAlive.count
    // A channel that was first heard later counted for nothing until then: one measure for all.
    let alive = max(reader.isAlive.count - dead.count, 1)
    var start = 0
    for (end, divisor) in divisors where !reader.findings.cancelsOut {
      if divisor != alive {
        for index in start..<min(end, samples.count) {
          samples[index] *= Float(divisor) / Float(alive)
        }
      }
      start = min(end, samples.count)
    }
    return Decoded(
      sound: Sound(sampleRate: reader.sampleRate, made: samples), facts: reader.facts,
      deadChannels: isSilent ? [] : dead.map { $0 + 1 }, isCut: isCut, isSilent: isSilent,
      findings: reader.findings)
  }
}
