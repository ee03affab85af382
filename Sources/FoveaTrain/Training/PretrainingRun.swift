import FoundationEssentials
package import FoveaData
import FoveaKernels
package import FoveaNN
package import FoveaRuns

/// Learns from texts without labels, and leaves a run that `train --from` starts from.
///
/// The run's folder holds the weights of the latest epoch at every moment, and what it takes to go on to
/// the same bits.
package struct PretrainingRun: Sendable {
  package let objective: LanguageObjective
  package let settings: TrainingSettings
  private let store: TextStore
  private let directory: RunDirectory
  private let model: LanguageModel
  private let kept: [Int]
  private let heldOut: [Int]
  private let configuration: RunConfiguration

  /// Texts that show how well language is told at most: each takes a number for every token known.
  private static let mostValidation = 200

  /// A new run; nothing is written before `execute`.
  ///
  /// - Parameter template: a `transformer`.
  /// - Throws: `InputError` for settings, a network or a vocabulary that cannot be.
  package init(
    _ store: TextStore, objective: LanguageObjective, template: NetworkTemplate,
    settings: TrainingSettings, directory: RunDirectory, dataPath: String
  ) throws {
    let description = ClassifierDescription(
      network: try template.description(for: store.modelInput, classes: 2),
      input: store.modelInput, normalization: ChannelStatistics(mean: [], deviation: []),
      classes: [])
    var configuration = RunConfiguration(
      classifier: description, training: settings,
      data: RunConfiguration.DataSummary(
        path: dataPath, trainingCount: 0, validationCount: 0, testCount: nil,
        broken: store.broken, fingerprint: Self.fingerprint(store)))
    configuration.objective = objective.rawValue
    try self.init(store, directory: directory, configuration, objective)
  }

  /// A run that goes on, with its own settings and vocabulary.
  ///
  /// - Throws: `InputError` where the folder holds another kind of run, or the texts are no longer those
  ///   that it began with.
  package init(resuming directory: RunDirectory, texts: LabelledDataset) throws {
    let configuration = try directory.configuration()
    guard let objective = configuration.objective.flatMap(LanguageObjective.init) else {
      throw InputError(
        "holds a classifier's run, which is not pre-trained", at: directory.path,
        advice: "Go on with fovea train --resume, or choose another --output")
    }
    let store = try TextStore(texts, input: configuration.classifier.input.text)
    guard Self.fingerprint(store) == configuration.data.fingerprint else {
      throw InputError(
        "the texts are no longer those that the run began with", at: directory.path,
        advice: "Start a new run with another --output")
    }
    try self.init(store, directory: directory, configuration, objective)
  }

  private init(
    _ store: TextStore, directory: RunDirectory, _ configuration: RunConfiguration,
    _ objective: LanguageObjective
  ) throws {
    let settings = configuration.training
    try settings.check()
    self.store = store
    self.objective = objective
    self.settings = settings
    self.directory = directory
    model = try LanguageModel(
      configuration.classifier.network, vocabulary: store.input.vocabularySize,
      steps: store.input.mostTokens, isCausal: objective == .causal,
      told: { LanguageObjective.places(steps: $0) })
    let order = RandomKey(seed: settings.seed).folding("held out")
      .permutation(of: store.usable.count).map { [usable = store.usable] in usable[$0] }
    let share = Int((settings.validationSplit * Double(order.count)).rounded())
    let count = min(share, Self.mostValidation, order.count - 1)
    heldOut = order.prefix(count).sorted()
    kept = order.dropFirst(count).sorted()
    var configuration = configuration
    configuration.data.trainingCount = kept.count
    configuration.data.validationCount = heldOut.count
    self.configuration = configuration
    _ = try feed(kept, shuffles: true)
  }

  /// A number that changes when the texts or their order change.
  private static func fingerprint(_ store: TextStore) -> String {
    var key = RandomKey(seed: 0)
    for index in store.usable {
      key = key.folding(index)
      for token in store.tokens(at: index) { key = key.folding(Int(token)) }
    }
    return String(key.value, radix: 16)
  }

  private func feed(_ indices: [Int], shuffles: Bool) throws -> LanguageFeed {
    try LanguageFeed(
      store, indices: indices, batchSize: settings.batchSize, objective: objective,
      key: RandomKey(seed: settings.seed), shuffles: shuffles)
  }

  /// What is said before training begins.
  package var announcement: String {
    "Learning from \(NumberText.count(kept.count, "text")) at \(store.input.summary), "
      + "\(NumberText.count(heldOut.count)) set aside; \(objective.rawValue) tokens are told. "
      + "\(NumberText.count(model.parameterCounts.trained, "parameter"))."
  }

  /// What was found while reading, for people.
  package var notes: [String] { store.notes + store.broken.lines }

  /// Trains to the end, or goes on where the last checkpoint left off; the folder must be open.
  ///
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled: everything is kept.
  package func execute(
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> [EpochRecord] {
    var configuration = configuration
    configuration.identity = configuration.identity ?? directory.identity
    let checkpoint = try directory.checkpoint(of: configuration)
    try directory.write(configuration)
    let start = model.initialWeights(key: RandomKey(seed: settings.seed))
    let trainer = try await Trainer(
      model, settings: settings, training: feed(kept, shuffles: true),
      validation: heldOut.isEmpty ? nil : feed(heldOut, shuffles: false), startWeights: start,
      checkpoint: checkpoint, startedAt: secondsSince1970())
    let outcome = try await trainer.run(
      save: { [configuration] checkpoint in
        try directory.write(checkpoint, of: configuration)
        try write(checkpoint.weights)
        try directory.write(history: checkpoint.state.history, startedAt: checkpoint.startedAt)
      }, report: report)
    try write(outcome.weights)
    configuration.keptEpoch =
      settings.keepsBest
      ? outcome.best ?? outcome.history.last
      : outcome.history.last
    try directory.write(configuration)
    return outcome.history
  }

  /// Weights of a classifier with the same layers, whose head is as at its start.
  private func write(_ learned: Weights) throws {
    var weights = try configuration.classifier.textModel()
      .initialWeights(key: RandomKey(seed: settings.seed))
    for (path, array) in learned.arrays { weights[path] = array }
    try weights.write(to: directory.weightsURL)
  }
}
