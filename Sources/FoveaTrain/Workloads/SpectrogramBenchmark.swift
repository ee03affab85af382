import FoveaArray
package import FoveaData

/// How fast sound becomes features.
package struct SpectrogramBenchmark: Codable, Sendable {
  /// Seconds of sound.
  package let seconds: Int
  package let sampleRate: Int
  package let features: Int
  package let threads: Int
  /// The median time for all of it, in seconds.
  package let time: Double

  /// Measures with noise in recordings of ten seconds, on as many threads as read recordings.
  ///
  /// - Throws: `InputError` for settings that cannot be.
  package static func measure(
    seconds: Int = 3_600, sampleRate: Int = 16_000, settings: SpectrogramSettings,
    threads: Int = 2, repeats: Int = 5
  ) throws -> SpectrogramBenchmark {
    try settings.check(sampleRate: sampleRate)
    let count = max(seconds / 10, 1)
    let key = RandomKey(seed: 0)
    let samples = (0..<(10 * sampleRate)).map { Float(0.1 * key.normal(at: UInt64($0))) }
    let clock = ContinuousClock()
    let times = try (0...repeats).map { _ in
      let start = clock.now
      _ = try Parallel.map(count, threads: threads) { _ in
        Spectrogram(settings, sampleRate: sampleRate).features(of: samples).count
      }
      return (clock.now - start).seconds
    }
    return SpectrogramBenchmark(
      seconds: 10 * count, sampleRate: sampleRate, features: settings.featureCount,
      threads: threads, time: times.dropFirst().sorted()[repeats / 2])
  }
}
