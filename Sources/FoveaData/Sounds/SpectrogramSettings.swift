import FoveaArray

/// How a recording becomes features: numbers for each frame, one frame every hop.
public struct SpectrogramSettings: Hashable, Sendable, Codable {
  /// What a frame holds.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The logarithm of the energy in each mel band.
    case logMel = "log-mel"
    /// The cosine transform of that: mel-frequency cepstral coefficients.
    case mfcc
  }

  /// How hertz become mels.
  public enum Scale: String, Hashable, Sendable, Codable, CaseIterable {
    /// mel = 2595 log₁₀(1 + f / 700), as in the Hidden Markov Model Toolkit.
    case htk
    /// Linear up to 1,000 Hz, logarithmic above, as in Slaney's Auditory Toolbox.
    case slaney
  }

  /// What a frame holds.
  public var kind = Kind.logMel
  /// How long the window of a frame is.
  public var windowMilliseconds = 25.0
  /// How far the windows of two frames are apart.
  public var hopMilliseconds = 10.0
  /// Mel bands.
  public var bands = 40
  /// `mfcc`: how many coefficients are kept.
  public var coefficients = 20
  /// Where the lowest band begins.
  public var lowestHertz = 20.0
  /// Where the highest band ends; half the sample rate where not given.
  public var highestHertz: Double?
  /// How hertz become mels.
  public var scale = Scale.htk
  /// Whether each band is divided by its width in hertz, so that white noise is level.
  public var normalizesArea = false
  /// Frames that stand side by side as one, whose features a network reads together: a long sequence
  /// becomes a short one. 1 where not given.
  public var framesTogether: Int?

  /// The defaults: 40 log-mel bands of 25 ms every 10 ms.
  public init() {}

  /// Numbers in a frame before any stand side by side.
  var bandCount: Int { kind == .mfcc ? coefficients : bands }

  /// Numbers in a frame.
  public var featureCount: Int { bandCount * (framesTogether ?? 1) }

  /// Samples of a window.
  func windowSize(_ sampleRate: Int) -> Int {
    max(1, Int((windowMilliseconds * Double(sampleRate) / 1000).rounded()))
  }

  /// Samples between the beginnings of two windows.
  func hopSize(_ sampleRate: Int) -> Int {
    max(1, Int((hopMilliseconds * Double(sampleRate) / 1000).rounded()))
  }

  /// Samples between two frames as a network reads them.
  func stepSize(_ sampleRate: Int) -> Int { hopSize(sampleRate) * (framesTogether ?? 1) }

  /// Points of the Fourier transform: the power of two that holds a window.
  func transformSize(_ sampleRate: Int) -> Int {
    var size = 32
    while size < windowSize(sampleRate) { size *= 2 }
    return size
  }

  /// Where the highest band ends.
  func top(_ sampleRate: Int) -> Double { highestHertz ?? Double(sampleRate) / 2 }

  /// Fails for settings that cannot be at a sample rate.
  ///
  /// - Throws: `InputError` that names the setting.
  public func check(sampleRate: Int) throws {
    func require(_ condition: Bool, _ problem: String, _ advice: Advice) throws {
      if !condition { throw InputError(problem, advice: advice) }
    }
    try require(
      (1...1000).contains(windowMilliseconds), "a window of \(windowMilliseconds) ms cannot be",
      "Give \(.windowMilliseconds) from 1 to 1000")
    try require(
      hopMilliseconds >= 1 && hopMilliseconds <= windowMilliseconds,
      "a hop of \(hopMilliseconds) ms cannot be",
      "Give \(.hopMilliseconds) from 1 to the window's \(windowMilliseconds)")
    try require(
      (4...256).contains(bands), "\(bands) bands cannot be", "Give \(.bands) from 4 to 256")
    try require(
      kind == .logMel || (4...bands).contains(coefficients),
      "\(coefficients) coefficients of \(bands) bands cannot be",
      "Give \(.coefficients) from 4 to the number of bands")
    try require(
      (1...32).contains(framesTogether ?? 1),
      "\(framesTogether ?? 1) frames together cannot be", "Give \(.framesTogether) from 1 to 32")
    let nyquist = Double(sampleRate) / 2
    try require(
      lowestHertz >= 0 && lowestHertz < top(sampleRate) && top(sampleRate) <= nyquist,
      "bands from \(lowestHertz) to \(top(sampleRate)) Hz cannot be at \(sampleRate) samples a second",
      "Choose a range within 0 to \(nyquist) Hz")
  }
}
