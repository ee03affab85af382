import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaExplain

/// How `explain` treats videos.
struct VideoOptions: ParsableArguments {
  @Flag(help: "Take a folder of pictures, in the order of their names, or a GIF for a video.")
  var asVideo = false

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Frames a second of a folder.", valueName: "rate"))
  var fps = 10.0

  @Option(help: "mp4 or gif: how the video of highlights is written.")
  var videoFormat = VideoWriter.Format.mp4

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The time constant, in seconds, over which a video's maps are smoothed.",
      valueName: "seconds"))
  var smoothing = 0.5

  /// Whether these paths are videos.
  ///
  /// - Throws: `InputError` where some are and some are not.
  func concerns(_ paths: [String]) throws -> Bool {
    if asVideo { return true }
    let videos = paths.filter { VideoReader.recognises($0) }
    guard videos.isEmpty || videos.count == paths.count else {
      throw InputError(
        "is a video, and others are pictures", at: videos[0],
        advice: "Explain videos and pictures one after the other")
    }
    return !videos.isEmpty
  }

  /// Opens a video file, or a folder of frames.
  func source(_ path: String) throws -> any FrameSource {
    let url = URL(filePath: path)
    var isFolder = false
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder {
      return try FrameFolder(url, frameRate: fps)
    }
    return try VideoReader(contentsOf: url)
  }
}

extension VideoWriter.Format: ExpressibleByArgument {}

extension Explain {
  /// What `--json` prints for videos.
  private struct VideoObject: Encodable {
    let run: String
    let output: String
    let notes: [String]
    let videos: [VideoExplanation.Result]
  }

  /// Explains the paths as videos.
  func explainVideos(_ classifier: ImageClassifier, _ console: Console) async throws {
    guard truth == nil else {
      throw InputError("--truth is for pictures, not for videos", advice: "Leave it out")
    }
    let folder = try checkedFolder(reading: [])
    defer { folder.close() }
    var options = VideoExplanation.Options(method: try await videoMethod(classifier))
    if let label { try Explainer.index(of: label, among: classifier.classes) }
    options.label = label
    options.smoothingSeconds = video.smoothing
    options.format = video.videoFormat
    options.settings.seed = seed
    var notes: [String] = []
    if method == nil, classifier.highlightStudy == nil {
      notes.append(
        "The run does not say which method does best on it: \(options.method.rawValue) is used.")
    }
    // Everything is opened before anything is written.
    let sources = try paths.map { (path: $0, source: try video.source($0)) }
    for source in sources where source.source is FrameFolder {
      notes.append(
        "\(source.path): \(NumberText.fixed(source.source.facts.frameRate, decimals: 2)) frames a "
          + "second are assumed; say another rate with --fps.")
    }
    notes += [NetworkStanding(classifier.configuration).note].compactMap { $0 }
    for note in notes { console.note(note) }
    var names = FileStems(isTaken: folder.isTaken)
    var results: [VideoExplanation.Result] = []
    for (path, source) in sources {
      let total = source.facts.duration.map { Int(($0 * source.facts.frameRate).rounded()) }
      let result = try await VideoExplanation(classifier, options: options).write(
        source, to: folder, name: names.next(for: path)
      ) { done in
        console.bar("\(path): frame \(done)" + (total.map { " of about \($0)" } ?? ""))
      }
      console.endBar()
      results.append(result)
      if !outputOptions.json {
        StandardOutput.lines(result.seconds.map { VideoText.line(path, $0) })
      }
    }
    for note in folder.notes { console.note(note) }
    try outputOptions.printResult(
      VideoObject(run: runFolder, output: output, notes: notes, videos: results),
      VideoText.summary(results, output: output))
  }

  /// The method for videos: one, since each frame is drawn once.
  private func videoMethod(_ classifier: ImageClassifier) async throws -> HighlightMethod {
    guard let method else { return classifier.defaultMethod }
    guard method != "all" else {
      throw InputError(
        "--method all is for pictures: a video shows one method",
        advice: "Name one, or leave --method out")
    }
    return try await known(method, of: classifier)
  }
}

/// Watched seconds as lines for people.
enum VideoText {
  static func line(_ path: String, _ second: VideoExplanation.Second) -> String {
    let region =
      second.regions.first.map {
        "\($0.place) (\(NumberText.percent($0.strength, decimals: 0)))"
      } ?? "nowhere"
    return [
      path, "second \(second.second)",
      "\(second.prediction.label) "
        + NumberText.percent(second.prediction.probability), region,
      "highlight \(second.verdict)",
    ].joined(separator: "  ")
  }

  static func summary(_ results: [VideoExplanation.Result], output: String) -> [String] {
    [""]
      + results.map { result in
        "\(result.video): "
          + "\(NumberText.count(result.frames, "frame")), \(result.method.rawValue), "
          + "\(judged(result)): \(output)/\(result.overlay)"
      } + [HighlightVerdict.meaning]
  }

  private static func judged(_ result: VideoExplanation.Result) -> String {
    let seconds = NumberText.count(result.seconds.count, "second")
    return result.seconds.allSatisfy { $0.verdict.faithful == nil }
      ? "\(seconds), not judged"
      : "faithful in \(NumberText.count(result.faithfulCount)) of \(seconds)"
  }
}
