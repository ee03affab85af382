import FoveaArray

/// What a network takes of recordings: their sample rate, the features, and how long a window is.
///
/// It is stored with a trained model, so that a prediction prepares its recordings as training did.
public struct SoundInput: Hashable, Sendable, Codable {
  /// Samples a second that every recording is brought to.
  public let sampleRate: Int
  /// How recordings become features.
  public let spectrogram: SpectrogramSettings
  /// Frames that are looked at together at most.
  public let mostFrames: Int
  /// Whether shorter recordings are filled up to `mostFrames`: for networks made for maps of one
  /// size. Others take recordings of any length.
  public let isFixedLength: Bool

  /// The longest window, in frames.
  public static let largestFrameCount = 2_048

  /// An input of this kind.
  ///
  /// - Throws: `InputError` for a sample rate, features or a length that cannot be.
  public init(
    sampleRate: Int, spectrogram: SpectrogramSettings = SpectrogramSettings(), mostFrames: Int,
    isFixedLength: Bool = false
  ) throws {
    try SoundLimits.check(sampleRate: sampleRate)
    try spectrogram.check(sampleRate: sampleRate)
    guard (1...Self.largestFrameCount).contains(mostFrames) else {
      throw InputError(
        "a window of \(mostFrames) frames cannot be",
        advice: """
          Choose a shorter \(.clipSeconds) or a longer \(.hopMilliseconds), for at most \
          \(NumberText.count(Self.largestFrameCount))
          """)
    }
    self.sampleRate = sampleRate
    self.spectrogram = spectrogram
    self.mostFrames = mostFrames
    self.isFixedLength = isFixedLength
  }

  private enum Key: String, CodingKey { case sampleRate, spectrogram, mostFrames, isFixedLength }

  /// Reads an input that can be.
  ///
  /// - Throws: `InputError` for a sample rate, features or a length that cannot be.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init(
      sampleRate: container.decode(Int.self, forKey: .sampleRate),
      spectrogram: container.decode(SpectrogramSettings.self, forKey: .spectrogram),
      mostFrames: container.decode(Int.self, forKey: .mostFrames),
      isFixedLength: container.decode(Bool.self, forKey: .isFixedLength))
  }

  /// Numbers in a frame.
  public var featureCount: Int { spectrogram.featureCount }

  /// Seconds between two frames, as the samples have it.
  public var hopSeconds: Double { Double(spectrogram.stepSize(sampleRate)) / Double(sampleRate) }

  /// Samples of a window of `mostFrames`.
  public var mostSamples: Int {
    max(1, mostFrames * spectrogram.stepSize(sampleRate) - 1)
  }

  /// Frames of a recording: the middle of frame t is at t hops, from the first sample to the last.
  public func frameCount(ofSamples count: Int) -> Int {
    1 + count / spectrogram.stepSize(sampleRate)
  }

  /// Frames that the arrays of a batch have whose longest recording has so many: few different
  /// numbers, so that few plans serve all batches, and at most a quarter filled up.
  public func paddedFrameCount(_ frames: Int) -> Int {
    if isFixedLength { return mostFrames }
    return LengthBuckets.padded(frames, most: mostFrames)
  }

  /// For people.
  public var summary: String {
    let seconds = NumberText.fixed(Double(mostFrames) * hopSeconds, decimals: 1)
    // As it was chosen: in samples it may be a fraction that nobody gave, and so may a product.
    let hop = spectrogram.hopMilliseconds * Double(spectrogram.framesTogether ?? 1)
    return "\(featureCount) \(spectrogram.kind == .mfcc ? "coefficients" : "mel bands") every "
      + "\(NumberText.exact((hop * 1000).rounded() / 1000)) ms of \(isFixedLength ? "" : "at most ")"
      + "\(seconds) s at \(NumberText.count(sampleRate)) samples a second"
  }
}

/// What a recording may be before it is refused.
public struct SoundLimits: Hashable, Sendable {
  /// Samples a second.
  public static let sampleRates = 1_000...768_000
  /// Channels.
  public static let channels = 1...64
  /// The largest magnitude of a sample: even those left as 32-bit integers are within it, and squares
  /// of it, added up over any window, are still numbers.
  static let largestSample: Float = 0x1p31

  /// Seconds of a file that are read at most; what comes behind is left.
  public var seconds: Double

  /// Limits; by default a day is read.
  public init(seconds: Double = 86_400) { self.seconds = seconds }

  /// - Throws: `InputError` for samples a second that recordings do not have.
  static func check(sampleRate: Int) throws {
    guard sampleRates.contains(sampleRate) else {
      throw InputError(
        "a sample rate of \(sampleRate) cannot be",
        advice: "Give one from \(NumberText.count(sampleRates.lowerBound)) to "
          + "\(NumberText.count(sampleRates.upperBound)), such as 16000")
    }
  }
}
