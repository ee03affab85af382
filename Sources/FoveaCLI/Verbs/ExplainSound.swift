import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaDrawing
import FoveaExplain
import FoveaInference
import FoveaRuns

extension Explain {
  /// Which seconds of recordings matter; a recording that is longer than the network takes at once is
  /// explained window by window.
  func explainSounds(_ directory: RunDirectory, _ console: Console) async throws {
    let classifier = try SoundClassifier(contentsOf: directory.url)
    let files = try MediaFiles.files(at: paths, of: .sound, console)
    let folder = try checkedFolder(reading: files.map(\.url))
    defer { folder.close() }
    let methods = try methods(
      among: try await classifier.availableMethods, usual: classifier.defaultMethod,
      attention: classifier.configuration.classifier.network.attention)
    if let label { try Explainer.index(of: label, among: classifier.classes) }
    let truths = try truth.map { try EventTable(contentsOf: URL(filePath: $0)).events(for: files) }
    var settings = HighlightSettings()
    settings.seed = seed
    var results = SoundExplanationResults(run: runFolder, output: output, methods: methods)
    results.notes = [NetworkStanding(classifier.configuration).note].compactMap { $0 }
    for note in results.notes { console.note(note) }
    var writer = SoundHighlightWriter(folder: folder, input: classifier.input)
    recordings: for (index, file) in files.enumerated() {
      try Task.checkCancellation()
      writer.begin(file.name)
      var windows: SoundWindows?
      while true {
        console.bar("Explaining \(index + 1) of \(files.count): \(file.name)")
        let window: SoundWindows.Window
        let highlights: [SoundHighlight]
        do {
          var opened = try windows ?? SoundWindows(contentsOf: file.url, input: classifier.input)
          let next = try opened.next()
          windows = opened
          guard let next else { break }
          window = next
          highlights = try await classifier.explanations(
            of: window, methods: methods, class: label, truth: truths?[index],
            settings: settings)
        } catch let error as InputError {
          results.broken.append(InputError(error.problem, at: file.name, advice: error.advice))
          continue recordings
        }
        // A full disk is no fault of the recording: it ends the work.
        try writer.add(highlights, of: window, truth: truths?[index])
        results.add(highlights)
        console.endBar()
        if !outputOptions.json {
          for highlight in highlights {
            StandardOutput.lines(SoundHighlightText.lines(file.name, highlight))
          }
        }
      }
      for note in windows?.notes ?? [] {
        results.notes.append("\(file.name): \(note).")
        console.note("\(file.name): \(note).")
      }
      results.end(file.name, file: try writer.end())
    }
    console.endBar()
    for note in folder.notes { console.note(note) }
    try outputOptions.printResult(results.object, SoundHighlightText.summary(results))
    for error in results.broken.prefix(20) { Console.error(error) }
    if !results.broken.isEmpty { throw ExitCode.failure }
  }

  /// The methods that were asked for, of those that a network can serve.
  ///
  /// - Throws: `InputError` for one that it cannot, or that there is not.
  func methods(
    among available: [HighlightMethod], usual: HighlightMethod, attention: String
  ) throws -> [HighlightMethod] {
    guard let method else { return [usual] }
    if method == "all" { return available }
    guard let known = HighlightMethod(rawValue: method) else {
      throw InputError(
        "there is no method called \(method)",
        advice: "Choose all, or one of "
          + HighlightMethod.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard available.contains(known) else {
      throw InputError(
        "the run has attention \(attention), so \(method) cannot be shown", at: runFolder,
        advice: "Choose one of " + available.map(\.rawValue).joined(separator: ", "))
    }
    return [known]
  }
}

/// Writes what belongs to a recording's highlights into a folder: `NAME.json`, a picture for each
/// window, and `NAME.wav` with only the moments worth hearing.
struct SoundHighlightWriter {
  private struct Document: Encodable {
    let schemaVersion = 1
    let recording: String
    let sampleRate: Int
    /// The stretches that the shortened recording holds one after the other.
    let shortened: [[Double]]
    let highlights: [SoundHighlight]
  }

  let folder: OwnedFolder
  let input: SoundInput
  private var names: FileStems
  private var recording = ""
  private var stem = ""
  private var highlights: [SoundHighlight] = []
  private var stretches: [[Double]] = []
  private var moments: [Float] = []

  /// Seconds that are kept on both sides of a moment.
  private static let margin = 0.1

  init(folder: OwnedFolder, input: SoundInput) {
    self.folder = folder
    self.input = input
    names = FileStems(isTaken: folder.isTaken)
  }

  mutating func begin(_ name: String) {
    recording = name
    stem = names.next(for: name)
    (highlights, stretches, moments) = ([], [], [])
  }

  mutating func add(
    _ found: [SoundHighlight], of window: SoundWindows.Window, truth: [SoundEvent]?
  ) throws {
    let picture = try found.drawn(
      on: window.sound, features: input.features(of: window.sound), count: input.featureCount,
      truth: truth)
    let place =
      window.startSeconds > 0
      ? "-\(NumberText.fixed(window.startSeconds, decimals: 0))s" : ""
    try folder.write(PictureEncoder().encode(picture), to: "\(stem)\(place).png")
    highlights += found
    // With --method all, those of the first faithful one.
    guard let first = found.first(where: { $0.verdict.isFaithful }) ?? found.first else {
      return
    }
    let kept = first.stretches(margin: Self.margin)
    stretches += kept.map { [$0.lowerBound, $0.upperBound] }
    let short = window.sound.shortened(
      to: kept.map { ($0.lowerBound - first.start)...($0.upperBound - first.start) })
    if !moments.isEmpty, !short.samples.isEmpty {
      moments += [Float](repeating: 0, count: input.sampleRate / 4)
    }
    moments += short.samples
  }

  /// - Returns: the name of the JSON file.
  mutating func end() throws -> String {
    let document = Document(
      recording: recording, sampleRate: input.sampleRate, shortened: stretches,
      highlights: highlights)
    try folder.write(JSONText.encoded(document), to: "\(stem).json")
    if !moments.isEmpty {
      try folder.write(
        WAVFile.encoded(Sound(sampleRate: input.sampleRate, made: moments)), to: "\(stem).wav")
    }
    return "\(stem).json"
  }
}
