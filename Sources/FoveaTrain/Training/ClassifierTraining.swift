package import FoveaData
package import FoveaNN
package import FoveaRuns

/// Trains a classifier on prepared examples.
package struct ClassifierTraining: Sendable {
  package let data: PreparedData
  package let settings: TrainingSettings
  package let split: StratifiedSplit
  package let description: ClassifierDescription
  package let model: any ClassificationModel
  /// What the network starts with.
  package let startWeights: Weights
  /// Layers taken over from another run.
  package let transferred: [String]
  /// Threads that a run began with, in the place of those of the settings.
  package var threads: Int?

  /// Training from nothing, or from another run's weights.
  ///
  /// - Parameters:
  ///   - candidates: the examples that may be trained on; all that can be read where not given.
  ///   - source: a run whose weights are taken over, all but those of its last layer.
  /// - Throws: `InputError` for settings that cannot be.
  package init(
    _ data: PreparedData, template: NetworkDescription, settings: TrainingSettings,
    mechanisms: AttentionCatalog = .builtIn, candidates: [Int]? = nil,
    source: TransferSource? = nil
  ) throws {
    try settings.check()
    let settings = settings.suiting(data.medium)
    let split = try data.split(settings, among: candidates ?? data.training.usable)
    try Self.check(split, data)
    let data = try data.learned(from: split.kept)
    let input = data.training.modelInput
    let network = try template.fitted(to: input, classes: data.classes.count)
    try Self.check(network, settings, data)
    let description = ClassifierDescription(
      network: network, input: input,
      normalization: source?.configuration.classifier.normalization
        ?? data.training.statistics(of: split.kept),
      classes: data.classes)
    try self.init(
      data, description: description, settings: settings, split: split,
      mechanisms: mechanisms, source: source)
  }

  /// Fails where nothing can be learned from what is left after broken examples and validation.
  private static func check(_ split: StratifiedSplit, _ data: PreparedData) throws {
    let dataset = data.training.dataset
    let classes = Set(split.kept.map { dataset.examples[$0].label })
    guard classes.count >= (dataset.task == .classify ? 2 : 1) else {
      throw InputError(
        split.kept.isEmpty
          ? "no \(data.medium.noun) is left to train on"
          : "all \(data.medium.nouns) left to train on are of one class", at: dataset.name,
        advice: "Give more, or set fewer aside for validation")
    }
  }

  /// Fails where the network does another task than the data are labelled for.
  private static func check(
    _ network: NetworkDescription, _ settings: TrainingSettings, _ data: PreparedData
  ) throws {
    let task = data.training.dataset.task
    guard network.transcribes == (task == .transcribe) else {
      throw InputError(
        network.transcribes
          ? "model \(network.name) hears words, and the data have classes"
          : "model \(network.name) tells classes apart, and the data have words",
        advice: network.transcribes
          ? "Give transcribe as \(.task) and a table of transcripts, or another \(.model)"
          : "Choose one of \(NetworkCatalog.builtIn.names(of: .steps).joined(separator: ", "))")
    }
    guard task == .classify || (settings.labelSmoothing == 0 && !settings.weighsClasses) else {
      throw InputError(
        "transcripts have no classes to be smoothed or weighed",
        advice: "Leave \(.labelSmoothing) and \(.classWeights) out")
    }
  }

  /// Training of a classifier that is described already: a run that goes on.
  package init(
    _ data: PreparedData, description: ClassifierDescription,
    settings: TrainingSettings, split: StratifiedSplit, mechanisms: AttentionCatalog = .builtIn,
    source: TransferSource? = nil
  ) throws {
    self.data = data
    self.settings = settings
    self.split = split
    self.description = description
    let model = try description.model(mechanisms: mechanisms)
    self.model = model
    for prefix in settings.frozen
    where !model.parameters.contains(where: { $0.path.hasPrefix(prefix) }) {
      throw InputError(
        "no parameter begins with \(prefix)",
        advice: "The network has \(model.parameters.map(\.path).joined(separator: ", "))")
    }
    guard model.parameters.contains(where: settings.step.trains) else {
      let prefix = description.network.headPrefix
      let head = prefix.hasSuffix(".") ? String(prefix.dropLast()) : prefix
      throw InputError(
        "nothing is left to train: what is frozen covers every parameter",
        advice: "Leave the last layer, \(head), free")
    }
    try TrainingMemory.check(model, settings: settings, examples: split.kept.count)
    var weights = model.initialWeights(key: RandomKey(seed: settings.seed))
    transferred =
      source?.transfer(
        into: &weights, of: model.parameters, head: description.network.headPrefix) ?? []
    if let source, transferred.isEmpty {
      throw InputError(
        "no layer but the last has the same name and shape as in this run", at: source.path,
        advice: "Leave the network's options out, so that they are those of \(source.path)")
    }
    startWeights = weights
    // What is wrong with the augmentation shows now, before anything is written.
    _ = try trainingFeed
  }

  /// A number that changes when the examples, their labels or the parts they are in change.
  package var fingerprint: String {
    var key = RandomKey(seed: 0).folding(data.fingerprint)
    for index in split.kept { key = key.folding(index) }
    key = key.folding("validation")
    for index in split.heldOut { key = key.folding(index) }
    return String(key.value, radix: 16)
  }

  /// The batches that are trained on.
  package var trainingFeed: any BatchFeed {
    get throws {
      try data.training.trainingFeed(
        of: split.kept, batchSize: settings.batchSize, augmentation: settings.augmentation,
        key: RandomKey(seed: settings.seed))
    }
  }

  /// Training examples as they are, from which statistics are gathered.
  private var statisticsFeed: any BatchFeed {
    get throws {
      try data.training.trainingFeed(
        of: split.kept, batchSize: settings.batchSize, augmentation: "none",
        key: RandomKey(seed: settings.seed).folding("statistics"))
    }
  }

  /// The batches that validate; `nil` where nothing was set aside.
  package var validationFeed: (any BatchFeed)? {
    split.heldOut.isEmpty
      ? nil
      : data.training.evaluationFeed(of: split.heldOut, batchSize: settings.batchSize)
  }

  /// Trains to the end.
  ///
  /// - Parameter laterPasses: examples that the network meets after training, in passes forward.
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled, after `save`.
  package func run(
    from checkpoint: Checkpoint? = nil, startedAt: Double, laterPasses: Double = 0,
    save: @escaping @Sendable (Checkpoint) throws -> Void = { _ in },
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> Trainer.Outcome {
    var settings = settings
    settings.threads = threads ?? settings.threads
    let labels = split.kept.map { data.training.dataset.examples[$0].label }
    let trainer = try await Trainer(
      model, settings: settings, training: trainingFeed, validation: validationFeed,
      statistics: statisticsFeed,
      classWeights: settings.weighsClasses
        ? ClassWeights.inverseFrequency(labels: labels, classCount: data.classes.count) : nil,
      startWeights: startWeights, checkpoint: checkpoint, startedAt: startedAt,
      laterPasses: laterPasses)
    return try await trainer.run(save: save, report: report)
  }
}

/// A trained run whose weights another one starts from.
package struct TransferSource: Sendable {
  package let path: String
  package let configuration: RunConfiguration
  private let weights: Weights

  /// Loads a run.
  ///
  /// - Throws: `InputError` when there is no trained run.
  package init(_ run: RunDirectory, mechanisms: AttentionCatalog = .builtIn) throws {
    path = run.path
    configuration = try run.configuration()
    weights = try run.weights(for: configuration.classifier.model(mechanisms: mechanisms))
  }

  /// Puts this run's layers in the place of those with the same name and shapes, but for the last
  /// layer, and gives their names in the order of `parameters`.
  ///
  /// A layer is taken over whole or not at all: a bias means nothing without its weights.
  func transfer(
    into weights: inout Weights, of parameters: [NamedParameter], head: String
  ) -> [String] {
    var names: [String] = []
    var paths: [String: [String]] = [:]
    for path in parameters.map(\.path) where !path.hasPrefix(head) {
      let name = path.split(separator: ".").dropLast().joined(separator: ".")
      if paths[name] == nil { names.append(name) }
      paths[name, default: []].append(path)
    }
    let fitting = names.filter { name in
      (paths[name] ?? []).allSatisfy { self.weights[$0]?.type == weights[$0]?.type }
    }
    for path in fitting.flatMap({ paths[$0] ?? [] }) { weights[path] = self.weights[path] }
    return fitting
  }
}
