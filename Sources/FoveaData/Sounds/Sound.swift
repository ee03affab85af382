/// A recording in memory: one channel, samples in −1…1.
public struct Sound: Hashable, Sendable {
  /// Samples a second.
  public let sampleRate: Int
  /// The samples, in time.
  public let samples: [Float]

  /// A recording of these samples.
  ///
  /// A sample rate below 1 is a programmer's mistake and traps.
  public init(sampleRate: Int, samples: [Float]) {
    precondition(sampleRate > 0, "sound: a sample rate of \(sampleRate)")
    self.sampleRate = sampleRate
    self.samples = samples
  }

  /// How long it is.
  public var seconds: Double { Double(samples.count) / Double(sampleRate) }
}
