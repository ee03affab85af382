public import ArgumentParser
public import Fovea

/// How recordings are read.
struct SoundOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Samples a second of all. (default: that of most recordings, up to 16000)")
  var sampleRate: Int?

  @Option(
    parsing: .unconditional,
    help: "Seconds of a recording that are looked at. (default: the longest, up to 10)")
  var clipSeconds: Double?

  @Option(help: "log-mel or mfcc.")
  var features = SpectrogramSettings.Kind.logMel

  @Option(parsing: .unconditional, help: "Mel bands.")
  var bands = 40

  @Option(parsing: .unconditional, help: "mfcc: coefficients that are kept.")
  var coefficients = 20

  @Option(parsing: .unconditional, help: "How long the window of a frame is, in milliseconds.")
  var windowMs = 25.0

  @Option(parsing: .unconditional, help: "How far frames are apart, in milliseconds.")
  var hopMs = 10.0

  @Option(
    parsing: .unconditional,
    help: "Frames that a network reads together as one. (default: 1; 4 where words are heard)")
  var framesTogether: Int?

  @Option(help: "How hertz become mels: htk or slaney.")
  var melScale = SpectrogramSettings.Scale.htk

  @Option(parsing: .unconditional, help: "Where the lowest band begins.")
  var lowestHertz = 20.0

  @Option(
    parsing: .unconditional, help: "Where the highest band ends. (default: half the sample rate)")
  var highestHertz: Double?

  func options() throws -> SoundStore.Options {
    var options = SoundStore.Options()
    options.sampleRate = sampleRate
    options.clipSeconds = clipSeconds
    options.spectrogram.kind = features
    options.spectrogram.bands = bands
    options.spectrogram.coefficients = coefficients
    options.spectrogram.windowMilliseconds = windowMs
    options.spectrogram.hopMilliseconds = hopMs
    options.spectrogram.framesTogether = framesTogether
    options.spectrogram.scale = melScale
    options.spectrogram.lowestHertz = lowestHertz
    options.spectrogram.highestHertz = highestHertz
    // What does not depend on the data is wrong before they are read.
    try UsageError.checking {
      _ = try SoundInput(
        sampleRate: sampleRate ?? SoundLimits.sampleRates.upperBound,
        spectrogram: options.spectrogram, mostFrames: 1)
    }
    return options
  }
}

extension SpectrogramSettings.Kind: ExpressibleByArgument {}
extension SpectrogramSettings.Scale: ExpressibleByArgument {}
