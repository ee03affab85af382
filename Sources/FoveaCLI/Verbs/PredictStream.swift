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
    help: """
      --stream: seconds from a window to the next, or from a line to the next where frames are heard \
      one by one. (default: half a window)
      """)
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
    /// That delay over the seconds from a window to the next, or the time that frames took over that of
    /// the frames: below 1 the network keeps up.
    let realTimeFactor: Double
  }

  /// Prints a line of what was heard since the beginning of the window, every so many seconds: the
  /// network holds its state from frame to frame, and begins anew with each window.
  private func hearFrames(
    _ engine: StreamEngine, _ classifier: SoundClassifier, _ console: Console
  ) async throws {
    let input = classifier.input
    let every = options.every ?? Double(input.mostSamples) / Double(input.sampleRate) / 2
    var stream = try UsageError.checking {
      try SoundStream(
        input: input, step: every, sampleRate: options.streamRate,
        channels: options.streamChannels)
    }
    let framesPerLine = max(1, Int((every / input.hopSeconds).rounded()))
    console.note(
      "Listening frame by frame, a line every \(NumberText.fixed(every, decimals: 2)) s.")
    // The first frame also makes the plan; its time is no measure of the others.
    let silence = [Float](repeating: 0, count: input.featureCount)
    _ = try await engine.hear([silence], restarting: true)
    let frames = FrameStream(input)
    var (start, heard, sinceLine) = (0, 0, 0)
    var (probabilities, seconds, hasSamples) = ([Float](), 0.0, false)
    while true {
      try Task.checkCancellation()
      let bytes = Self.arrivedBytes()
      let arrived = ContinuousClock.now
      let samples = bytes.isEmpty ? try stream.lastSamples() : try stream.samples(bytes)
      hasSamples = hasSamples || !samples.isEmpty
      guard hasSamples || !bytes.isEmpty else {
        throw InputError("holds no samples", at: "standard input")
      }
      var ready = frames.add(samples) + (bytes.isEmpty ? frames.end() : [])
      while !ready.isEmpty || (bytes.isEmpty && sinceLine > 0) {
        let count = min(ready.count, framesPerLine - sinceLine, input.mostFrames - heard)
        if count > 0 {
          let begin = ContinuousClock.now
          probabilities = try await engine.hear(
            Array(ready.prefix(count)), restarting: heard == 0)
          seconds += Self.seconds(since: begin)
          ready.removeFirst(count)
          heard += count
          sinceLine += count
        }
        let isWhole = heard == input.mostFrames
        if sinceLine == framesPerLine || isWhole || (bytes.isEmpty && ready.isEmpty) {
          let hop = input.hopSeconds
          try printLine(
            probabilities, of: classifier, from: Double(start) * hop,
            to: Double(start + heard) * hop, delay: Self.seconds(since: arrived),
            factor: seconds / (Double(sinceLine) * hop))
          (sinceLine, seconds) = (0, 0)
        }
        if isWhole { (start, heard) = (start + heard, 0) }
      }
      if bytes.isEmpty {
        for note in stream.notes { console.note("standard input: \(note).") }
        return
      }
    }
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    (ContinuousClock.now - start).seconds
  }

  private func printLine(
    _ probabilities: [Float], of classifier: SoundClassifier, from start: Double, to end: Double,
    delay: Double, factor: Double
  ) throws {
    let best = probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    let line = StreamLine(
      start: start, end: end, label: classifier.classes[best],
      probability: Double(probabilities[best]),
      probabilities: Dictionary(
        zip(classifier.classes, probabilities.map { Double($0) }),
        uniquingKeysWith: { first, _ in first }),
      delaySeconds: delay, realTimeFactor: factor)
    try StandardOutput.json(line)
    fflush(nil)
  }

  /// Prints a line for each window of standard input until it ends.
  func predictStream(_ classifier: SoundClassifier, _ console: Console) async throws {
    if let engine = StreamEngine(classifier) {
      return try await hearFrames(engine, classifier, console)
    }
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
        sampleRate: input.sampleRate, made: [Float](repeating: 0, count: input.mostSamples)))
    while true {
      try Task.checkCancellation()
      let bytes = Self.arrivedBytes()
      let arrived = ContinuousClock.now
      let windows = bytes.isEmpty ? try stream.end() : try stream.add(bytes)
      for window in windows {
        let prediction = try await classifier.prediction(from: window.sound)
        let delay = Self.seconds(since: arrived)
        try printLine(
          prediction.probabilities.map { Float($0) }, of: classifier, from: window.startSeconds,
          to: window.endSeconds, delay: delay, factor: delay / step)
      }
      if bytes.isEmpty {
        for note in stream.notes { console.note("standard input: \(note).") }
        return
      }
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
