/// How good a map is, measured on its own picture.
public struct HighlightScores: Hashable, Sendable, Codable {
  /// The area under the class's probability while the strongest places are replaced by the blurred
  /// picture, strongest first: small where the map names what the network used.
  public let deletion: ControlledScore
  /// The area under the class's probability while the strongest places return to the blurred
  /// picture, strongest first: large where the map names what the network used.
  public let insertion: ControlledScore
  /// The rank correlation of the map with that of the picture under small noise, −1…1.
  public let stability: Double
  /// How the map fits the truth; `nil` where none is known.
  public let truth: TruthScore?

  /// Scores.
  public init(
    deletion: ControlledScore, insertion: ControlledScore, stability: Double,
    truth: TruthScore? = nil
  ) {
    self.deletion = deletion
    self.insertion = insertion
    self.stability = stability
    self.truth = truth
  }
}

/// A score beside what the same map scores in the wrong places, and a map that knows nothing.
public struct ControlledScore: Hashable, Sendable, Codable {
  /// The map's score.
  public let value: Double
  /// The scores of the same map, shifted cyclically.
  public let shifted: [Double]
  /// The score of a Gaussian in the middle.
  public let centred: Double
  /// Whether a lower score is better.
  public let isLowerBetter: Bool

  /// A score with its controls.
  public init(value: Double, shifted: [Double], centred: Double, isLowerBetter: Bool) {
    self.value = value
    self.shifted = shifted
    self.centred = centred
    self.isLowerBetter = isLowerBetter
  }

  /// The mean over the shifted maps.
  public var shiftedMean: Double { shifted.reduce(0, +) / Double(max(shifted.count, 1)) }

  /// How many shifted maps score at least as well; a tie counts against the map.
  public var shiftedAsGood: Int { shifted.count { !isBetter(than: $0) } }

  /// (1 + shifts that score as well) / (1 + shifts): the chance of such a rank among its shifts for
  /// a map that lies nowhere in particular.
  public var p: Double { Double(1 + shiftedAsGood) / Double(1 + shifted.count) }

  /// Whether the map is better than every shifted one and the centred one.
  public var beatsAll: Bool { shiftedAsGood == 0 && isBetter(than: centred) }

  /// Whether the map's score is strictly better than another.
  public func isBetter(than other: Double) -> Bool {
    isLowerBetter ? value < other : value > other
  }
}

/// How a map fits what is known to matter.
public struct TruthScore: Hashable, Sendable, Codable {
  /// Whether the map's peak lies in the truth: the pointing game.
  public let pointsInside: Bool
  /// The share of the map inside the truth, 0…1.
  public let shareInside: Double
  /// The share of the picture that the truth covers: what a map that knows nothing reaches.
  public let truthShare: Double
  /// The share of the shifted maps whose peaks lie in the truth.
  public let shiftedPointsInside: Double
  /// Whether the middle lies in the truth.
  public let centredPointsInside: Bool

  /// A comparison with the truth.
  public init(
    pointsInside: Bool, shareInside: Double, truthShare: Double, shiftedPointsInside: Double,
    centredPointsInside: Bool
  ) {
    self.pointsInside = pointsInside
    self.shareInside = shareInside
    self.truthShare = truthShare
    self.shiftedPointsInside = shiftedPointsInside
    self.centredPointsInside = centredPointsInside
  }
}
