public import FoundationEssentials

extension SoundClassifier {
  /// How a classifier is trained.
  ///
  /// ```swift
  /// var parameters = SoundClassifier.ModelParameters()
  /// parameters.network = try NetworkDescription(named: "gru")
  /// parameters.training.epochs = 12
  /// ```
  public struct ModelParameters: Sendable, TrainingParameters {
    /// The network: its name, its attention and its sizes.
    public var network = NetworkDescription.usual(for: .sound)
    /// Epochs, optimiser, validation, seed and the like.
    public var training = TrainingSettings()
    /// Sample rate, features, and how much of a recording is heard.
    public var features = SoundStore.Options()
    /// The attention mechanisms that can be named; add your own here.
    public var mechanisms = AttentionCatalog.builtIn
    /// Labelled recordings to measure the trained classifier on; the source's own test part where
    /// not given.
    public var testData: DataSource?

    /// The defaults: an LSTM in both directions with additive attention.
    public init() {}

    var preparation: PreparedData.Options { PreparedData.Options(sound: features) }
  }

  /// Trains a classifier and keeps everything about it in a run directory.
  ///
  /// When the surrounding task is cancelled, training stops at a batch, keeps everything, and
  /// throws `CancellationError`; `resuming` goes on from there, to the same weights bit for bit.
  ///
  /// - Parameters:
  ///   - trainingData: labelled recordings; a part of them is set aside for validation.
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
  ) async throws -> SoundClassifier {
    let result = try await parameters.train(
      on: trainingData, in: runDirectory, resuming: resuming, progress: progress)
    return try SoundClassifier(result.trained, mechanisms: result.mechanisms)
  }

  /// Trains a classifier in memory: what `write(to:)` does not keep is gone afterwards.
  ///
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  public static func train(
    trainingData: DataSource, parameters: ModelParameters = ModelParameters(),
    progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> SoundClassifier {
    try await TrainingRun.inTemporaryFolder { folder in
      try await train(
        trainingData: trainingData, parameters: parameters, runDirectory: folder,
        progress: progress)
    }
  }

  /// The share of training recordings that were right in the epoch whose weights are kept.
  public var trainingAccuracy: Double? { configuration.keptEpoch?.trainingAccuracy }

  /// The share of validation recordings that were right in the epoch whose weights are kept.
  public var validationAccuracy: Double? { configuration.keptEpoch?.validationAccuracy }
}
