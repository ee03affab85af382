import ArgumentParser
import Fovea
import FoveaArray
import FoveaData
import FoveaInference
import Glibc

/// How sound that arrives is read.
struct StreamOptions: ParsableArguments {
  @Flag(
    help: """
      Recordings: read samples from standard input (a WAV stream, or 16 bits, lowest byte first) and \
      print a line of JSON for each window as soon as it is whole.
      """)
  var stream = false

  @Option(
    parsing: .unconditional,
    help: "--stream: seconds from a window to the next. (default: half a window)")
  var every: Double?

  @Option(
    parsing: .unconditional,
    help: "--stream: samples a second, where there is no header. (default: the run's)")
  var streamRate: Int?

  @Option(
    parsing: .unconditional, help: "--stream: channels, where there is no header.")
  var streamChannels = 1
}

extension Predict {
  /// What a network hears in a window of a stream.
  private struct StreamLine: Encodable {
    let schemaVersion = 1
    /// Seconds from the beginning of the stream.
    let start: Double
    let end: Double
    let label: String
    let probability: Double
    let probabilities: [String: Double]
    /// Seconds from the window's last byte to this line.
    let delaySeconds: Double
    /// That delay over the seconds from a window to the next: below 1 the network keeps up.
    let realTimeFactor: Double
  }

  /// Prints a line for each window of standard input until it ends.
  func predictStream(_ classifier: SoundClassifier, _ console: Console) async throws {
    let input = classifier.input
    let window = Double(input.mostSamples) / Double(input.sampleRate)
    let step = options.every ?? window / 2
    var stream = try UsageError.checking {
      try SoundStream(
        input: input, step: step, sampleRate: options.streamRate,
        channels: options.streamChannels)
    }
    console.note(
      "Listening to windows of \(NumberText.fixed(window, decimals: 2)) s, one every "
        + "\(NumberText.fixed(step, decimals: 2)) s.")
    // The first prediction also makes the plan; its time is no measure of the others.
    _ = try await classifier.prediction(
      from: Sound(
        sampleRate: input.sampleRate, samples: [Float](repeating: 0, count: input.mostSamples)))
    while true {
      try Task.checkCancellation()
      let bytes = Self.arrivedBytes()
      let arrived = ContinuousClock.now
      let windows = bytes.isEmpty ? try stream.end() : try stream.add(bytes)
      for window in windows {
        let prediction = try await classifier.prediction(from: window.sound)
        let delay = ContinuousClock.now - arrived
        let seconds =
          Double(delay.components.seconds) + Double(delay.components.attoseconds) * 1e-18
        let line = StreamLine(
          start: window.startSeconds, end: window.endSeconds, label: prediction.label,
          probability: prediction.probability,
          probabilities: Dictionary(
            zip(classifier.classes, prediction.probabilities),
            uniquingKeysWith: { first, _ in first }
          ), delaySeconds: seconds, realTimeFactor: seconds / step)
        print(String(decoding: try JSONText.encoded(line, isCompact: true), as: UTF8.self))
        fflush(nil)
      }
      if bytes.isEmpty { return }
    }
  }

  /// What has arrived on standard input, waiting for the first byte; nothing at the end.
  private static func arrivedBytes() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe read(STDIN_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR, !Task.isCancelled { continue }
      return Array(bytes.prefix(max(count, 0)))
    }
  }
}
