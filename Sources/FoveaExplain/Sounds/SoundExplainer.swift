import FoveaArray
package import FoveaData
import FoveaMetrics
package import FoveaNN

/// Makes highlights of recordings: prediction, map over time, spans, scores, verdict.
///
/// The frames of a recording are the places of a picture of one row; methods, scores and controls are
/// those of pictures, in milliseconds instead of pixels. One control is added: a map of loudness,
/// which any level meter draws. Everything follows from the network, the settings and the recording.
/// Belongs to the thread that made it, like a session.
package final class SoundExplainer {
  package let classes: [String]
  package let input: SoundInput
  package var settings: HighlightSettings
  private let model: SoundModel
  private let weights: Weights
  private let threads: Int?
  /// One for each number of frames, the latest last.
  private var networks: [(frames: Int, network: ExplainedNetwork)] = []
  private static let mostNetworks = 4

  package init(
    _ model: SoundModel, weights: Weights, classes: [String], input: SoundInput,
    settings: HighlightSettings = HighlightSettings(), threads: Int? = nil
  ) {
    self.model = model
    self.weights = weights
    self.classes = classes
    self.input = input
    self.settings = settings
    self.threads = threads
  }

  /// What is asked of a recording.
  package struct Request: Sendable {
    /// Several give a highlight each.
    package var methods: [HighlightMethod]
    /// The class to explain; the predicted one where not given.
    package var label: String?
    /// What is known to matter in the recording, in seconds from its beginning.
    package var truth: [SoundEvent]?

    package init(
      methods: [HighlightMethod], label: String? = nil, truth: [SoundEvent]? = nil
    ) {
      self.methods = methods
      self.label = label
      self.truth = truth
    }
  }

  /// Highlights of a window of a recording, one for each method.
  ///
  /// - Throws: `InputError` for settings that cannot be, a class that does not exist or a method that
  ///   the network cannot serve; `CancellationError`.
  package func highlights(
    of window: SoundWindows.Window, _ request: Request
  ) throws -> [SoundHighlight] {
    try settings.check()
    let classIndex = try request.label.map { try Explainer.index(of: $0, among: classes) }
    let shown = prepared(window.sound)
    let network = try network(frames: shown.width)
    let probabilities = try network.probabilities(of: shown)
    let best = probabilities.indexOfLargest
    let target = classIndex ?? best
    let key = RandomKey(seed: settings.seed).folding(Self.contentNumber(window.sound))
    func answer(_ index: Int) -> Highlight.Answer {
      Highlight.Answer(label: classes[index], probability: Double(probabilities[index]))
    }
    let frame = extent(of: window.sound, frames: shown.width)
    let loudness = Plane(
      width: shown.width, height: 1, values: levels(window.sound, frames: shown.width))
    let truth = request.truth.map {
      marked($0, of: classes[target], startSeconds: window.startSeconds)
    }
    return try request.methods.map { method in
      let forward = try network.forwardOperations()
      let (started, before) = (ContinuousClock.now, network.operations)
      let plane = try method.maker(settings, key: key).values(
        of: shown, target: target, in: network)
      let map = HighlightMap(
        width: plane.width, height: 1, values: plane.values, frame: frame)
      let (mapped, mappedOperations) = (ContinuousClock.now, network.operations)
      let (scores, control) = try scored(
        map, method, shown, target: target, loudness: loudness, key: key, truth: truth,
        in: network)
      return SoundHighlight(
        start: window.startSeconds, end: window.endSeconds, prediction: answer(best),
        explained: answer(target), method: method,
        map: SoundHighlight.Map(
          start: window.startSeconds, step: input.hopSeconds, values: map.values),
        spans: RegionFinder.regions(of: map).map { region in
          SoundHighlight.Span(
            start: window.startSeconds + Double(region.x) / 1000,
            end: window.startSeconds + Double(region.x + region.width) / 1000,
            strength: region.strength, peak: window.startSeconds + Double(region.peakX) / 1000)
        }, scores: scores, loudness: control,
        verdict: judged(map, scores, control),
        cost: HighlightCost(
          forwardPasses: (mappedOperations - before) / forward + 1,
          scoringForwardPasses: (network.operations - mappedOperations) / forward,
          seconds: (mapped - started).inSeconds,
          scoringSeconds: (ContinuousClock.now - mapped).inSeconds))
    }
  }

  /// The methods that the network can serve.
  package func availableMethods() throws -> [HighlightMethod] {
    let blank = InputPicture(
      frames: [Float](repeating: 0, count: 16 * input.featureCount), features: input.featureCount,
      workedOn: model.workedFrames(16))
    let network = try network(frames: 16)
    return try HighlightMethod.allCases.filter { method in
      guard method.needsAttention || method == .gradCAM else { return true }
      do {
        _ = try method.maker(settings, key: RandomKey(seed: 0)).values(
          of: blank, target: 0, in: network)
        return true
      } catch is InputError { return false }
    }
  }

  private func network(frames: Int) throws -> ExplainedNetwork {
    if let known = networks.first(where: { $0.frames == frames }) { return known.network }
    let made = try ExplainedNetwork(model, frames: frames, weights: weights, threads: threads)
    networks.append((frames, made))
    if networks.count > Self.mostNetworks { networks.removeFirst() }
    return made
  }

  /// The recording as the network sees it.
  private func prepared(_ sound: Sound) -> InputPicture {
    var frames = input.features(of: sound)
    let (mean, deviation) = (model.input.mean, model.input.deviation)
    for index in frames.indices {
      let feature = index % input.featureCount
      frames[index] = (frames[index] - mean[feature]) / deviation[feature]
    }
    return InputPicture(
      frames: frames, features: input.featureCount,
      workedOn: model.workedFrames(frames.count / input.featureCount))
  }

  /// Where frames lie, in milliseconds: the middle of the first at 0.
  private func extent(of sound: Sound, frames: Int) -> PictureFrame {
    let step = 1000 * input.hopSeconds
    return PictureFrame(
      pictureWidth: max(Int((1000 * sound.seconds).rounded(.up)), 1), pictureHeight: 1,
      x: -step / 2, y: 0, width: Double(frames) * step, height: 1)
  }

  /// √ mean x² over the two hops around the middle of each frame.
  private func levels(_ sound: Sound, frames: Int) -> [Float] {
    let hop = max(Int((input.hopSeconds * Double(sound.sampleRate)).rounded()), 1)
    return (0..<frames).map { frame in
      let range = max((frame - 1) * hop, 0)..<min((frame + 1) * hop, sound.samples.count)
      guard !range.isEmpty else { return 0 }
      let sum = range.reduce(Float(0)) { $0 + sound.samples[$1] * sound.samples[$1] }
      return (sum / Float(range.count)).squareRoot()
    }
  }

  /// The events of the explained class, or all where the recording has none of it; in milliseconds
  /// of the window.
  private func marked(_ events: [SoundEvent], of label: String, startSeconds: Double) -> Truth {
    let same = events.filter { $0.label == label }
    return .boxes(
      (same.isEmpty ? events : same).map {
        Truth.Box(
          x: 1000 * ($0.onset - startSeconds), y: 0, width: 1000 * ($0.offset - $0.onset),
          height: 1)
      })
  }

  private func scored(
    _ map: HighlightMap, _ method: HighlightMethod, _ shown: InputPicture, target: Int,
    loudness: Plane, key: RandomKey, truth: Truth?, in network: ExplainedNetwork
  ) throws -> (HighlightScores, SoundHighlight.Loudness) {
    let plane = Plane(width: map.width, height: 1, values: map.values)
    let controls = MapControls(
      count: settings.shiftCount, width: map.width, height: 1, key: key.folding("shifts"))
    let shifted = controls.shifts.map { plane.shifted(rows: $0.rows, columns: $0.columns) }
    let centred = MapControls.centred(width: map.width, height: 1)
    let areas = try DeletionInsertion(shown, target: target, steps: settings.curveSteps)
      .areas(of: ([plane] + shifted + [centred, loudness]).map(\.values), in: network)
    func controlled(
      _ area: KeyPath<DeletionInsertion.Areas, Double>, isLowerBetter: Bool
    ) -> ControlledScore {
      let values = areas.map { $0[keyPath: area] }
      return ControlledScore(
        value: values[0], shifted: Array(values[1...shifted.count]),
        centred: values[values.count - 2], isLowerBetter: isLowerBetter)
    }
    let maker = method.maker(settings, key: key)
    let correlations = try (0..<settings.stabilityDraws).map { draw in
      let noisy = shown.noisy(
        deviation: settings.noise, key: key.folding("noise").folding(draw))
      let values = try maker.values(of: noisy, target: target, in: network).values
      return rankCorrelation(map.values, values.map { max($0, 0) })
    }
    let loud = HighlightMap(
      width: map.width, height: 1, values: loudness.values, frame: map.frame)
    let loudTruth = truth.flatMap { TruthScore(loud, truth: $0, shifts: controls.shifts) }
    let last = areas[areas.count - 1]
    return (
      HighlightScores(
        deletion: controlled(\.deletion, isLowerBetter: true),
        insertion: controlled(\.insertion, isLowerBetter: false),
        stability: correlations.reduce(0, +) / Double(max(correlations.count, 1)),
        truth: truth.flatMap { TruthScore(map, truth: $0, shifts: controls.shifts) }),
      SoundHighlight.Loudness(
        deletion: last.deletion, insertion: last.insertion,
        pointsInside: loudTruth?.pointsInside, shareInside: loudTruth?.shareInside)
    )
  }

  private func judged(
    _ map: HighlightMap, _ scores: HighlightScores, _ loudness: SoundHighlight.Loudness
  ) -> HighlightVerdict {
    var reasons = HighlightVerdict(isConstant: map.isConstant, scores: scores).reasons
    if !scores.deletion.isBetter(than: loudness.deletion) {
      reasons.append("deletion: the loudest moments do as well")
    }
    if !scores.insertion.isBetter(than: loudness.insertion) {
      reasons.append("insertion: the loudest moments do as well")
    }
    return HighlightVerdict(reasons: reasons)
  }

  /// A number that the samples give (FNV-1a).
  private static func contentNumber(_ sound: Sound) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for sample in sound.samples {
      hash = (hash ^ UInt64(sample.bitPattern)) &* 0x100_0000_01B3
    }
    return Int(Int64(bitPattern: hash))
  }
}

extension Duration {
  /// As a number of seconds.
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
