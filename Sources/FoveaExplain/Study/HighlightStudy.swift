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
    let source = part == "given" ? "the pictures to be explained" : "\(part) pictures"
    return "Highlights: \(defaultMethod.rawValue) does best on \(pictureCount) \(source)."
      + (failing.isEmpty
        ? ""
        : " Not trustworthy, as random weights hardly change the map: "
          + "\(failing.joined(separator: ", ")).")
  }
}
