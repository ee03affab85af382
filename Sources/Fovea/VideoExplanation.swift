import FoundationEssentials
package import FoveaArray
package import FoveaData
import FoveaDrawing
package import FoveaExplain
package import FoveaInference
import FoveaMetrics
import FoveaRuns

/// Explains a video: where the network looks from frame to frame, smoothed over time, as a video
/// and as a table of seconds.
///
/// Each frame gets a map; the map of the first frame of each second is also scored and held
/// against its controls, and the verdict holds for that second. Frames come and go one by one, so
/// that memory does not grow with the video's length.
package struct VideoExplanation: Sendable {
  /// How it is done.
  package struct Options: Sendable {
    package var method: HighlightMethod
    /// The class to explain; the predicted one of each frame where not given.
    package var label: String?
    /// The time constant of the smoothing.
    package var smoothingSeconds = 0.5
    package var format = VideoWriter.Format.mp4
    package var settings = HighlightSettings()

    package init(method: HighlightMethod) { self.method = method }

    /// The longest side of the drawn frames: a GIF of large ones takes many megabytes a second.
    var largestSide: Int { format == .gif ? 480 : 1920 }
  }

  /// What was watched in one second.
  package struct Second: Sendable, Encodable {
    /// From this second of the video to the next.
    package let second: Int
    package let frames: Int
    /// The class with the highest mean probability over the second's frames.
    package let prediction: Highlight.Answer
    /// The class whose evidence the map of the second's first frame shows.
    package let explained: Highlight.Answer
    /// Where the mean of the second's smoothed maps stands out, strongest first.
    package let regions: [HighlightRegion]
    /// The scores of the second's first frame.
    package let scores: HighlightScores
    package let verdict: HighlightVerdict
  }

  /// All that is said of a video.
  package struct Result: Sendable, Encodable {
    package let video: String
    package let width: Int
    package let height: Int
    package let frameRate: Double
    package let frames: Int
    package let method: HighlightMethod
    /// The time constant of the exponential filter over maps.
    package let smoothingSeconds: Double
    /// The file with the frames and their highlights.
    package let overlay: String
    /// Its encoder.
    package let codec: String
    package let seconds: [Second]

    /// Seconds whose highlight is faithful.
    package var faithfulCount: Int { seconds.count { $0.verdict.isFaithful } }
  }

  let classifier: ImageClassifier
  let options: Options

  package init(_ classifier: ImageClassifier, options: Options) {
    self.classifier = classifier
    self.options = options
  }

  /// Explains the frames of `source` and writes `NAME.mp4` or `NAME.gif`, and `NAME.json`, into
  /// `folder`, which is opened with the first frame.
  ///
  /// - Parameter progress: called after each frame with how many are done.
  /// - Throws: `InputError` where the video is damaged or holds no frames, the class does not
  ///   exist, the network cannot serve the method, or a file cannot be written. Then neither file
  ///   is left.
  package func write(
    _ source: any FrameSource, to folder: OwnedFolder, name: String,
    progress: (Int) -> Void = { _ in }
  ) async throws -> Result {
    let facts = source.facts
    let plate = VideoPlate(
      width: facts.width, height: facts.height, largest: options.largestSide)
    let file = "\(name).\(options.format.rawValue)"
    var opened: VideoWriter?
    var smoothing = MapSmoothing(seconds: options.smoothingSeconds)
    var seconds: [Second] = []
    var current: SecondSum?
    var count = 0
    while let frame = try source.next() {
      try Task.checkCancellation()
      let seen = try await classifier.explainedFrame(
        frame.picture, method: options.method, class: options.label, settings: options.settings)
      smoothing.add(seen.map.values, at: frame.seconds)
      let map = HighlightMap(
        width: seen.map.width, height: seen.map.height, values: smoothing.values,
        frame: seen.map.frame)
      let second = Int(frame.seconds)
      if current?.second != second {
        if let current { seconds.append(current.finished(classifier.classes)) }
        let scored = try await classifier.explanations(
          of: frame.picture, methods: [options.method], class: options.label,
          settings: options.settings)[0]
        current = SecondSum(second: second, scored: scored)
      }
      current?.add(map, smoothing.values, seen.probabilities)
      guard let verdict = current?.scored.verdict else { continue }
      // A video of which nothing can be shown leaves no folder behind.
      let writer = try opened ?? self.writer(to: folder, file, plate, frameRate: facts.frameRate)
      opened = writer
      try writer.append(
        plate.drawn(figure(frame.picture, map, seen.probabilities, verdict), at: frame.seconds),
        at: frame.seconds)
      count += 1
      progress(count)
    }
    guard let current, let writer = opened else {
      throw InputError("holds no frames", at: facts.name)
    }
    seconds.append(current.finished(classifier.classes))
    let result = Result(
      video: facts.name, width: facts.width, height: facts.height, frameRate: facts.frameRate,
      frames: count, method: options.method, smoothingSeconds: options.smoothingSeconds,
      overlay: file, codec: writer.codecName, seconds: seconds)
    try writer.finish()
    try folder.write(
      JSONText.encoded(JSONText.Versioned(value: result)), to: "\(name).json")
    return result
  }

  private func writer(
    to folder: OwnedFolder, _ file: String, _ plate: VideoPlate, frameRate: Double
  ) throws -> VideoWriter {
    try VideoWriter(
      to: folder.place(for: file), format: options.format, width: plate.width,
      height: plate.height, frameRate: frameRate)
  }

  private func figure(
    _ picture: Picture, _ map: HighlightMap, _ probabilities: [Float], _ verdict: HighlightVerdict
  ) -> HighlightFigure {
    let best = probabilities.indexOfLargest
    let answer = Highlight.Answer(
      label: classifier.classes[best], probability: Double(probabilities[best]))
    return HighlightFigure(
      picture: picture, map: HeatMap(map),
      regions: RegionFinder.regions(of: map).map(HighlightFigure.Region.init),
      prediction: answer.text, method: options.method.rawValue,
      verdict: HighlightFigure.Verdict(verdict))
  }
}

/// The frames of one second, summed up as they come.
private struct SecondSum {
  let second: Int
  let scored: Highlight
  private var frames = 0
  private var probabilities: [Double] = []
  private var mapSums: [Float] = []
  private var last: HighlightMap?

  init(second: Int, scored: Highlight) {
    self.second = second
    self.scored = scored
  }

  mutating func add(_ map: HighlightMap, _ values: [Float], _ probabilities: [Float]) {
    if frames == 0 {
      self.probabilities = probabilities.map(Double.init)
      mapSums = values
    } else {
      for index in probabilities.indices {
        self.probabilities[index] += Double(probabilities[index])
      }
      for index in values.indices { mapSums[index] += values[index] }
    }
    last = map
    frames += 1
  }

  func finished(_ classes: [String]) -> VideoExplanation.Second {
    let best = probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    let regions = last.map { map in
      RegionFinder.regions(
        of: HighlightMap(
          width: map.width, height: map.height, values: mapSums, frame: map.frame))
    }
    return VideoExplanation.Second(
      second: second, frames: frames,
      prediction: Highlight.Answer(
        label: classes[best], probability: probabilities[best] / Double(frames)),
      explained: scored.explained, regions: regions ?? [], scores: scored.scores,
      verdict: scored.verdict)
  }
}
