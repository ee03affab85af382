import FoveaArray
package import FoveaData
package import FoveaNN

/// Makes highlights of recordings: prediction, map over time, spans, scores, verdict.
///
/// The frames of a recording are the places of a picture of one row; methods, scores and controls are
/// those of pictures, in milliseconds instead of pixels. One control is added: a map of loudness,
/// which any level meter draws. Everything follows from the network, the settings and the recording.
/// Belongs to the thread that made it, like a session.
package final class SoundExplainer: MediumExplainer {
  package let classes: [String]
  package let input: SoundInput
  package var settings: HighlightSettings
  private let model: SoundModel
  private var networks: FrameNetworks

  package init(
    _ model: SoundModel, weights: Weights, classes: [String], input: SoundInput,
    settings: HighlightSettings = HighlightSettings(), threads: Int? = nil
  ) {
    self.model = model
    self.classes = classes
    self.input = input
    self.settings = settings
    networks = FrameNetworks(model, weights: weights, threads: threads, most: 4)
  }

  /// Highlights of a window of a recording, one for each method. What is known to matter is in seconds
  /// from the beginning of the recording.
  ///
  /// - Throws: `InputError` for settings that cannot be, a class that does not exist or a method that
  ///   the network cannot serve; `CancellationError`.
  package func highlights(
    of window: SoundWindows.Window, _ request: HighlightRequest<[SoundEvent]>
  ) throws -> [SoundHighlight] {
    try settings.check()
    let classIndex = try request.label.map { try Explainer.index(of: $0, among: classes) }
    let shown = prepared(window.sound)
    let sound = window.sound
    var example = try ExplainedExample(
      shown, in: networks.network(frames: shown.width), classes: classes, target: classIndex,
      settings: settings,
      key: RandomKey(seed: settings.seed)
        .folding(contentOf: sound.samples.lazy.map(\.bitPattern)),
      frame: extent(of: sound, frames: shown.width))
    example.mark(
      request.truth.map {
        marked($0, of: example.explained.label, startSeconds: window.startSeconds)
      })
    let levels = levels(sound, frames: shown.width)
    let loudTruth = example.truthScore(of: example.map(levels))
    return try request.methods.map { method in
      let found = try example.scored(against: [levels]) { try example.values(method, of: $0) }
      return SoundHighlight(
        start: window.startSeconds, end: window.endSeconds, prediction: example.prediction,
        explained: example.explained, method: method,
        map: SoundHighlight.Map(
          start: window.startSeconds, step: input.hopSeconds, values: found.map.values),
        spans: RegionFinder.regions(of: found.map).map { region in
          SoundHighlight.Span(
            start: window.startSeconds + Double(region.x) / 1000,
            end: window.startSeconds + Double(region.x + region.width) / 1000,
            strength: region.strength, peak: window.startSeconds + Double(region.peakX) / 1000)
        }, scores: found.scores,
        loudness: HighlightControl(found.controls[0], loudTruth),
        verdict: HighlightVerdict(
          isConstant: found.map.isConstant, scores: found.scores,
          controls: [("the loudest moments", found.controls[0])], doubt: request.doubt),
        cost: found.cost)
    }
  }

  /// The methods that the network can serve.
  package func availableMethods() throws -> [HighlightMethod] {
    let blank = InputPicture(
      frames: [Float](repeating: 0, count: 16 * input.featureCount), features: input.featureCount,
      workedOn: model.workedFrames(16))
    return try networks.network(frames: 16).availableMethods(on: blank, settings)
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

  /// The events that the explained class should point to, in milliseconds of the window.
  private func marked(_ events: [SoundEvent], of label: String, startSeconds: Double) -> Truth {
    .boxes(
      events.marking(label).map {
        Truth.Box(
          x: 1000 * ($0.onset - startSeconds), y: 0, width: 1000 * ($0.offset - $0.onset),
          height: 1)
      })
  }
}

extension [SoundEvent] {
  /// Those of a class, or all where there are none of it.
  package func marking(_ label: String) -> [SoundEvent] {
    let same = filter { $0.label == label }
    return same.isEmpty ? self : same
  }
}
