/// Where a network looked in one picture, how good that highlight is, and whether the network did use
/// what it marks.
///
/// ```swift
/// let highlight = try await classifier.explanation(of: URL(filePath: "scan.png"))
/// print(highlight.prediction.label, highlight.verdict)
/// for region in highlight.regions { print(region.x, region.y, region.strength) }
/// ```
public struct Highlight: Hashable, Sendable, Encodable {
  /// A class and its probability.
  public struct Answer: Hashable, Sendable, Codable {
    /// The class.
    public let label: String
    /// Its probability.
    public let probability: Double

    /// A class with its probability.
    public init(label: String, probability: Double) {
      self.label = label
      self.probability = probability
    }
  }

  /// The class with the highest probability.
  public let prediction: Answer
  /// The class whose evidence the map shows: the predicted one, unless another was asked for.
  public let explained: Answer
  /// How the map was found.
  public let method: HighlightMethod
  /// How much each place of the input speaks for the explained class.
  public let map: HighlightMap
  /// The places worth looking at, strongest first.
  public let regions: [HighlightRegion]
  /// How good the map is, measured on this very picture.
  public let scores: HighlightScores
  /// What a map of local contrast reaches instead, which knows only the picture.
  public let localContrast: HighlightControl
  /// Whether the network did use the marked places.
  public let verdict: HighlightVerdict
  /// What it took.
  public let cost: HighlightCost

  /// A highlight made of these parts.
  package init(
    prediction: Answer, explained: Answer, method: HighlightMethod, map: HighlightMap,
    regions: [HighlightRegion], scores: HighlightScores, localContrast: HighlightControl,
    verdict: HighlightVerdict, cost: HighlightCost
  ) {
    self.prediction = prediction
    self.explained = explained
    self.method = method
    self.map = map
    self.regions = regions
    self.scores = scores
    self.localContrast = localContrast
    self.verdict = verdict
    self.cost = cost
  }
}

/// A part of the original picture that the map marks.
public struct HighlightRegion: Hashable, Sendable, Codable {
  /// The left edge, in pixels of the original picture from its left.
  public let x: Int
  /// The upper edge, in pixels of the original picture from its top.
  public let y: Int
  /// Pixels from the left to the right edge.
  public let width: Int
  /// Pixels from the upper to the lower edge.
  public let height: Int
  /// The share of the whole map that lies in the region, 0…1.
  public let strength: Double
  /// The column of the original picture where the map is highest within the region.
  public let peakX: Int
  /// The row of the original picture where the map is highest within the region.
  public let peakY: Int

  /// A region of the original picture.
  public init(
    x: Int, y: Int, width: Int, height: Int, strength: Double, peakX: Int, peakY: Int
  ) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.strength = strength
    self.peakX = peakX
    self.peakY = peakY
  }

  /// `90×42 pixels at x 215, y 114`
  package var place: String { "\(width)×\(height) pixels at x \(x), y \(y)" }
}

/// What a highlight took.
public struct HighlightCost: Hashable, Sendable, Codable {
  /// The work for the map, in forward passes of one picture: operations counted in the plans that
  /// ran, divided by those of one forward pass.
  public let forwardPasses: Double
  /// The same for scores and controls.
  public let scoringForwardPasses: Double
  /// Seconds that the map took.
  public let seconds: Double
  /// Seconds that scores and controls took.
  public let scoringSeconds: Double

  /// A cost with these parts.
  public init(
    forwardPasses: Double, scoringForwardPasses: Double, seconds: Double, scoringSeconds: Double
  ) {
    self.forwardPasses = forwardPasses
    self.scoringForwardPasses = scoringForwardPasses
    self.seconds = seconds
    self.scoringSeconds = scoringSeconds
  }
}
