import FoveaArray
import FoveaMetrics
import FoveaNN

/// An example in front of a network: what the network says of it, and what maps of it are worth.
///
/// To the network pictures, recordings and texts are all pictures: what differs is where places lie,
/// which belong together, and what else a map must beat.
struct ExplainedExample {
  /// The example as the network sees it.
  let shown: InputPicture
  let network: ExplainedNetwork
  let settings: HighlightSettings
  /// What masks, shifts and noise follow from: the example's own, wherever it lies and whatever was
  /// explained before.
  let key: RandomKey
  /// The explained class.
  let target: Int
  let prediction: Highlight.Answer
  let explained: Highlight.Answer
  /// Where the places of maps lie in the original.
  private let frame: PictureFrame
  /// Places that maps have one value for, such as those of a word; each by itself where there are none.
  private let units: [[Int]]?
  /// The deviation of the noise under which maps should stay.
  private let noise: Float
  private let width: Int
  private let height: Int
  private let shifts: [(rows: Int, columns: Int)]
  /// The share of each of a map's places that is known to matter.
  var coverage: [Float]?

  /// - Parameters:
  ///   - target: the class to explain; the predicted one where not given.
  ///   - noise: in what the example's values are in; that of the settings where not given.
  init(
    _ shown: InputPicture, in network: ExplainedNetwork, classes: [String], target: Int?,
    settings: HighlightSettings, key: RandomKey, frame: PictureFrame, units: [[Int]]? = nil,
    noise: Float? = nil
  ) throws {
    (self.shown, self.network, self.settings) = (shown, network, settings)
    (self.key, self.frame, self.units) = (key, frame, units)
    self.noise = noise ?? settings.noise
    let probabilities = try network.probabilities(of: shown)
    func answer(_ index: Int) -> Highlight.Answer {
      Highlight.Answer(label: classes[index], probability: Double(probabilities[index]))
    }
    let best = probabilities.indexOfLargest
    self.target = target ?? best
    (prediction, explained) = (answer(best), answer(self.target))
    (width, height) = units.map { ($0.count, 1) } ?? (shown.width, shown.height)
    shifts =
      MapControls(
        count: settings.shiftCount, width: width, height: height, key: key.folding("shifts")
      ).shifts
  }

  /// Takes what is known to matter in the original.
  mutating func mark(_ truth: Truth?) {
    coverage = truth?.coverage(width: width, height: height, frame: frame)
  }

  /// Values as a map over the original.
  func map(_ values: [Float]) -> HighlightMap {
    HighlightMap(width: width, height: height, values: values, frame: frame)
  }

  /// How a map fits what is known; `nil` where nothing is.
  func truthScore(of map: HighlightMap) -> TruthScore? {
    coverage.flatMap { TruthScore(map, coverage: $0, shifts: shifts) }
  }

  /// The values of a method for the example or a noisy copy.
  func values(_ method: HighlightMethod, of picture: InputPicture) throws -> [Float] {
    try method.maker(settings, key: key).values(of: picture, target: target, in: network).values
  }

  /// A map with what it is worth and what it took.
  struct ScoredMap {
    let map: HighlightMap
    let scores: HighlightScores
    /// What the other maps reach that it was held against.
    let controls: [DeletionInsertion.Areas]
    let cost: HighlightCost
  }

  /// Makes a map and holds it against shifted copies of itself, a spot in the middle, and others.
  ///
  /// - Parameters:
  ///   - controls: the values of the others.
  ///   - values: the map's values, of the example and of noisy copies of it.
  func scored(
    against controls: [[Float]] = [], values: (InputPicture) throws -> [Float]
  ) throws -> ScoredMap {
    let forward = try network.forwardOperations()
    let (started, before) = (ContinuousClock.now, network.operations)
    let map = map(try values(shown))
    guard map.values.allSatisfy(\.isFinite) else { throw InputError.notFinite("the map") }
    let (mapped, mappedOperations) = (ContinuousClock.now, network.operations)
    let plane = Plane(width: width, height: height, values: map.values)
    let shifted = shifts.map { plane.shifted(rows: $0.rows, columns: $0.columns) }
    let middle = MapControls.middle(width: width, height: height)
    let measured = try DeletionInsertion(
      shown, target: target, steps: settings.curveSteps, units: units
    ).areas(of: ([plane] + shifted + [middle]).map(\.values) + controls, in: network)
    func controlled(
      _ area: KeyPath<DeletionInsertion.Areas, Double>, isLowerBetter: Bool
    ) -> ControlledScore {
      let values = measured.areas.map { $0[keyPath: area] }
      return ControlledScore(
        value: values[0], shifted: Array(values[1..<(1 + shifted.count)]),
        middle: values[1 + shifted.count], isLowerBetter: isLowerBetter,
        limit: measured.limit[keyPath: area])
    }
    let scores = HighlightScores(
      deletion: controlled(\.deletion, isLowerBetter: true),
      insertion: controlled(\.insertion, isLowerBetter: false),
      stability: try stability(of: map, values), truth: truthScore(of: map))
    return ScoredMap(
      map: map, scores: scores, controls: Array(measured.areas.dropFirst(2 + shifted.count)),
      cost: HighlightCost(
        // The prediction's own pass is counted: without it there is no class to explain.
        forwardPasses: (mappedOperations - before) / forward + 1,
        scoringForwardPasses: (network.operations - mappedOperations) / forward,
        seconds: (mapped - started).seconds,
        scoringSeconds: (ContinuousClock.now - mapped).seconds))
  }

  /// The mean rank correlation of a map with those of noisy copies of the example.
  private func stability(
    of map: HighlightMap, _ values: (InputPicture) throws -> [Float]
  ) throws -> Double {
    let correlations = try (0..<settings.stabilityDraws).map { draw in
      let noisy = shown.noisy(deviation: noise, key: key.folding("noise").folding(draw))
      return rankCorrelation(map.values, try values(noisy).map { max($0, 0) })
    }
    return correlations.reduce(0, +) / Double(max(correlations.count, 1))
  }
}

extension ExplainedNetwork {
  /// The methods that the network can serve, tried on a blank picture.
  func availableMethods(
    on blank: InputPicture, _ settings: HighlightSettings
  ) throws -> [HighlightMethod] {
    try HighlightMethod.allCases.filter { method in
      guard method.needsAttention || method == .gradCAM else { return true }
      do {
        _ = try method.maker(settings, key: RandomKey(seed: 0)).values(
          of: blank, target: 0, in: self)
        return true
      } catch is InputError { return false }
    }
  }
}
