import FoundationEssentials

/// What the parameters of every training have in common, whatever the medium and the task.
protocol TrainingParameters: Sendable {
  associatedtype DataSource: LabelledDataSource

  var network: NetworkDescription { get }
  var training: TrainingSettings { get }
  var mechanisms: AttentionCatalog { get }
  var testData: DataSource? { get }
  /// Whether it is found out, after training, where the network looks.
  var explains: Bool { get }
  /// How examples are read.
  var preparation: PreparedData.Options { get }

  /// The defaults.
  init()
}

extension TrainingParameters {
  /// Recordings and texts are explained when somebody asks.
  var explains: Bool { false }

  /// Trains in a run directory, or goes on with the run that is there.
  ///
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`.
  func train(
    on source: DataSource, in runDirectory: URL, resuming: Bool,
    progress: @escaping @Sendable (TrainingEvent) -> Void
  ) async throws -> TrainingRun.Result {
    var request = TrainingRun.Request(
      data: try source.trainingData(testedOn: testData), dataPath: source.path,
      output: RunDirectory(runDirectory, networks: network.catalog))
    request.options = preparation
    request.template = network
    request.settings = training
    request.mechanisms = mechanisms
    request.resumes = resuming
    request.studiesHighlights = explains
    request.namesNetwork = network != Self().network
    let run = TrainingRun(request) { event in
      switch event {
      case .training(let event): progress(event)
      case .note(let text): progress(.note(text))
      }
    }
    return try await run.execute()
  }
}

extension PreparedData.Options {
  /// How recordings are read, whatever is to be said of them.
  init(sound: SoundStore.Options) {
    self.init()
    self.sound = sound
    allowsBroken = sound.allowBroken
  }
}

extension TrainingRun {
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
