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

/// What a map reaches that knows nothing of the network, and would be there without one.
public struct HighlightControl: Hashable, Sendable, Encodable {
  /// Its area of deletion.
  public let deletion: Double
  /// Its area of insertion.
  public let insertion: Double
  /// Whether its strongest place lies in the truth; `nil` where none is known.
  public let pointsInside: Bool?
  /// The share of it inside the truth.
  public let shareInside: Double?

  package init(
    deletion: Double, insertion: Double, pointsInside: Bool? = nil, shareInside: Double? = nil
  ) {
    self.deletion = deletion
    self.insertion = insertion
    self.pointsInside = pointsInside
    self.shareInside = shareInside
  }

  init(_ areas: DeletionInsertion.Areas, _ truth: TruthScore?) {
    self.init(
      deletion: areas.deletion, insertion: areas.insertion, pointsInside: truth?.pointsInside,
      shareInside: truth?.shareInside)
  }
}

/// A score beside what the same map scores in the wrong places, and a spot in the middle.
public struct ControlledScore: Hashable, Sendable, Codable {
  /// The map's score.
  public let value: Double
  /// The scores of the same map, shifted cyclically.
  public let shifted: [Double]
  /// The score of a Gaussian in the middle.
  public let middle: Double
  /// Whether a lower score is better.
  public let isLowerBetter: Bool
  /// The score of a map whose first places are all that the network asks for; `nil` where it was not measured.
  public let limit: Double?

  /// A score with its controls.
  public init(
    value: Double, shifted: [Double], middle: Double, isLowerBetter: Bool, limit: Double? = nil
  ) {
    self.value = value
    self.shifted = shifted
    self.middle = middle
    self.isLowerBetter = isLowerBetter
    self.limit = limit
  }

  /// The mean over the shifted maps.
  public var shiftedMean: Double { shifted.reduce(0, +) / Double(max(shifted.count, 1)) }

  /// How many shifted maps score at least as well; a tie counts against the map.
  public var shiftedAsGood: Int { shifted.count { !isBetter(than: $0) } }

  /// (1 + shifts that score as well) / (1 + shifts): the chance of such a rank among its shifts for
  /// a map that lies nowhere in particular.
  public var p: Double { Double(1 + shiftedAsGood) / Double(1 + shifted.count) }

  /// The least gain that counts as one, in probability: ranks alone find a first among differences of
  /// rounding, of which nobody could see anything.
  public static let leastGain = 0.02

  /// However little room there is, what rounding makes out is no gain.
  static let leastVisibleGain = 1e-4

  /// The standard deviation of the shifted maps' scores: what the place of a map alone makes out.
  public var spread: Double {
    guard shifted.count > 1 else { return 0 }
    let mean = shiftedMean
    let squares = shifted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(shifted.count - 1)).squareRoot()
  }

  /// By how much the map is better than a score, in probability.
  public func gain(over other: Double) -> Double { isLowerBetter ? other - value : value - other }

  /// The least gain over a score that counts: `leastGain`, or half of what that score leaves up to `limit`, where
  /// that is less. Where a copy that was moved a little already answers as surely as the whole picture does, no map
  /// can be better by more.
  public func neededGain(over other: Double) -> Double {
    halfOfRoom(over: other, most: Self.leastGain)
  }

  /// Whether the map is better than a score by as much as counts.
  public func beats(_ other: Double) -> Bool {
    isBetter(than: other) && gain(over: other) >= neededGain(over: other)
  }

  /// How many spreads of the shifted maps a map must lie from their mean.
  public static let leastSpreads = 2.0

  /// The least gain over the mean of the shifted maps: two of their spreads, or half of what the mean leaves up to
  /// `limit` where that is less, and `leastGain` in any case, whose excuse does not hold for a mean.
  public var neededGainOverMean: Double {
    max(Self.leastGain, halfOfRoom(over: shiftedMean, most: Self.leastSpreads * spread))
  }

  /// Whether the map lies outside of the shifted maps, not only at the edge of a crowd.
  public var standsOut: Bool { gain(over: shiftedMean) >= neededGainOverMean }

  private func halfOfRoom(over other: Double, most: Double) -> Double {
    guard let limit else { return most }
    let room = isLowerBetter ? other - limit : limit - other
    return room > 0 ? min(most, max(room / 2, Self.leastVisibleGain)) : most
  }

  /// The best score of the shifted maps; `nil` where none has room.
  public var bestShifted: Double? { isLowerBetter ? shifted.min() : shifted.max() }

  /// Whether the map beats every shifted one and the spot in the middle, and stands out of the shifted ones.
  public var beatsAll: Bool { bestShifted.map { beats($0) && standsOut } ?? true && beats(middle) }

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
  public let middlePointsInside: Bool

  /// A comparison with the truth.
  public init(
    pointsInside: Bool, shareInside: Double, truthShare: Double, shiftedPointsInside: Double,
    middlePointsInside: Bool
  ) {
    self.pointsInside = pointsInside
    self.shareInside = shareInside
    self.truthShare = truthShare
    self.shiftedPointsInside = shiftedPointsInside
    self.middlePointsInside = middlePointsInside
  }
}
