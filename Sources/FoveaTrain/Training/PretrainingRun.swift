package import FoveaData
import FoveaKernels
package import FoveaNN
package import FoveaRuns

/// Learns from texts without labels, and leaves a run that `train --from` starts from.
///
/// The run's folder holds the weights of the latest epoch at every moment; one that is interrupted can be
/// started from, and does not go on.
package struct PretrainingRun: Sendable {
  package let objective: LanguageObjective
  package let settings: TrainingSettings
  private let store: TextStore
  private let directory: RunDirectory
  private let description: ClassifierDescription
  private let model: LanguageModel
  private let kept: [Int]
  private let heldOut: [Int]
  private let dataPath: String

  /// Texts that show how well language is told at most: each takes a number for every token known.
  private static let mostValidation = 200

  /// - Parameter template: a `transformer`.
  /// - Throws: `InputError` for settings, a network or a vocabulary that cannot be.
  package init(
    _ store: TextStore, objective: LanguageObjective, template: NetworkTemplate,
    settings: TrainingSettings, directory: RunDirectory, dataPath: String
  ) throws {
    try settings.check()
    self.store = store
    self.objective = objective
    self.settings = settings
    self.directory = directory
    self.dataPath = dataPath
    description = ClassifierDescription(
      network: try template.description(for: store.modelInput, classes: 2),
      input: store.modelInput, normalization: ChannelStatistics(mean: [], deviation: []),
      classes: [])
    model = try LanguageModel(
      description.network, vocabulary: store.input.vocabularySize, steps: store.input.mostTokens,
      isCausal: objective == .causal, told: { LanguageObjective.places(steps: $0) })
    let order = RandomKey(seed: settings.seed).folding("held out")
      .permutation(of: store.usable.count).map { [usable = store.usable] in usable[$0] }
    let share = Int((settings.validationSplit * Double(order.count)).rounded())
    let count = min(share, Self.mostValidation, order.count - 1)
    heldOut = order.prefix(count).sorted()
    kept = order.dropFirst(count).sorted()
    _ = try feed(kept, shuffles: true)
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

  /// Trains to the end.
  ///
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled: the weights are kept.
  package func execute(
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> [EpochRecord] {
    let start = model.initialWeights(key: RandomKey(seed: settings.seed))
    let trainer = try await Trainer(
      model, settings: settings, training: feed(kept, shuffles: true),
      validation: heldOut.isEmpty ? nil : feed(heldOut, shuffles: false), startWeights: start,
      startedAt: secondsSince1970())
    let outcome = try await trainer.run(
      save: { checkpoint in
        try write(checkpoint.weights, history: checkpoint.state.history, checkpoint.startedAt)
      }, report: report)
    try write(outcome.weights, history: outcome.history, nil)
    return outcome.history
  }

  /// Weights of a classifier with the same layers, whose head is as at its start.
  private func write(_ learned: Weights, history: [EpochRecord], _ startedAt: Double?) throws {
    var weights = try description.textModel().initialWeights(key: RandomKey(seed: settings.seed))
    for (path, array) in learned.arrays { weights[path] = array }
    try weights.write(to: directory.weightsURL)
    if let startedAt, !history.isEmpty {
      try directory.write(history: history, startedAt: startedAt)
    }
    var configuration = RunConfiguration(
      classifier: description, training: settings,
      data: RunConfiguration.DataSummary(
        path: dataPath, trainingCount: kept.count, validationCount: heldOut.count, testCount: nil,
        broken: store.broken, fingerprint: ""))
    configuration.objective = objective.rawValue
    configuration.keptEpoch = history.last
    try directory.write(configuration)
  }
}
