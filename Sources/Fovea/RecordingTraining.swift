import FoundationEssentials

/// What training on recordings takes, whatever is to be said of them.
struct RecordingTraining {
  var network: NetworkTemplate
  var settings: TrainingSettings
  var features: SoundStore.Options
  var mechanisms: AttentionCatalog
  var testData: SoundClassifier.DataSource?

  /// Trains in a run directory, or goes on with the run that is there.
  ///
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  func run(
    on trainingData: SoundClassifier.DataSource, in runDirectory: URL, resuming: Bool,
    progress: @escaping @Sendable (TrainingEvent) -> Void
  ) async throws -> TrainedClassifier {
    var data = try trainingData.read(for: .training)
    if let testData {
      let tested = try testData.read(for: .evaluation)
      data = try data.tested(on: tested.test ?? tested.training)
    }
    var request = TrainingRun.Request(
      data: data, dataPath: trainingData.path, output: RunDirectory(runDirectory))
    request.options.sound = features
    request.options.allowsBroken = features.allowBroken
    request.template = network
    request.settings = settings
    request.mechanisms = mechanisms
    request.resumes = resuming
    let run = TrainingRun(request) { event in
      if case .training(let event) = event { progress(event) }
    }
    return try await run.execute().trained
  }

  /// What `train` gives in a folder that is gone afterwards.
  static func inTemporaryFolder<Trained>(
    _ train: (URL) async throws -> Trained
  ) async throws -> Trained {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "fovea-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await train(folder)
  }
}
