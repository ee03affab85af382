import FoveaArray
package import FoveaData
import FoveaMetrics

/// Makes highlights of pictures: prediction, map, regions, scores, verdict.
///
/// Everything follows from the network, the settings and the picture. Belongs to the thread that
/// made it, like a session.
package final class Explainer {
  package let network: ExplainedNetwork
  package let classes: [String]
  package let input: PictureInput
  package let settings: HighlightSettings

  package init(
    _ network: ExplainedNetwork, classes: [String], input: PictureInput,
    settings: HighlightSettings = HighlightSettings()
  ) {
    self.network = network
    self.classes = classes
    self.input = input
    self.settings = settings
  }

  /// What is asked of a picture.
  package struct Request: Sendable {
    /// Several give a highlight each.
    package var methods: [HighlightMethod]
    /// The class to explain; the predicted one where not given.
    package var label: String?
    /// What is known to matter in the picture.
    package var truth: Truth?
    /// What is known of the run's methods.
    package var study: HighlightStudy?

    package init(
      methods: [HighlightMethod], label: String? = nil, truth: Truth? = nil,
      study: HighlightStudy? = nil
    ) {
      self.methods = methods
      self.label = label
      self.truth = truth
      self.study = study
    }
  }

  /// Highlights of a picture in its original size, one for each method.
  ///
  /// - Throws: `InputError` for settings that cannot be, a class that does not exist, a method that
  ///   the network cannot serve, or a picture without pixels; `CancellationError`.
  package func highlights(of picture: Picture, _ request: Request) throws -> [Highlight] {
    try settings.check()
    let classIndex = try request.label.map { try Self.index(of: $0, among: classes) }
    let prepared = try input.prepared(picture)
    let shown = InputPicture(prepared, network.input)
    let frame = PictureFrame(
      pictureWidth: picture.width, pictureHeight: picture.height, input: input)
    let probabilities = try network.probabilities(of: shown)
    let best = probabilities.indexOfLargest
    let target = classIndex ?? best
    let key = RandomKey(seed: settings.seed).folding(Self.contentNumber(prepared))
    func answer(_ index: Int) -> Highlight.Answer {
      Highlight.Answer(label: classes[index], probability: Double(probabilities[index]))
    }
    return try request.methods.map { method in
      let forward = try network.forwardOperations()
      let (started, before) = (ContinuousClock.now, network.operations)
      let plane = try method.maker(settings, key: key).values(
        of: shown, target: target, in: network)
      let map = HighlightMap(
        width: plane.width, height: plane.height, values: plane.values, frame: frame)
      let (mapped, mappedOperations) = (ContinuousClock.now, network.operations)
      let scores = try scores(
        of: map, method, shown, target: target, key: key, truth: request.truth)
      let verdict = HighlightVerdict(
        isConstant: map.isConstant, scores: scores,
        weightCorrelation: request.study?.result(of: method)?.finalCorrelation)
      return Highlight(
        prediction: answer(best), explained: answer(target), method: method, map: map,
        regions: RegionFinder.regions(of: map), scores: scores, verdict: verdict,
        cost: HighlightCost(
          // The prediction's own pass is counted: without it there is no class to explain.
          forwardPasses: (mappedOperations - before) / forward + 1,
          scoringForwardPasses: (network.operations - mappedOperations) / forward,
          seconds: (mapped - started).inSeconds,
          scoringSeconds: (ContinuousClock.now - mapped).inSeconds))
    }
  }

  /// The methods that the network can serve.
  package func availableMethods() throws -> [HighlightMethod] {
    var blank = InputPicture(
      Picture(
        width: input.width, height: input.height, channels: input.channels.rawValue,
        pixels: [UInt8](repeating: 0, count: input.byteCount)), network.input)
    blank = blank.mean
    return try HighlightMethod.allCases.filter { method in
      guard method.needsAttention || method == .gradCAM else { return true }
      do {
        _ = try method.maker(settings, key: RandomKey(seed: 0)).values(
          of: blank, target: 0, in: network)
        return true
      } catch is InputError { return false }
    }
  }

  /// The index of a class by name.
  ///
  /// - Throws: `InputError` that lists the classes.
  @discardableResult
  package static func index(of label: String, among classes: [String]) throws -> Int {
    guard let index = classes.firstIndex(of: label) else {
      throw InputError(
        "there is no class called \(label)",
        advice: "The run has \(classes.joined(separator: ", "))")
    }
    return index
  }

  private func scores(
    of map: HighlightMap, _ method: HighlightMethod, _ picture: InputPicture, target: Int,
    key: RandomKey, truth: Truth?
  ) throws -> HighlightScores {
    let plane = Plane(width: map.width, height: map.height, values: map.values)
    let controls = MapControls(
      count: settings.shiftCount, width: map.width, height: map.height,
      key: key.folding("shifts"))
    let shifted = controls.shifts.map { plane.shifted(rows: $0.rows, columns: $0.columns) }
    let centred = MapControls.centred(width: map.width, height: map.height)
    let areas = try DeletionInsertion(picture, target: target, steps: settings.curveSteps)
      .areas(of: ([plane] + shifted + [centred]).map(\.values), in: network)
    func controlled(
      _ area: KeyPath<DeletionInsertion.Areas, Double>, isLowerBetter: Bool
    ) -> ControlledScore {
      let values = areas.map { $0[keyPath: area] }
      return ControlledScore(
        value: values[0], shifted: Array(values.dropFirst().dropLast()),
        centred: values[values.count - 1], isLowerBetter: isLowerBetter)
    }
    return HighlightScores(
      deletion: controlled(\.deletion, isLowerBetter: true),
      insertion: controlled(\.insertion, isLowerBetter: false),
      stability: try stability(of: map, method, picture, target: target, key: key),
      truth: truth.flatMap { TruthScore(map, truth: $0, shifts: controls.shifts) })
  }

  /// The mean rank correlation of a map with those of noisy copies of the picture.
  private func stability(
    of map: HighlightMap, _ method: HighlightMethod, _ picture: InputPicture, target: Int,
    key: RandomKey
  ) throws -> Double {
    let maker = method.maker(settings, key: key)
    let correlations = try (0..<settings.stabilityDraws).map { draw in
      let noisy = picture.noisy(
        deviation: settings.noise, key: key.folding("noise").folding(draw))
      let values = try maker.values(of: noisy, target: target, in: network).values
      return rankCorrelation(map.values, values.map { max($0, 0) })
    }
    return correlations.reduce(0, +) / Double(max(correlations.count, 1))
  }

  /// A number that the pixels give (FNV-1a), so that each picture has draws of its own wherever it
  /// lies and whatever was explained before.
  private static func contentNumber(_ picture: Picture) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in picture.pixels { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(Int64(bitPattern: hash))
  }
}

extension Duration {
  /// As a number of seconds.
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
