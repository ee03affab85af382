import FoveaArray

/// How the methods do on a run's own pictures, found once and kept with the run: which one is the
/// default, and whether each reads the network at all.
public struct HighlightStudy: Hashable, Sendable, Codable {
  /// A method's maps must have a rank correlation below this with those of the same network with
  /// random weights.
  public static let largestCorrelation = 0.5

  /// How far the weights were made random, and what that did to maps.
  public struct Stage: Hashable, Sendable, Codable {
    /// The layer that was made random last; all those behind it are too.
    public let layer: String
    /// The mean rank correlation of the maps with those of the trained network.
    public let correlation: Double
  }

  /// What was found of a method.
  public struct MethodResult: Hashable, Sendable, Codable {
    /// The method.
    public let method: HighlightMethod
    /// The mean deletion area.
    public let deletion: Double
    /// The mean insertion area.
    public let insertion: Double
    /// Maps under random weights, from the head down to the first layer.
    public let randomization: [Stage]

    /// Insertion minus deletion: what decides which method is the default.
    public var score: Double { insertion - deletion }
    /// The rank correlation with all weights random.
    public var finalCorrelation: Double? { randomization.last?.correlation }
    /// Whether maps change with the weights, as they must.
    public var dependsOnWeights: Bool {
      (finalCorrelation ?? 0) < HighlightStudy.largestCorrelation
    }
  }

  /// The version of this file's form.
  public var schemaVersion = 1
  /// What the pictures were: `validation`, `training`, or `given` (those to be explained).
  public let part: String
  /// How many pictures were scored.
  public let pictureCount: Int
  /// How many pictures' maps were made again with random weights.
  public let randomizedPictureCount: Int
  /// How maps were made and scored.
  public let settings: HighlightSettings
  /// What was found of each method that the network can serve.
  public let methods: [MethodResult]

  init(
    part: String, pictureCount: Int, randomizedPictureCount: Int, settings: HighlightSettings,
    methods: [MethodResult]
  ) {
    self.part = part
    self.pictureCount = pictureCount
    self.randomizedPictureCount = randomizedPictureCount
    self.settings = settings
    self.methods = methods
  }

  /// Reads a study that can have been made.
  ///
  /// - Throws: `InputError` that names what cannot be.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    schemaVersion = try container.decode(Int.self, forKey: .schemaVersion)
    guard schemaVersion == 1 else {
      throw InputError(
        "was written by a newer Fovea (form \(schemaVersion), this one reads 1)",
        advice: "Update Fovea")
    }
    part = try container.decode(String.self, forKey: .part)
    pictureCount = try container.decode(Int.self, forKey: .pictureCount)
    randomizedPictureCount = try container.decode(Int.self, forKey: .randomizedPictureCount)
    settings = try container.decode(HighlightSettings.self, forKey: .settings)
    methods = try container.decode([MethodResult].self, forKey: .methods)
    try check()
  }

  private func check() throws {
    for (name, count) in [
      ("pictureCount", pictureCount), ("randomizedPictureCount", randomizedPictureCount),
    ] {
      try NumberCheck.require(name, count, in: 0...NumberCheck.largestCount)
    }
    try settings.check()
    var known: Set<HighlightMethod> = []
    for result in methods {
      let name = result.method.rawValue
      guard known.insert(result.method).inserted else {
        throw InputError("method \(name) stands twice")
      }
      try NumberCheck.require("deletion of \(name)", result.deletion, in: -1...1)
      try NumberCheck.require("insertion of \(name)", result.insertion, in: -1...1)
      for stage in result.randomization {
        try NumberCheck.require(
          "correlation of \(name)", stage.correlation, in: -1.000001...1.000001)
      }
    }
  }

  /// The method with the best score among those that depend on the weights, or among all where
  /// none does; the first of equals.
  public var defaultMethod: HighlightMethod {
    let honest = methods.filter(\.dependsOnWeights)
    let candidates = honest.isEmpty ? methods : honest
    return candidates.dropFirst().reduce(candidates.first) { best, next in
      next.score > (best?.score ?? -.infinity) ? next : best
    }?.method ?? .gradCAM
  }

  /// What was found of a method, if it was tried.
  public func result(of method: HighlightMethod) -> MethodResult? {
    methods.first { $0.method == method }
  }
}

extension HighlightStudy {
  /// A line for people.
  package var summary: String {
    let failing = methods.filter { !$0.dependsOnWeights }.map(\.method.rawValue)
    let source =
      part == "given"
      ? "\(NumberText.count(pictureCount)) of the pictures to be explained"
      : NumberText.count(pictureCount, "\(part) picture")
    // Where none reads the weights the best of all is taken, and where all do nothing was left out.
    let candidates =
      failing.isEmpty || failing.count == methods.count ? "" : " of those that read the weights"
    return "Highlights: \(defaultMethod.rawValue) does best\(candidates) on \(source)."
      + (failing.isEmpty
        ? ""
        : " Not faithful, as random weights hardly change the map: "
          + "\(failing.joined(separator: ", ")).")
  }
}
