public import FoundationEssentials
public import FoveaData
public import FoveaExplain
public import FoveaMetrics
public import FoveaNN
public import FoveaRuns

/// A trained classifier of pictures: loads, predicts, evaluates.
///
/// A value that can be sent between tasks; any number of predictions may be asked for at once.
/// Training is added by the module `Fovea`.
///
/// ```swift
/// let classifier = try ImageClassifier(contentsOf: URL(filePath: "runs/flowers"))
/// let prediction = try await classifier.prediction(from: URL(filePath: "rose.jpg"))
/// print(prediction.label, prediction.probability)
/// ```
public struct ImageClassifier: Sendable {
  /// What is common to classifiers of all media.
  package let trained: TrainedClassifier
  package let model: PictureModel
  /// How pictures are prepared.
  package let input: PictureInput
  let explanationEngine: ExplanationEngine
  /// What is known of the ways to highlight where it looks; found at the end of training.
  public package(set) var highlightStudy: HighlightStudy?

  /// A classifier with these weights.
  ///
  /// - Throws: `InputError` when the weights do not fit the network.
  package init(
    configuration: RunConfiguration, weights: Weights, mechanisms: AttentionCatalog = .builtIn
  ) throws {
    try self.init(
      TrainedClassifier(
        configuration: configuration, weights: weights, mechanisms: mechanisms),
      mechanisms: mechanisms)
  }

  /// The classifier that a training gave.
  ///
  /// - Throws: `InputError` when it was not trained on pictures.
  package init(
    _ trained: TrainedClassifier, mechanisms: AttentionCatalog = .builtIn
  ) throws {
    self.trained = trained
    let description = trained.configuration.classifier
    input = try description.input.picture
    model = try description.pictureModel(mechanisms: mechanisms)
    explanationEngine = ExplanationEngine(
      model, weights: trained.weights, description: description,
      threads: trained.threads)
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
    let run = RunDirectory(url, networks: networks)
    try self.init(
      TrainedClassifier(run, mechanisms: mechanisms, threads: threads), mechanisms: mechanisms)
    // Whoever only predicts must not stumble over a damaged file that serves explanations.
    highlightStudy = try? run.highlightStudy()
  }

  /// Writes configuration and weights to a folder, from which `init(contentsOf:)` loads them.
  ///
  /// - Parameter overwrite: whether a run that is there may be replaced.
  /// - Throws: `InputError` when the folder cannot be written.
  public func write(to url: URL, overwrite: Bool = false) throws {
    try trained.write(to: RunDirectory(url), overwrite: overwrite) { run in
      if let highlightStudy { try run.write(highlightStudy) }
    }
  }

  /// What the classifier was trained to be, and how.
  public var configuration: RunConfiguration { trained.configuration }

  package var weights: Weights { trained.weights }

  /// The classes in the order of probabilities.
  public var classes: [String] { configuration.classifier.classes }

  /// What a network says of a picture.
  public struct Prediction: Hashable, Sendable, Codable {
    /// The class with the highest probability.
    public let label: String
    /// Its probability.
    public let probability: Double
    /// The probability of each class, in the order of `ImageClassifier.classes`.
    public let probabilities: [Double]
  }

  // MARK: Predictions

  /// What the network says of a picture file.
  ///
  /// - Throws: `InputError` that names the file when it cannot be read.
  public func prediction(from url: URL) async throws -> Prediction {
    try await predictions(from: [url])[0]
  }

  /// What the network says of several picture files, in their order.
  ///
  /// - Throws: `InputError` that names the first file that cannot be read, or to which the network's
  ///   answer is not finite; `CancellationError`.
  public func predictions(from urls: [URL]) async throws -> [Prediction] {
    let decoder = PictureDecoder(channels: input.channels)
    let pictures = try urls.map { url in
      try Task.checkCancellation()
      return try decoder.decode(contentsOf: url)
    }
    return try await predictions(from: pictures, named: { urls[$0].relativePath })
  }

  /// What the network says of a picture in memory.
  ///
  /// - Throws: `InputError` when it has no pixels.
  public func prediction(from picture: Picture) async throws -> Prediction {
    try await predictions(from: [picture])[0]
  }

  /// What the network says of several pictures in memory, in their order.
  ///
  /// - Throws: `InputError` when one has no pixels, or the network's answer to it is not finite;
  ///   `CancellationError`.
  public func predictions(from pictures: [Picture]) async throws -> [Prediction] {
    try await predictions(from: pictures) { pictures.count > 1 ? "picture \($0 + 1)" : nil }
  }

  private func predictions(
    from pictures: [Picture], named name: (Int) -> String?
  ) async throws -> [Prediction] {
    let prepared = try pictures.map { picture in
      try Task.checkCancellation()
      return try input.prepared(picture)
    }
    return try await namingExamples(name) {
      try await trained.engine.probabilities(of: prepared)
    }.map { probabilities in
      let best = probabilities.indexOfLargest
      return Prediction(
        label: classes[best], probability: Double(probabilities[best]),
        probabilities: probabilities.map(Double.init))
    }
  }

  // MARK: Evaluation

  /// How good the classifier is on labelled pictures: the test part of a source that has one,
  /// else all of it.
  ///
  /// - Throws: `InputError` when the data cannot be read or have a class that is not known.
  public func evaluation(on source: DataSource) async throws -> ClassificationReport {
    try await detailedEvaluation(on: source.evaluationData()).report.classification
  }

  /// What the classifier says of each picture of a feed.
  package func evaluation(on feed: any BatchFeed) async throws -> Evaluation {
    try await trained.evaluation(on: feed)
  }

  /// A report on a dataset, with each picture's result.
  package func detailedEvaluation(
    on dataset: LabelledDataset, allowsBroken: Bool = false, progress: ReadingProgress? = nil
  ) async throws -> DetailedEvaluation {
    let store = try PictureStore(
      dataset.relabelled(to: classes), input: input,
      options: PictureStore.Options(allowBroken: allowsBroken), progress: progress)
    return try await detailedEvaluation(on: store, indices: store.usable)
  }

  /// A report on some of a store's pictures, with each picture's result.
  package func detailedEvaluation(
    on store: any ExampleStore, indices: [Int]
  ) async throws -> DetailedEvaluation {
    try await trained.detailedEvaluation(on: store, indices: indices)
  }
}
