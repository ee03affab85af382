import FoveaArray

/// What scenes are to be made: the task, how many, and how hard.
public struct SceneOptions: Hashable, Sendable {
  /// The task that a scene sets.
  public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
    /// One red–green grating among luminance gratings: which way does it point?
    case feature
    /// A framed sample among tinted gratings: what tint has the one that points the same way?
    case match

    /// The classes in the order of their labels, which is also that of their bytes.
    ///
    /// Orientations are those of the bars, in degrees, anticlockwise from horizontal.
    public var classes: [String] {
      switch self {
      case .feature: ["000", "045", "090", "135"]
      case .match: ["blue", "green", "red", "yellow"]
      }
    }

    /// How many gratings besides the ones that matter have room without much overlap.
    public var possibleDistractors: ClosedRange<Int> {
      switch self {
      case .feature: 0...15
      case .match: 1...7
      }
    }
  }

  /// The task.
  public let kind: Kind
  /// How many scenes.
  public let count: Int
  /// How far a grating's peak lies from the grey of 0.5; above 0.5 peaks are clipped.
  public let contrast: Double
  /// The deviation of the Gaussian noise that is added to every channel of every pixel, on the
  /// scale of 0 to 1.
  public let noise: Double
  /// The smallest and largest number of gratings besides the ones that matter.
  public let distractors: ClosedRange<Int>
  /// What all random choices follow from.
  public let seed: UInt64

  /// Options for `count` scenes.
  ///
  /// - Throws: `InputError` that names the option whose value cannot be.
  public init(
    kind: Kind = .feature, count: Int = 4_000, contrast: Double = 0.3, noise: Double = 0.25,
    distractors: ClosedRange<Int>? = nil, seed: UInt64 = 1
  ) throws {
    let distractors = distractors ?? (kind == .feature ? 0...11 : 1...5)
    guard (1...1_000_000).contains(count) else {
      throw InputError(
        "\(count) scenes cannot be made", at: "count", advice: "Give a number from 1 to 1000000")
    }
    guard contrast > 0, contrast <= 1 else {
      throw InputError(
        "a contrast of \(contrast) cannot be", at: "contrast",
        advice: "Give a number above 0, up to 1")
    }
    guard noise >= 0, noise <= 10 else {
      throw InputError(
        "a noise deviation of \(noise) cannot be", at: "noise", advice: "Give a number from 0 to 10"
      )
    }
    let possible = kind.possibleDistractors
    guard possible.contains(distractors.lowerBound), possible.contains(distractors.upperBound)
    else {
      throw InputError(
        "\(distractors.lowerBound)-\(distractors.upperBound) distractors have no place in a "
          + "\(kind.rawValue) scene",
        at: "distractors",
        advice: "Give numbers from \(possible.lowerBound) to \(possible.upperBound)")
    }
    self.kind = kind
    self.count = count
    self.contrast = contrast
    self.noise = noise
    self.distractors = distractors
    self.seed = seed
  }
}
