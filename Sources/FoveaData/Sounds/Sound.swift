import FoveaArray

/// A recording in memory: one channel, samples in −1…1.
public struct Sound: Hashable, Sendable {
  /// Samples a second.
  public let sampleRate: Int
  /// The samples, in time.
  public let samples: [Float]

  /// A recording of these samples, as a request or a reader of your own brings them.
  ///
  /// - Throws: `InputError` when the sample rate is not one of `SoundLimits.sampleRates`, or a
  ///   sample is no number or beyond ±2³¹: samples are in −1…1, even those left as 32-bit integers
  ///   are within that, and the squares of a spectrum of larger ones would overflow.
  public init(sampleRate: Int, samples: [Float]) throws {
    try SoundLimits.check(sampleRate: sampleRate)
    if let index = samples.firstIndex(where: { !(abs($0) <= SoundLimits.largestSample) }) {
      throw InputError(
        "sample \(NumberText.count(index)) of the recording is \(samples[index])",
        advice: "Give samples in −1…1")
    }
    self.init(sampleRate: sampleRate, made: samples)
  }

  /// A recording that Fovea made itself: whoever calls this has looked at the rate.
  package init(sampleRate: Int, made samples: [Float]) {
    self.sampleRate = sampleRate
    self.samples = samples
  }

  /// How long it is.
  public var seconds: Double { Double(samples.count) / Double(sampleRate) }
}
