import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaDrawing
import Testing

struct VideoExplanationTests {
  private func inFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "fovea-watch-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  /// A classifier that has hardly learnt anything, and frames of its scenes.
  private func make(in folder: URL, frames: Int) async throws -> (ImageClassifier, URL) {
    let data = try SceneSet(
      SceneOptions(kind: .feature, count: 32, contrast: 0.6, seed: 5), testCount: frames
    ).data()
    var request = TrainingRun.Request(
      data: data, dataPath: "scenes", output: RunDirectory(folder.appending(path: "run")))
    request.settings.epochs = 1
    request.studiesHighlights = false
    let classifier = try await TrainingRun(request).execute().classifier
    let source = folder.appending(path: "frames")
    try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
    for (index, example) in (data.test?.examples ?? []).enumerated() {
      if case .picture(let picture) = example.content {
        try PictureEncoder().write(picture, to: source.appending(path: "\(index).png"))
      }
    }
    return (classifier, source)
  }

  private func output(in folder: URL) throws -> OwnedFolder {
    try OwnedFolder(folder.appending(path: "out"), .highlights, .goingOn, verb: "explain")
  }

  @Test func aFolderBecomesAVideoAndATableOfSeconds() async throws {
    try await inFolder { folder in
      let (classifier, frames) = try await make(in: folder, frames: 7)
      let source = try FrameFolder(frames, frameRate: 5)
      #expect(source.count == 7)
      var options = VideoExplanation.Options(method: .gradCAM)
      options.settings.curveSteps = 4
      let result = try await VideoExplanation(classifier, options: options).write(
        source, to: output(in: folder), name: "watched")
      #expect(result.frames == 7)
      #expect(result.seconds.map(\.second) == [0, 1])
      #expect(result.seconds.map(\.frames) == [5, 2])
      let video = try VideoReader(contentsOf: folder.appending(path: "out/\(result.overlay)"))
      let plate = VideoPlate(width: source.facts.width, height: source.facts.height)
      #expect(video.facts.width == plate.width && video.facts.height == plate.height)
      var times: [Double] = []
      while let frame = try video.next() { times.append(frame.seconds) }
      #expect(times.count == 7)
      #expect(abs((times.last ?? 0) - 1.2) < 0.002)
      let text = String(
        decoding: try Data(contentsOf: folder.appending(path: "out/watched.json")), as: UTF8.self)
      for key in [
        "schemaVersion", "smoothingSeconds", "seconds", "regions", "verdict", "overlay", "codec",
      ] { #expect(text.contains("\"\(key)\"")) }
      // The verdict of a second is that of its first frame.
      let first = try PictureDecoder(channels: classifier.input.channels)
        .decode(contentsOf: frames.appending(path: "5.png"))
      let highlight = try await classifier.explanations(
        of: first, methods: [.gradCAM], settings: options.settings)[0]
      #expect(result.seconds[1].scores.deletion == highlight.scores.deletion)
      #expect(result.seconds[1].verdict == highlight.verdict)
    }
  }

  @Test func aDamagedFrameLeavesNoVideo() async throws {
    try await inFolder { folder in
      let (classifier, frames) = try await make(in: folder, frames: 3)
      try Data("no picture".utf8).write(to: frames.appending(path: "2.png"))
      let source = try FrameFolder(frames, frameRate: 5)
      var options = VideoExplanation.Options(method: .gradCAM)
      options.settings.curveSteps = 4
      options.format = .gif
      await #expect(throws: InputError.self) {
        try await VideoExplanation(classifier, options: options).write(
          source, to: output(in: folder), name: "x")
      }
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "out").path)
      #expect(Set(names) == [".fovea", ".fovea.files"])
    }
  }

  @Test func theReportsGalleryCountsWhatItShows() async throws {
    try await inFolder { folder in
      let data = try SceneSet(
        SceneOptions(kind: .feature, count: 48, contrast: 0.9, seed: 5), testCount: 6
      ).data()
      var request = TrainingRun.Request(
        data: data, dataPath: "scenes", output: RunDirectory(folder.appending(path: "run")))
      request.settings.epochs = 2
      let result = try await TrainingRun(request).execute()
      let page = String(
        decoding: try Data(contentsOf: request.output.reportURL), as: UTF8.self
      ).replacing("\u{A0}", with: " ")
      #expect(page.contains("Where it looks"))
      let method = try result.classifier.defaultMethod.rawValue
      #expect(page.contains("Highlights by \(method) of 6 pictures"))
      let counts = [
        "The answer is right, the highlight faithful",
        "The answer is wrong, the highlight faithful",
        "The highlight is not faithful", "The answer is right, the highlight not judged",
        "The answer is wrong, the highlight not judged",
      ].map { title in
        (1...6).first { page.contains("\(title) (\($0))") } ?? 0
      }
      #expect(counts.reduce(0, +) == 6)
      // Two epochs on 48 scenes: the validation part is too small to tell that anything was learned.
      #expect(counts[3] + counts[4] == 6)
      #expect(page.contains(HighlightVerdict.meaning))
      #expect(page.split(separator: "Highlights are not judged: ").count == 2)
    }
  }
}
