public import FoundationEssentials

extension SpeechRecognizer {
  /// How a recogniser is trained.
  ///
  /// ```swift
  /// var parameters = SpeechRecognizer.ModelParameters()
  /// parameters.network = try NetworkDescription(named: "transformer-ctc")
  /// parameters.training.epochs = 20
  /// ```
  public struct ModelParameters: Sendable, TrainingParameters {
    /// The network: its name, its attention and its sizes.
    public var network = NetworkDescription.usual(for: .sound, .transcribe)
    /// Epochs, optimiser, validation, seed and the like.
    public var training = TrainingSettings()
    /// Sample rate and features.
    public var features = SoundStore.Options()
    /// The attention mechanisms that can be named; add your own here.
    public var mechanisms = AttentionCatalog.builtIn
    /// Recordings with transcripts to measure on; the source's own test part where not given.
    public var testData: DataSource?

    /// The defaults: an LSTM in both directions with self-attention over its states.
    public init() {}

    var preparation: PreparedData.Options { PreparedData.Options(sound: features) }
  }

  /// Trains a recogniser and keeps everything about it in a run directory.
  ///
  /// When the surrounding task is cancelled, training stops at a batch, keeps everything, and
  /// throws `CancellationError`; `resuming` goes on from there, to the same weights bit for bit.
  ///
  /// - Parameters:
  ///   - trainingData: recordings with transcripts; a part of them is set aside for validation.
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
  ) async throws -> SpeechRecognizer {
    try await SpeechRecognizer(
      parameters.train(
        on: trainingData, in: runDirectory, resuming: resuming, progress: progress
      ).trained)
  }

  /// Trains a recogniser in memory: what `write(to:)` does not keep is gone afterwards.
  ///
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  public static func train(
    trainingData: DataSource, parameters: ModelParameters = ModelParameters(),
    progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> SpeechRecognizer {
    try await TrainingRun.inTemporaryFolder { folder in
      try await train(
        trainingData: trainingData, parameters: parameters, runDirectory: folder,
        progress: progress)
    }
  }
}
