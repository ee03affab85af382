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
  /// How many texts there are.
  package let textCount: Int
  private let store: TextStore
  private let foundNotes: [String]
  /// Whether a run was there already.
  private let goesOn: Bool
  private let directory: RunDirectory
  private let model: LanguageModel
  private let kept: [Int]
  private let heldOut: [Int]
  private let configuration: RunConfiguration

  /// Texts that show how well language is told at most: each takes a number for every token known.
  private static let mostValidation = 200

  /// A new run; nothing is written before `execute`.
  ///
  /// - Parameter template: a network that can learn language.
  /// - Throws: `InputError` for settings, a network or a vocabulary that cannot be.
  package init(
    _ store: TextStore, objective: LanguageObjective, template: NetworkDescription,
    settings: TrainingSettings, directory: RunDirectory, dataPath: String
  ) throws {
    let description = ClassifierDescription(
      network: try template.fitted(to: store.modelInput, classes: 2),
      input: store.modelInput, normalization: ChannelStatistics(mean: [], deviation: []),
      classes: [])
    var configuration = RunConfiguration(
      classifier: description, training: settings.suiting(.text),
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
        advice: "Go on as a classifier's training does, or choose another \(.output)")
    }
    // With how many broken texts it may go on was said when it began; others are told by the fingerprint.
    var options = TextStore.Options()
    options.allowBroken = true
    let store = try TextStore(texts, input: configuration.classifier.input.text, options: options)
    guard Self.fingerprint(store) == configuration.data.fingerprint else {
      throw InputError(
        "the texts are no longer those that the run began with", at: directory.path,
        advice: "Start a new run in another \(.output)")
    }
    try self.init(store, directory: directory, configuration, objective)
  }

  private init(
    _ texts: TextStore, directory: RunDirectory, _ configuration: RunConfiguration,
    _ objective: LanguageObjective
  ) throws {
    let settings = configuration.training
    try settings.check()
    store = try texts.cutIntoParts()
    textCount = texts.usable.count
    foundNotes = texts.learningNotes + texts.broken.lines
    guard store.usable.count > 1 else {
      throw InputError(
        "one text is too few to learn from, unless it is longer than what is read at once",
        at: texts.dataset.name, advice: "Give a text a file or a text a row, or a longer one")
    }
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
    configuration.classifier.input = .text(
      try store.input.counting(kept.map { [store] in store.tokens(at: $0) }))
    // A new run's are not known yet.
    goesOn = configuration.trainingThreads != nil
    configuration.trainingThreads =
      configuration.trainingThreads ?? settings.threads ?? KernelTeam.defaultThreads
    self.configuration = configuration
    _ = try feed(kept, shuffles: true)
    try TrainingMemory.check(model, settings: settings, examples: kept.count)
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
    "Learning from \(NumberText.count(kept.count, textCount < store.usable.count ? "part" : "text")) "
      + (textCount < store.usable.count
        ? "of whole sentences, cut from \(NumberText.count(textCount, "text")), " : "")
      + "at \(store.input.summary), "
      + "\(NumberText.count(heldOut.count)) set aside; \(objective.rawValue) tokens are told. "
      + "\(NumberText.count(model.parameterCounts.trained, "parameter"))."
  }

  /// What was found while reading, for people.
  package var notes: [String] {
    foundNotes
      + (KernelTeam.note(onThreads: configuration.trainingThreads, goesOn: goesOn).map { [$0] }
        ?? [])
  }

  /// Trains to the end, or goes on where the last checkpoint left off; the folder must be open.
  ///
  /// - Throws: `InputError`, also where training diverged before any epoch had ended;
  ///   `CancellationError` when the task is cancelled: everything is kept.
  package func execute(
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> Trainer.Outcome {
    var configuration = configuration
    configuration.identity = configuration.identity ?? directory.identity
    let checkpoint = try directory.checkpoint(of: configuration, for: model)
    configuration.divergence = checkpoint?.state.divergence
    try directory.write(configuration)
    let begun = configuration
    let start = model.initialWeights(key: RandomKey(seed: settings.seed))
    var settings = settings
    settings.threads = configuration.trainingThreads
    let trainer = try await Trainer(
      model, settings: settings, training: feed(kept, shuffles: true),
      validation: heldOut.isEmpty ? nil : feed(heldOut, shuffles: false), startWeights: start,
      checkpoint: checkpoint, startedAt: secondsSince1970())
    let outcome = try await trainer.run(
      save: { checkpoint in
        try directory.write(checkpoint, of: begun)
        try directory.write(history: checkpoint.state.history, startedAt: checkpoint.startedAt)
        guard let divergence = checkpoint.state.divergence else {
          return try write(checkpoint.weights)
        }
        try directory.write(begun.diverged(divergence))
      }, report: report)
    try write(outcome.weights)
    configuration.divergence = outcome.divergence
    configuration.keptEpoch =
      settings.keepsBest
      ? outcome.best ?? outcome.history.last
      : outcome.history.last
    try directory.write(configuration)
    return outcome
  }

  /// Weights of a classifier with the same layers, whose head is as at its start.
  private func write(_ learned: Weights) throws {
    var weights = try configuration.classifier.textModel()
      .initialWeights(key: RandomKey(seed: settings.seed))
    for (path, array) in learned.arrays { weights[path] = array }
    try weights.write(to: directory.weightsURL)
  }
}
