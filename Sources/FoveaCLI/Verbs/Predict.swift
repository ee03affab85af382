import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray

struct Predict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what a trained network sees in pictures, hears in recordings, reads in texts.",
    discussion: """
      fovea predict runs/flowers rose.jpg
      fovea predict runs/flowers photos --format csv > labels.csv
      fovea predict runs/digits seven.wav
      arecord -f S16_LE -r 8000 | fovea predict runs/digits --stream
      fovea predict runs/news --text "The match ended in a draw."
      tail -f log.txt | fovea predict runs/news -
      fovea predict runs/news more-news.csv --text-column body --format csv

      A recording that is longer than the network takes at once is heard window by window: each \
      window has its result, and the mean of all is that of the recording.
      """)

  @Argument(
    help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
  var runFolder: String

  @Argument(
    help: ArgumentHelp(
      "Pictures, recordings or text files, or folders of them; for texts tables too (.csv, .tsv, "
        + ".jsonl); - for the lines of standard input, each a text.", valueName: "path"),
    completion: .file())
  var paths: [String] = []

  @Option(help: "A text; may be given several times.")
  var text: [String] = []

  @Option(help: "Tables of texts: the column of the texts.")
  var textColumn = "text"

  @OptionGroup(title: "Streams") var options: StreamOptions
  @OptionGroup(title: "Words") var words: DecodingOptions

  @Option(help: "table, csv, or json: one object a line.")
  var format = PredictionPrinter.Format.table

  @Flag(name: .shortAndLong, help: "The same as --format json.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress, no notes.")
  var quiet = false

  func validate() throws {
    guard options.stream == (paths.isEmpty && text.isEmpty) else {
      throw ValidationError(
        options.stream
          ? "--stream reads standard input; leave paths and texts out."
          : "Give files, --text, or --stream.")
    }
  }

  func run() async throws {
    let console = Console(isQuiet: quiet || json)
    let trained = try TrainedClassifier(RunDirectory(URL(filePath: runFolder)))
    if options.stream { return try await predictStream(SoundClassifier(trained), console) }
    guard trained.medium == .text || text.isEmpty && !paths.contains("-") else {
      throw InputError(
        "was trained on \(trained.medium.nouns), not on texts", at: runFolder,
        advice: "Give files of \(trained.medium.nouns)")
    }
    if trained.medium == .text { return try await predictTexts(TextClassifier(trained), console) }
    let files = try MediaFiles.files(at: paths, of: trained.medium, console)
    var printer = PredictionPrinter(
      json ? .json : format, classes: trained.classes, medium: trained.medium, task: trained.task)
    switch (trained.task, trained.medium) {
    case (.transcribe, _): try await predict(files, SpeechRecognizer(trained), &printer, console)
    case (_, .picture): try await predict(files, ImageClassifier(trained), &printer)
    case (_, .sound): try await predict(files, SoundClassifier(trained), &printer, console)
    case (_, .text): preconditionFailure("predict: texts have a way of their own")
    }
    try printer.finish()
  }

  private func predict(
    _ files: [(name: String, url: URL)], _ classifier: ImageClassifier,
    _ printer: inout PredictionPrinter
  ) async throws {
    let decoder = PictureDecoder(channels: classifier.input.channels)
    var rest = files[...]
    while !rest.isEmpty {
      try Task.checkCancellation()
      // A chunk at a time: results come early, and any number of pictures fits into memory.
      let chunk = rest.prefix(256)
      rest = rest.dropFirst(256)
      var errors: [Int: InputError] = [:]
      var pictures: [Picture] = []
      for (position, file) in chunk.enumerated() {
        do {
          let picture = try decoder.decode(contentsOf: file.url)
          pictures.append(try classifier.input.prepared(picture))
        } catch let error as InputError {
          errors[position] = InputError(error.problem, at: file.name, advice: error.advice)
        }
      }
      var predictions = try await Self.predictions(of: pictures, by: classifier)[...]
      for (position, file) in chunk.enumerated() {
        if let error = errors[position] {
          try printer.print(error)
          continue
        }
        switch predictions.popFirst() {
        case .success(let prediction):
          try printer.print(
            PredictionPrinter.Item(
              name: file.name, label: prediction.label, probability: prediction.probability,
              probabilities: prediction.probabilities))
        case .failure(let error):
          try printer.print(InputError(error.problem, at: file.name, advice: error.advice))
        case nil: break
        }
      }
    }
  }

  /// What the network says of each picture; where it has no finite answer to one, the others still have
  /// theirs.
  private static func predictions(
    of pictures: [Picture], by classifier: ImageClassifier
  ) async throws -> [Result<ImageClassifier.Prediction, InputError>] {
    let together = try await orRefusal { try await classifier.predictions(from: pictures) }
    if case .success(let all) = together { return all.map { .success($0) } }
    var results: [Result<ImageClassifier.Prediction, InputError>] = []
    for picture in pictures {
      results.append(try await orRefusal { try await classifier.prediction(from: picture) })
    }
    return results
  }

  private static func orRefusal<Answer>(
    _ body: () async throws -> Answer
  ) async throws -> Result<Answer, InputError> {
    do { return .success(try await body()) } catch let error as InputError {
      return .failure(error)
    }
  }

  private func predict(
    _ files: [(name: String, url: URL)], _ classifier: SoundClassifier,
    _ printer: inout PredictionPrinter, _ console: Console
  ) async throws {
    try await oneByOne(files, &printer) { file in
      var notes: [String] = []
      let prediction = try await classifier.prediction(from: file.url) {
        console.note("\(file.name): \($0).")
        notes.append($0)
      }
      return PredictionPrinter.Item(
        name: file.name, label: prediction.label, probability: prediction.probability,
        probabilities: prediction.probabilities,
        windows: prediction.windows.count > 1
          ? prediction.windows.map { PredictionPrinter.Window($0) } : nil, notes: notes)
    }
  }

  private func predict(
    _ files: [(name: String, url: URL)], _ recognizer: SpeechRecognizer,
    _ printer: inout PredictionPrinter, _ console: Console
  ) async throws {
    var recognizer = recognizer
    recognizer.beam = words.beam
    try await oneByOne(files, &printer) { [recognizer] file in
      var notes: [String] = []
      let prediction = try await recognizer.prediction(from: file.url) {
        console.note("\(file.name): \($0).")
        notes.append($0)
      }
      return PredictionPrinter.Item(
        name: file.name, label: prediction.transcript, probabilities: [],
        words: prediction.words, notes: notes)
    }
  }

  private func oneByOne(
    _ files: [(name: String, url: URL)], _ printer: inout PredictionPrinter,
    _ item: ((name: String, url: URL)) async throws -> PredictionPrinter.Item
  ) async throws {
    for file in files {
      try Task.checkCancellation()
      do {
        try printer.print(try await item(file))
      } catch let error as InputError {
        try printer.print(InputError(error.problem, at: file.name, advice: error.advice))
      }
    }
  }
}
