import FoveaArray

/// How carefully highlights are made and scored.
public struct HighlightSettings: Hashable, Sendable, Codable {
  /// Steps in which places are replaced for deletion and insertion.
  public var curveSteps = 20
  /// Shifted copies that a map is held against: 19 make p = 0.05 the least.
  public var shiftCount = 19
  /// Steps of integrated gradients.
  public var integrationSteps = 50
  /// Random masks of RISE.
  public var maskCount = 512
  /// Noisy copies of the picture whose maps are compared.
  public var stabilityDraws = 2
  /// The deviation of that noise, in deviations of the training pictures.
  public var noise: Float = 0.1
  /// Shifts, masks and noise follow from it and from the picture alone.
  public var seed: UInt64 = 1

  /// The defaults.
  public init() {}

  /// Refuses numbers with which nothing could be made or held against anything.
  ///
  /// - Throws: `InputError`.
  package func check() throws {
    let counts = [
      ("curveSteps", curveSteps), ("shiftCount", shiftCount),
      ("integrationSteps", integrationSteps), ("maskCount", maskCount),
      ("stabilityDraws", stabilityDraws),
    ]
    for (name, count) in counts {
      guard count >= 1 else {
        throw InputError("\(name) cannot be \(count)", advice: "Give 1 or more")
      }
      try NumberCheck.require(name, count, in: 1...100_000)
    }
    guard noise >= 0, noise.isFinite else {
      throw InputError("noise cannot be \(noise)", advice: "Give 0 or more")
    }
  }

  /// Enough to tell methods apart over several pictures, not to judge a single one.
  static var quick: HighlightSettings {
    var settings = HighlightSettings()
    settings.curveSteps = 8
    settings.integrationSteps = 16
    settings.maskCount = 64
    return settings
  }
}
