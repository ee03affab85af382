public import FoundationEssentials

extension TextClassifier {
  /// How a classifier is trained.
  ///
  /// ```swift
  /// var parameters = TextClassifier.ModelParameters()
  /// parameters.network = try NetworkDescription(named: "lstm")
  /// parameters.training.epochs = 12
  /// ```
  public struct ModelParameters: Sendable, TrainingParameters {
    /// The network: its name, its attention and its sizes.
    public var network = NetworkDescription.usual(for: .text)
    /// Epochs, optimiser, validation, seed and the like.
    public var training = TrainingSettings()
    /// Tokenizer, and how much of a text is looked at.
    public var texts = TextStore.Options()
    /// The attention mechanisms that can be named; add your own here.
    public var mechanisms = AttentionCatalog.builtIn
    /// Labelled texts to measure the trained classifier on; the source's own test part where not
    /// given.
    public var testData: DataSource?

    /// The defaults: a small Transformer.
    public init() {}

    var preparation: PreparedData.Options {
      var options = PreparedData.Options()
      options.text = texts
      options.allowsBroken = texts.allowBroken
      return options
    }
  }

  /// Trains a classifier and keeps everything about it in a run directory.
  ///
  /// When the surrounding task is cancelled, training stops at a batch, keeps everything, and
  /// throws `CancellationError`; `resuming` goes on from there, to the same weights bit for bit.
  ///
  /// - Parameters:
  ///   - trainingData: labelled texts; a part of them is set aside for validation.
  ///   - parameters: how it is trained.
  ///   - runDirectory: where configuration, checkpoints, curves, weights and report go.
  ///   - resuming: whether to go on with the run that is there, with its network and settings; other
  ///     ones are not looked at. Where there is no run, a new one begins. Both are told by `.note`.
  ///   - progress: is told what happens, on the thread that trains.
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  public static func train(
    trainingData: DataSource, parameters: ModelParameters = ModelParameters(),
    runDirectory: URL, resuming: Bool = false,
    progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> TextClassifier {
    let result = try await parameters.train(
      on: trainingData, in: runDirectory, resuming: resuming, progress: progress)
    return try TextClassifier(result.trained, mechanisms: result.mechanisms)
  }

  /// Trains a classifier in memory: what `write(to:)` does not keep is gone afterwards.
  ///
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  public static func train(
    trainingData: DataSource, parameters: ModelParameters = ModelParameters(),
    progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> TextClassifier {
    try await TrainingRun.inTemporaryFolder { folder in
      try await train(
        trainingData: trainingData, parameters: parameters, runDirectory: folder,
        progress: progress)
    }
  }

  /// The share of training texts that were right in the epoch whose weights are kept.
  public var trainingAccuracy: Double? { configuration.keptEpoch?.trainingAccuracy }

  /// The share of validation texts that were right in the epoch whose weights are kept.
  public var validationAccuracy: Double? { configuration.keptEpoch?.validationAccuracy }
}
