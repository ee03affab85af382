public import FoundationEssentials
public import FoveaData
import FoveaExplain
public import FoveaMetrics
public import FoveaNN
public import FoveaRuns

/// A trained classifier of recordings: loads, predicts, evaluates, explains.
///
/// A value that can be sent between tasks; any number of predictions may be asked for at once.
/// Training is added by the module `Fovea`.
///
/// ```swift
/// let classifier = try SoundClassifier(contentsOf: URL(filePath: "runs/digits"))
/// let prediction = try await classifier.prediction(from: URL(filePath: "seven.wav"))
/// print(prediction.label, prediction.probability)
/// ```
public struct SoundClassifier: Sendable {
  /// What is common to classifiers of all media.
  package let trained: TrainedClassifier
  package let model: SoundModel
  /// How recordings are prepared.
  public let input: SoundInput
  let explanationEngine: MediumExplanationEngine<SoundExplainer>

  /// The classifier that a training gave.
  ///
  /// - Throws: `InputError` when it was not trained to tell recordings apart.
  package init(
    _ trained: TrainedClassifier, mechanisms: AttentionCatalog = .builtIn
  ) throws {
    guard trained.task == .classify else {
      throw InputError(
        "the network hears words and tells no classes apart",
        advice: "Leave \(.stream) out, or use SpeechRecognizer in Swift")
    }
    self.trained = trained
    let input = try trained.configuration.classifier.input.sound
    let model = try trained.configuration.classifier.soundModel(mechanisms: mechanisms)
    (self.input, self.model) = (input, model)
    explanationEngine = MediumExplanationEngine {
      SoundExplainer(
        model, weights: trained.weights, classes: trained.classes, input: input,
        threads: trained.threads)
    }
  }

  /// Loads the classifier of a run directory.
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
        RunDirectory(url, networks: networks), mechanisms: mechanisms, threads: threads),
      mechanisms: mechanisms)
  }

  /// Writes configuration and weights to a folder, from which `init(contentsOf:)` loads them.
  ///
  /// - Parameter overwrite: whether a run that is there may be replaced.
  /// - Throws: `InputError` when the folder cannot be written.
  public func write(to url: URL, overwrite: Bool = false) throws {
    try trained.write(to: RunDirectory(url), overwrite: overwrite)
  }

  /// What the classifier was trained to be, and how.
  public var configuration: RunConfiguration { trained.configuration }

  /// The classes in the order of probabilities.
  public var classes: [String] { trained.classes }

  /// What a network says of a recording.
  public struct Prediction: Hashable, Sendable, Codable {
    /// The class with the highest probability.
    public let label: String
    /// Its probability.
    public let probability: Double
    /// The probability of each class, in the order of `SoundClassifier.classes`: the mean over
    /// windows, by their length.
    public let probabilities: [Double]
    /// What the network says of each window of a recording that is longer than it takes at once; one
    /// for a shorter one.
    public let windows: [Window]

    /// A part of the recording.
    public struct Window: Hashable, Sendable, Codable {
      /// Where it begins, in seconds.
      public let start: Double
      /// Where it ends, in seconds.
      public let end: Double
      /// The class with the highest probability.
      public let label: String
      /// Its probability.
      public let probability: Double
    }
  }

  // MARK: Predictions

  /// What the network says of a file; one of any length is read window by window.
  ///
  /// - Throws: `InputError` that names the file when it cannot be read, or the network's answer to it is
  ///   not finite; `CancellationError`.
  public func prediction(from url: URL) async throws -> Prediction {
    try await prediction(from: url) { _ in }
  }

  /// The same; `note` is given what a person should know of the recording, as ends of a sentence.
  package func prediction(
    from url: URL, note: (String) -> Void
  ) async throws -> Prediction {
    var windows = try SoundWindows(contentsOf: url, input: input)
    var parts: [Part] = []
    while true {
      // A few at a time, so that memory does not grow with the file.
      var some: [SoundWindows.Window] = []
      while some.count < Self.windowsTogether, let next = try windows.next() {
        try Task.checkCancellation()
        some.append(next)
      }
      guard !some.isEmpty else {
        windows.notes.forEach(note)
        return prediction(parts)
      }
      parts += try await self.parts(some, of: url.relativePath)
    }
  }

  /// What the network says of several files, in their order.
  ///
  /// - Throws: `InputError` that names the first file that cannot be read; `CancellationError`.
  public func predictions(from urls: [URL]) async throws -> [Prediction] {
    var result: [Prediction] = []
    for url in urls { result.append(try await prediction(from: url)) }
    return result
  }

  /// What the network says of a recording in memory.
  ///
  /// - Throws: `InputError` when it has no samples.
  public func prediction(from sound: Sound) async throws -> Prediction {
    guard !sound.samples.isEmpty else { throw InputError("the recording has no samples") }
    return prediction(try await parts(sound.windows(input)))
  }

  /// Windows of a long recording that run together.
  private static let windowsTogether = 16

  /// A window without its samples, and what the network says of it.
  private struct Part {
    let start: Double
    let end: Double
    let probabilities: [Float]
  }

  private func parts(
    _ windows: [SoundWindows.Window], of name: String? = nil
  ) async throws -> [Part] {
    let input = input
    let features = try windows.map { window in
      try Task.checkCancellation()
      return input.features(of: window.sound)
    }
    // One by one: then a window's numbers do not depend on its neighbours' lengths.
    let all = try await namingExamples({ _ in name }) {
      try await trained.engine.probabilities(of: features.count, largestBatch: 1) {
        input.arrays(Array(features[$0]))
      }
    }
    return zip(windows, all).map {
      Part(start: $0.startSeconds, end: $0.endSeconds, probabilities: $1)
    }
  }

  private func prediction(_ parts: [Part]) -> Prediction {
    let mean = trained.mean(
      of: parts.map(\.probabilities), weights: parts.map { $0.end - $0.start })
    let best = mean.map { Float($0) }.indexOfLargest
    return Prediction(
      label: classes[best], probability: mean[best], probabilities: mean,
      windows: parts.map { part in
        let best = part.probabilities.indexOfLargest
        return Prediction.Window(
          start: part.start, end: part.end, label: classes[best],
          probability: Double(part.probabilities[best]))
      })
  }

  // MARK: Evaluation

  /// How good the classifier is on labelled recordings: the test part of a source that has one,
  /// else all of it. Of a recording that is longer than the network takes the beginning counts.
  ///
  /// - Throws: `InputError` when the data cannot be read or have a class that is not known.
  public func evaluation(on source: DataSource) async throws -> ClassificationReport {
    try await detailedEvaluation(on: source.evaluationData()).report.classification
  }

  /// A report on a dataset, with each recording's result.
  package func detailedEvaluation(
    on dataset: LabelledDataset, allowsBroken: Bool = false, progress: ReadingProgress? = nil
  ) async throws -> DetailedEvaluation {
    var options = SoundStore.Options()
    options.allowBroken = allowsBroken
    let store = try SoundStore(
      dataset.relabelled(to: classes), input: input, options: options, progress: progress)
    return try await trained.detailedEvaluation(on: store, indices: store.usable)
  }
}

extension SoundClassifier {
  /// Where labelled recordings come from.
  public struct DataSource: Sendable, LabelledDataSource {
    package let place: LabelledPlace

    /// A folder with a folder of recordings for each class, or `train` and `test` with such folders.
    public static func labeledDirectories(at url: URL) -> DataSource {
      DataSource(place: .files(url, LabelledSourceOptions(medium: .sound).only(.classFolders)))
    }

    /// A CSV file with a column of paths and one of labels; a column that says `train` or `test`
    /// and one of groups that a split keeps whole, such as speakers, are optional.
    public static func table(
      at url: URL, fileColumn: String? = nil, labelColumn: String? = nil,
      splitColumn: String? = nil, groupColumn: String? = nil, folder: URL? = nil
    ) -> DataSource {
      let options = LabelledSourceOptions(
        imageColumn: fileColumn, labelColumn: labelColumn, splitColumn: splitColumn,
        groupColumn: groupColumn, imagesFolder: folder, medium: .sound)
      return DataSource(place: .files(url, options.only(.table)))
    }

    /// Recordings that are known already: made in memory, or listed by a reader of your own.
    public static func recordings(_ data: LabelledData) -> DataSource {
      DataSource(place: .memory(data, .sound))
    }
  }
}
