public import FoundationEssentials

extension ImageClassifier {
  /// How a classifier is trained.
  ///
  /// ```swift
  /// var parameters = ImageClassifier.ModelParameters()
  /// parameters.training.epochs = 12
  /// parameters.network.attention = "none"
  /// ```
  public struct ModelParameters: Sendable, TrainingParameters {
    /// The network: its name, its attention and its sizes.
    public var network = NetworkDescription.usual(for: .picture)
    /// Epochs, optimiser, validation, seed and the like.
    public var training = TrainingSettings()
    /// The size that pictures are brought to.
    public var imageSize = PictureSize.automatic
    /// Grey or colour.
    public var channels = PictureChannels.rgb
    /// What happens to pictures whose sides have another ratio.
    public var resizing = PictureResizer.Mode.exact
    /// Whether to go on when more than a tenth of the pictures are broken.
    public var allowsBroken = false
    /// Whether to find out, after the last epoch, which way of highlighting does best on the run, and to
    /// show highlights in its report: some hundred passes a picture, so that it may take longer than a
    /// small training. Without, that is put off: explanations are by `gradCAM` where no method is
    /// named, and the command `explain` finds the best one on the pictures that it is given.
    public var explains = true
    /// The attention mechanisms that can be named; add your own here.
    public var mechanisms = AttentionCatalog.builtIn
    /// Labelled pictures to measure the trained classifier on; the source's own test part where
    /// not given.
    public var testData: DataSource?

    /// The defaults.
    public init() {}

    package var preparation: PreparedData.Options {
      var options = PreparedData.Options()
      options.size = imageSize
      options.channels = channels
      options.mode = resizing
      options.allowsBroken = allowsBroken
      return options
    }
  }

  /// Trains a classifier and keeps everything about it in a run directory.
  ///
  /// When the surrounding task is cancelled, training stops at a batch, keeps everything, and
  /// throws `CancellationError`; `resuming` goes on from there, to the same weights bit for bit. A training
  /// whose numbers are no longer finite ends with the weights of the best epoch before, and says so by
  /// `TrainingEvent.diverged` and `configuration.divergence`.
  ///
  /// After the last epoch the classifier is measured, and unless `ModelParameters.explains` is off it is
  /// found out where it looks; `progress` is told of both.
  ///
  /// - Parameters:
  ///   - trainingData: labelled pictures; a part of them is set aside for validation.
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
  ) async throws -> ImageClassifier {
    try await parameters.train(
      on: trainingData, in: runDirectory, resuming: resuming, progress: progress
    ).classifier
  }

  /// Trains a classifier in memory: what `write(to:)` does not keep is gone afterwards.
  ///
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  public static func train(
    trainingData: DataSource, parameters: ModelParameters = ModelParameters(),
    progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> ImageClassifier {
    try await TrainingRun.inTemporaryFolder { folder in
      try await train(
        trainingData: trainingData, parameters: parameters, runDirectory: folder,
        progress: progress)
    }
  }

  /// The share of training pictures that were right in the epoch whose weights are kept.
  public var trainingAccuracy: Double? { configuration.keptEpoch?.trainingAccuracy }

  /// The share of validation pictures that were right in the epoch whose weights are kept.
  public var validationAccuracy: Double? { configuration.keptEpoch?.validationAccuracy }
}
