public import FoundationEssentials
public import FoveaData
public import FoveaMetrics
public import FoveaNN
public import FoveaRuns

/// A trained recogniser of words: loads, hears, is measured.
///
/// A value that can be sent between tasks; any number of predictions may be asked for at once.
/// Training is added by the module `Fovea`.
///
/// ```swift
/// let recognizer = try SpeechRecognizer(contentsOf: URL(filePath: "runs/digits"))
/// let heard = try await recognizer.prediction(from: URL(filePath: "number.wav"))
/// for word in heard.words { print(word.word, word.start, word.end) }
/// ```
public struct SpeechRecognizer: Sendable {
  /// Where recordings with transcripts come from.
  public typealias DataSource = SoundClassifier.DataSource

  /// What is common to networks of all media.
  package let trained: TrainedClassifier
  /// How recordings are prepared.
  public let input: SoundInput
  /// How many beginnings are followed in search of the most probable words; with 1 the words of the
  /// most probable path are taken.
  public var beam = WordDecoder.usualBeam

  /// The recogniser that a training gave.
  ///
  /// - Throws: `InputError` when it was not trained to hear words.
  package init(_ trained: TrainedClassifier) throws {
    input = try trained.configuration.classifier.input.sound
    guard trained.task == .transcribe else {
      throw InputError(
        "the network tells classes apart and hears no words",
        advice: "Train one with transcribe as \(.task), or use SoundClassifier")
    }
    self.trained = trained
  }

  /// Loads the recogniser of a run directory.
  ///
  /// - Parameters:
  ///   - mechanisms: the attention mechanisms that the run may name; your own belong here.
  ///   - networks: the families of networks that the run may name; your own belong here.
  ///   - threads: that kernels run on, from 1 to 1,024; as many as in training where not given, but no
  ///     more than there are processors.
  /// - Throws: `InputError` when there is no trained run, the weights do not fit, or the number of
  ///   threads cannot be.
  public init(
    contentsOf url: URL, mechanisms: AttentionCatalog = .builtIn,
    networks: NetworkCatalog = .builtIn, threads: Int? = nil
  ) throws {
    try self.init(
      TrainedClassifier(
        RunDirectory(url, networks: networks), mechanisms: mechanisms, threads: threads))
  }

  /// Writes configuration and weights to a folder, from which `init(contentsOf:)` loads them.
  ///
  /// - Parameter overwrite: whether a run that is there may be replaced.
  /// - Throws: `InputError` when the folder cannot be written.
  public func write(to url: URL, overwrite: Bool = false) throws {
    try trained.write(to: RunDirectory(url), overwrite: overwrite)
  }

  /// What the recogniser was trained to be, and how.
  public var configuration: RunConfiguration { trained.configuration }

  /// The words that can be heard.
  public var vocabulary: [String] { trained.classes }

  /// What was heard in a recording.
  public struct Prediction: Hashable, Sendable, Codable {
    /// The words with spaces between.
    public let transcript: String
    /// The words in the order of time.
    public let words: [Word]

    /// A word and where in time it was heard.
    public struct Word: Hashable, Sendable, Codable {
      /// The word.
      public let word: String
      /// Where the network begins to hear it, in seconds.
      public let start: Double
      /// Where it no longer does, in seconds.
      public let end: Double
      /// How sure the network is of it where it is surest.
      public let probability: Double
    }
  }

  // MARK: Predictions

  /// What is heard in a file; one that is longer than the longest recording trained on is heard window
  /// by window, so that a word on the border of two may be missed.
  ///
  /// - Throws: `InputError` that names the file when it cannot be read; `CancellationError`.
  public func prediction(from url: URL) async throws -> Prediction {
    try await prediction(from: url) { _ in }
  }

  /// The same; `note` is given what a person should know of the recording, as ends of a sentence.
  package func prediction(
    from url: URL, note: (String) -> Void
  ) async throws -> Prediction {
    var windows = try SoundWindows(contentsOf: url, input: input)
    var words: [Prediction.Word] = []
    while let window = try windows.next() {
      words += try await self.words(window, of: url.relativePath)
    }
    windows.notes.forEach(note)
    return Prediction(words)
  }

  /// What is heard in a recording in memory.
  ///
  /// - Throws: `InputError` when it has no samples.
  public func prediction(from sound: Sound) async throws -> Prediction {
    guard !sound.samples.isEmpty else { throw InputError("the recording has no samples") }
    var words: [Prediction.Word] = []
    for window in try sound.windows(input) { words += try await self.words(window) }
    return Prediction(words)
  }

  /// The best path to the words says when each is heard.
  private func words(
    _ window: SoundWindows.Window, of name: String? = nil
  ) async throws -> [Prediction.Word] {
    try Task.checkCancellation()
    let features = input.features(of: window.sound)
    let scores = try await namingExamples({ _ in name }) {
      try await trained.engine.scores(input.arrays([features]))
    }
    func seconds(_ step: Int) -> Double { Double(step) * input.hopSeconds }
    return scores.heard(WordDecoder(beam: beam).words(scores)).map { word, steps, probability in
      Prediction.Word(
        word: vocabulary[word], start: window.startSeconds + seconds(steps.lowerBound),
        end: min(window.startSeconds + seconds(steps.upperBound), window.endSeconds),
        probability: probability)
    }
  }

  // MARK: Evaluation

  /// How many words are heard wrong in recordings with transcripts: the test part of a source that has
  /// one, else all of it.
  ///
  /// - Throws: `InputError` when the data cannot be read or have a word that is not known.
  public func evaluation(on source: DataSource) async throws -> WordErrorReport {
    let store = try SoundStore(source.evaluationData().relabelled(to: vocabulary), input: input)
    return try await trained.detailedEvaluation(
      on: store, indices: store.usable, decoder: WordDecoder(beam: beam)
    ).report.transcription
  }
}

extension SpeechRecognizer.Prediction {
  fileprivate init(_ words: [Word]) {
    self.words = words
    transcript = words.map(\.word).joined(separator: " ")
  }
}

extension SoundClassifier.DataSource {
  /// A CSV file with a column of paths and one of what is said in each, words with spaces between; a
  /// column that says `train` or `test` and one of groups that a split keeps whole, such as speakers,
  /// are optional.
  public static func transcripts(
    at url: URL, fileColumn: String? = nil, transcriptColumn: String? = nil,
    splitColumn: String? = nil, groupColumn: String? = nil, folder: URL? = nil
  ) -> SoundClassifier.DataSource {
    SoundClassifier.DataSource(
      place: .files(
        url,
        LabelledSourceOptions(
          imageColumn: fileColumn, labelColumn: transcriptColumn, splitColumn: splitColumn,
          groupColumn: groupColumn, imagesFolder: folder, medium: .sound, task: .transcribe
        ).only(.table)))
  }
}
