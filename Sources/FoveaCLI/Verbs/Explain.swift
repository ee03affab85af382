import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaDrawing
import FoveaExplain
import FoveaInference
import FoveaRuns

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Shows where a trained network looks, listens or reads, and whether it did use these places.",
    discussion: """
      fovea explain runs/flowers rose.jpg --output highlights
      fovea explain runs/scans scans --method all --truth boxes.csv --output highlights
      fovea explain runs/traffic road.mp4 --output watched
      fovea explain runs/yard yard.wav --truth events.csv --output heard
      fovea explain runs/posts posts.jsonl --truth posts.jsonl --method all --output marked

      Every highlight is held against itself in 19 wrong places, a spot in the middle, and what stands out
      without any network: local contrast, loudness, rare words. Faithful is one that beats them all: the
      network did use these places. That is no approval of its answer.
      """)

  @Argument(
    help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var runFolder: String

  @Argument(
    help: ArgumentHelp(
      "Pictures, recordings or text files, folders of them, videos, or tables of texts.",
      valueName: "path"),
    completion: .file())
  var paths: [String]

  @Option(
    name: .shortAndLong, help: "The folder for the highlights.", completion: .directory)
  var output: String

  @Option(
    help: ArgumentHelp(
      "all, or one of \(HighlightMethod.allCases.map(\.rawValue).joined(separator: ", ")); "
        + "without it the one that did best on the run's validation part."))
  var method: String?

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("Explain this class, not the predicted one.", valueName: "name"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "What matters: a mask picture, a folder of masks by name, a CSV file of boxes with "
        + "image,x,y,width,height; for recordings one of times with clip,onset,offset,label; for texts "
        + "JSON lines with a text and its spans, [[start, end], …] in characters.",
      valueName: "path"), completion: .file())
  var truth: String?

  @Option(help: "Tables of texts: the column of the texts.")
  var textColumn = "text"

  @Option(help: "Texts: the name of the spans in the truth.")
  var spansColumn = "spans"

  @Option(help: "How maps are written: base64 inside the JSON, or csv beside it.")
  var mapFormat = HighlightDocument.MapFormat.base64

  @Option(parsing: .unconditional, help: "Shifts, masks and noise follow from it.")
  var seed: UInt64 = 1

  @Flag(help: "Replace highlights of the same names that are in the output folder.")
  var overwrite = false

  @OptionGroup(title: "Video") var video: VideoOptions

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() async throws {
    let console = outputOptions.console
    let directory = RunDirectory(URL(filePath: runFolder))
    switch try directory.configuration().classifier.input.medium {
    case .sound: return try await explainSounds(directory, console)
    case .text: return try await explainTexts(directory, console)
    case .picture: break
    }
    var classifier = try ImageClassifier(contentsOf: directory.url)
    classifier.highlightStudy = try directory.highlightStudy()
    if try video.concerns(paths) { return try await explainVideos(classifier, console) }
    let files = try MediaFiles.files(at: paths, of: .picture, console)
    let folder = try checkedFolder(reading: files.map(\.url))
    defer { folder.close() }
    var notes: [String] = []
    if let label { try Explainer.index(of: label, among: classifier.classes) }
    let methods = try await chosenMethods(&classifier, files, &notes)
    let truths = try truth.map {
      try TruthSet(
        contentsOf: URL(filePath: $0), for: files.map { .init(name: $0.name, url: $0.url) })
    }
    notes += truths?.notes ?? []
    notes += [NetworkStanding(classifier.configuration).note].compactMap { $0 }
    let decoder = PictureDecoder(channels: classifier.input.channels)
    if let truths {
      // A wrong box is said before the first of many pictures is explained, not after.
      for (index, file) in files.enumerated() {
        guard let picture = try? decoder.decode(contentsOf: file.url) else { continue }
        _ = try truths.truth(of: index, width: picture.width, height: picture.height)
      }
    }
    for note in notes { console.note(note) }

    var settings = HighlightSettings()
    settings.seed = seed
    var writer = HighlightWriter(folder: folder, mapFormat: mapFormat)
    var results = ExplanationResults(run: runFolder, output: output, methods: methods)
    results.notes = notes
    for (index, file) in files.enumerated() {
      try Task.checkCancellation()
      console.bar("Explaining \(index + 1) of \(files.count): \(file.name)")
      let picture: Picture
      do {
        picture = try decoder.decode(contentsOf: file.url)
      } catch let error as InputError {
        results.broken.append(
          InputError(error.problem, at: file.name, advice: error.advice))
        continue
      }
      let found = try truths?.truth(of: index, width: picture.width, height: picture.height)
      for note in found?.notes ?? [] {
        console.note(note)
        results.notes.append(note)
      }
      let highlights = try await classifier.explanations(
        of: picture, methods: methods, class: label, truth: found?.truth, settings: settings)
      // People know their pictures in colour, whatever the network sees.
      let shown =
        decoder.channels == .grey
        ? (try? PictureDecoder().decode(contentsOf: file.url)) ?? picture : picture
      let written = try writer.write(
        highlights, of: shown, named: file.name, truth: found?.truth)
      results.add(highlights, of: file.name, file: written, truth: found?.state)
      console.endBar()
      if !outputOptions.json {
        StandardOutput.lines(highlights.flatMap { HighlightText.lines(file.name, $0) })
      }
    }
    console.endBar()
    try outputOptions.printResult(results.object, HighlightText.summary(results))
    for note in folder.notes { console.note(note) }
    for error in results.broken.prefix(20) { Console.error(error) }
    if results.broken.count > 20 {
      Console.error(
        "fovea: \(NumberText.count(results.broken.count - 20, "more picture")) could not be read")
    }
    if !results.broken.isEmpty { throw ExitCode.failure }
  }

  /// The methods that were asked for, or the run's default.
  private func chosenMethods(
    _ classifier: inout ImageClassifier, _ files: [(name: String, url: URL)],
    _ notes: inout [String]
  ) async throws -> [HighlightMethod] {
    let available = try await classifier.availableMethods
    var chosen = available
    if let method, method != "all" {
      chosen = [try await known(method, of: classifier)]
    }
    let missing = HighlightMethod.allCases.filter { !available.contains($0) }
    if method == "all", !missing.isEmpty {
      notes.append(
        "Left out, as the run's attention "
          + (available.contains(.attention) ? "has a gate and no weights: " : "shows no place: ")
          + missing.map(\.rawValue).joined(separator: ", ") + ".")
    }
    if classifier.highlightStudy == nil {
      notes.append(
        "The run does not say which method does best on it; found on the pictures given.")
      let input = classifier.input
      let decoder = PictureDecoder(channels: input.channels)
      let pictures = files.prefix(Explainer.mostStudyPictures).compactMap { file in
        (try? decoder.decode(contentsOf: file.url)).flatMap { try? input.prepared($0) }
      }
      if pictures.isEmpty {
        // Let the first picture say what is wrong with it.
        _ = try decoder.decode(contentsOf: files[0].url)
      }
      classifier.highlightStudy = try await classifier.studyHighlights(
        on: pictures, part: "given")
    }
    if let study = classifier.highlightStudy { notes.append(study.summary) }
    return method == nil ? [classifier.defaultMethod] : chosen
  }

  /// The method of this name.
  ///
  /// - Throws: `InputError` where there is none or the run's network cannot serve it.
  func known(_ method: String, of classifier: ImageClassifier) async throws -> HighlightMethod {
    guard let known = HighlightMethod(rawValue: method) else {
      throw InputError(
        "there is no method called \(method)",
        advice: "Choose all, or one of "
          + HighlightMethod.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let available = try await classifier.availableMethods
    guard available.contains(known) else {
      let attention = classifier.configuration.classifier.network.attention
      throw InputError(
        "the run has attention \(attention), which "
          + (available.contains(.attention)
            ? "marks places by a gate and has no weights" : "shows no place to look at")
          + ", so \(method) cannot be shown",
        at: runFolder,
        advice: "Choose one of " + available.map(\.rawValue).joined(separator: ", "))
    }
    return known
  }

  /// Where everything goes, seen to be free; it is opened when the first file is written, so that bad
  /// input leaves nothing behind. With `--overwrite` highlights of the same names are replaced.
  ///
  /// - Parameter files: what is explained.
  func checkedFolder(reading files: [URL]) throws -> OwnedFolder {
    let inputs = files + ([runFolder, truth].compactMap { $0 } + paths).map { URL(filePath: $0) }
    if !overwrite {
      _ = try OwnedFolder(
        URL(filePath: output), .highlights, .new(replacing: false), verb: "explain")
    }
    return try OwnedFolder(
      URL(filePath: output), .highlights, .goingOn, verb: "explain",
      inputs: { InputFiles(inputs) })
  }
}

extension HighlightDocument.MapFormat: ExpressibleByArgument {}

/// Writes what belongs to a picture's highlights into a folder.
struct HighlightWriter {
  let folder: OwnedFolder
  let mapFormat: HighlightDocument.MapFormat
  private var names: FileStems

  init(folder: OwnedFolder, mapFormat: HighlightDocument.MapFormat) {
    self.folder = folder
    self.mapFormat = mapFormat
    names = FileStems(isTaken: folder.isTaken)
  }

  /// Writes the files of a picture.
  ///
  /// - Returns: the name of the JSON file.
  /// - Throws: `InputError` when a file cannot be written.
  mutating func write(
    _ highlights: [Highlight], of picture: Picture, named name: String, truth: Truth?
  ) throws -> String {
    let stem = names.next(for: name)
    try folder.write(
      PictureEncoder().encode(highlights.drawn(on: picture, truth: truth)), to: "\(stem).png")
    return try HighlightDocument(picture: name, highlights: highlights)
      .write(to: folder, name: stem, mapFormat: mapFormat)[0]
  }
}
