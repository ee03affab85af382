public import FoundationEssentials

extension SoundClassifier {
  /// How a classifier is trained.
  ///
  /// ```swift
  /// var parameters = SoundClassifier.ModelParameters()
  /// parameters.network = try NetworkTemplate(named: "gru")
  /// parameters.training.epochs = 12
  /// ```
  public struct ModelParameters: Sendable {
    /// The network: its name, its attention and its sizes.
    public var network: NetworkTemplate
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
    public init() {
      var options = RecurrentClassifier.Options()
      options.cell = .lstm
      network = NetworkTemplate(.recurrent(options))
    }
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
  ///   - resuming: whether to go on with the run that is there, with its settings.
  ///   - progress: is told what happens, on the thread that trains.
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  public static func train(
    trainingData: DataSource, parameters: ModelParameters = ModelParameters(),
    runDirectory: URL, resuming: Bool = false,
    progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> SoundClassifier {
    var data = try trainingData.read(for: .training)
    if let test = parameters.testData {
      let tested = try test.read(for: .evaluation)
      data = try data.tested(on: tested.test ?? tested.training)
    }
    var request = TrainingRun.Request(
      data: data, dataPath: trainingData.path, output: RunDirectory(runDirectory))
    request.options.sound = parameters.features
    request.options.allowsBroken = parameters.features.allowBroken
    request.template = parameters.network
    request.settings = parameters.training
    request.mechanisms = parameters.mechanisms
    request.resumes = resuming
    let run = TrainingRun(request) { event in
      if case .training(let event) = event { progress(event) }
    }
    return try SoundClassifier(
      try await run.execute().trained, mechanisms: parameters.mechanisms)
  }

  /// Trains a classifier in memory: what `write(to:)` does not keep is gone afterwards.
  ///
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  public static func train(
    trainingData: DataSource, parameters: ModelParameters = ModelParameters(),
    progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> SoundClassifier {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "fovea-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await train(
      trainingData: trainingData, parameters: parameters, runDirectory: folder,
      progress: progress)
  }

  /// The share of training recordings that were right in the epoch whose weights are kept.
  public var trainingAccuracy: Double? { configuration.keptEpoch?.trainingAccuracy }

  /// The share of validation recordings that were right in the epoch whose weights are kept.
  public var validationAccuracy: Double? { configuration.keptEpoch?.validationAccuracy }
}
