import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaKernels
package import FoveaNN
package import FoveaRuns

/// A training in a run directory: every file is whole at every moment, and what was interrupted
/// goes on.
package struct ClassifierRun: Sendable {
  package let directory: RunDirectory
  package let training: ClassifierTraining
  /// What was found out about the run's files, as sentences for people.
  private let foundNotes: [String]
  /// Whether a run was there already.
  private let goesOn: Bool
  private let configuration: RunConfiguration
  private let mechanisms: AttentionCatalog

  /// A new run, or one of a comparison that goes on; the folder must be open.
  ///
  /// - Parameters:
  ///   - study: the identity of the comparison that it belongs to.
  ///   - warnings: what the check of the data warned of.
  ///   - command: the words of the command that begins it.
  ///   - explainedCount: pictures that its report explains at most, if somebody chose it.
  package init(
    _ training: ClassifierTraining, in directory: RunDirectory, dataPath: String,
    startedFrom: String? = nil, study: String? = nil,
    mechanisms: AttentionCatalog = .builtIn, warnings: [String]? = nil, command: [String]? = nil,
    explainedCount: Int? = nil
  ) throws {
    self.directory = directory
    self.training = training
    self.mechanisms = mechanisms
    var configuration = RunConfiguration(
      classifier: training.description, training: training.settings,
      data: RunConfiguration.DataSummary(
        path: dataPath, trainingCount: training.split.kept.count,
        validationCount: training.split.heldOut.count,
        testCount: training.data.test?.usable.count,
        broken: training.data.training.broken, fingerprint: training.fingerprint),
      startedFrom: startedFrom)
    configuration.data.contentDigest = training.data.contentDigest
    let dataset = training.data.training.dataset
    if dataset.task == .classify {
      var counts = [Int](repeating: 0, count: training.description.classes.count)
      for index in training.split.heldOut { counts[dataset.examples[index].label] += 1 }
      configuration.data.validationClassCounts = counts
    }
    configuration.data.warnings = warnings
    configuration.command = command
    configuration.explainedCount = explainedCount
    let known = try? directory.configuration()
    goesOn = known != nil
    configuration.identity = known?.identity ?? directory.identity
    configuration.study = study
    configuration.trainingThreads =
      training.threads ?? training.settings.threads ?? KernelTeam.defaultThreads
    self.configuration = configuration
    foundNotes = []
    // The start is kept before the run is there: what it was transferred from may be gone when
    // the run goes on.
    if !FileManager.default.fileExists(atPath: directory.checkpointURL.path) {
      let start = Checkpoint(
        state: TrainingState(), startedAt: secondsSince1970(), weights: training.startWeights,
        optimizer: Weights(), bestWeights: nil)
      try directory.write(
        digests: training.data.contentDigests, uses: training.data.uses(by: training.split))
      try directory.write(start, of: configuration)
    }
    try directory.write(configuration)
  }

  /// A run that goes on; the folder must be open.
  ///
  /// - Throws: `InputError` when the data are no longer those that the run began with.
  package init(
    resuming directory: RunDirectory, data: PreparedData,
    mechanisms: AttentionCatalog = .builtIn
  ) throws {
    self.directory = directory
    self.mechanisms = mechanisms
    var configuration = try directory.configuration()
    var training = try data.training(
      goingOnWith: configuration, in: directory, mechanisms: mechanisms)
    training.threads = configuration.trainingThreads
    self.training = training
    goesOn = true
    foundNotes =
      configuration.data.contentDigest == nil
      ? [
        "The run is of an older Fovea, which did not keep what its \(data.medium.nouns) held: only "
          + "their names and labels are compared."
      ] : []
    if configuration.identity == nil {
      configuration.identity = directory.identity
      try directory.write(configuration)
    }
    self.configuration = configuration
  }

  /// What is to be said before it begins or goes on: what of the data could not be compared, and where this
  /// machine has fewer processors than the run's threads.
  package var notes: [String] {
    foundNotes
      + (KernelTeam.note(onThreads: configuration.trainingThreads, goesOn: goesOn).map { [$0] }
        ?? [])
  }

  /// Trains to the end, or goes on where the last checkpoint left off.
  ///
  /// - Parameter laterPasses: examples that the network meets after training, in passes forward.
  /// - Throws: `InputError`, also where training diverged before any epoch had ended: the run's
  ///   configuration then says so; `CancellationError` when the task is cancelled: everything is kept.
  package func execute(
    laterPasses: Double = 0, report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> (configuration: RunConfiguration, outcome: Trainer.Outcome) {
    let directory = directory
    let checkpoint = try directory.checkpoint(of: configuration, for: training.model)
    let begun = configuration
    if let divergence = checkpoint?.state.divergence {
      try directory.write(begun.diverged(divergence))
    }
    var outcome = try await training.run(
      from: checkpoint, startedAt: secondsSince1970(), laterPasses: laterPasses,
      save: { checkpoint in
        do {
          try directory.write(checkpoint, of: begun)
          try directory.write(
            history: checkpoint.state.history, startedAt: checkpoint.startedAt)
          if let divergence = checkpoint.state.divergence {
            try directory.write(begun.diverged(divergence))
          }
        } catch let error as InputError {
          let advice = error.advice.map { "\($0). " } ?? ""
          throw InputError(
            error.problem, at: error.place,
            advice: "\(advice)The checkpoint before is whole; \(.resume) goes on from it")
        }
      }, report: report)
    var configuration = outcome.divergence.map { begun.diverged($0) } ?? begun
    configuration.keptEpoch =
      training.settings.keepsBest ? outcome.best ?? outcome.history.last : outcome.history.last
    // Whoever runs the network, for whatever, then gets calibrated probabilities.
    if let temperature = configuration.keptEpoch?.temperature {
      outcome.weights = outcome.weights.calibrated(
        by: temperature, head: configuration.classifier.network.headPrefix)
    }
    try outcome.weights.write(to: directory.weightsURL)
    try directory.write(configuration)
    return (configuration, outcome)
  }
}

extension RunConfiguration {
  /// The same, of a run whose training diverged.
  func diverged(_ divergence: Divergence) -> RunConfiguration {
    var configuration = self
    configuration.divergence = divergence
    return configuration
  }
}

extension KernelTeam {
  /// What is to be said where a run, new or one that goes on, is trained on more threads than there are
  /// processors for; `nil` where there is nothing.
  static func note(onThreads threads: Int?, goesOn: Bool) -> String? {
    guard let threads, threads > defaultThreads else { return nil }
    let count = NumberText.count(threads, "thread")
    return goesOn
      ? "The run was begun on \(count) and goes on with as many, so that the weights are the same; here "
        + "are \(NumberText.count(defaultThreads, "processor")), so it takes longer."
      : "\(count) on \(NumberText.count(defaultThreads, "processor")): it takes longer."
  }
}

extension PreparedData {
  /// The training of a run that goes on.
  ///
  /// - Throws: `InputError` that says what is no longer as it was when the run began.
  fileprivate func training(
    goingOnWith configuration: RunConfiguration, in directory: RunDirectory,
    mechanisms: AttentionCatalog
  ) throws -> ClassifierTraining {
    let data = configuration.data
    func changed(_ how: String) -> InputError {
      InputError(
        "the \(medium.nouns) or their labels are no longer those that the run began with (\(how))",
        at: directory.path, advice: "Start a new run in another \(.output)")
    }
    let known = configuration.classifier.classes
    guard classes == known else {
      let names =
        (classes.filter { !known.contains($0) }.map { "\($0) is new" })
        + known.filter { !classes.contains($0) }.map { "\($0) is missing" }
      throw changed(names.isEmpty ? "the classes have another order" : Self.first(names))
    }
    let training = try ClassifierTraining(
      self, description: configuration.classifier, settings: configuration.training,
      split: split(configuration.training), mechanisms: mechanisms)
    guard training.fingerprint == data.fingerprint else {
      let counts = (data.trainingCount + data.validationCount, self.training.usable.count)
      throw changed(
        counts.0 != counts.1
          ? "\(NumberText.count(counts.1)) in place of \(NumberText.count(counts.0))"
          : data.testCount != test?.usable.count
            ? "another test part" : "other names, labels or parts")
    }
    guard data.contentDigest == nil || data.contentDigest == contentDigest else {
      let names = directory.changed(among: contentDigests).map { usableNames[$0] }
      throw InputError(
        "the content of \(names.isEmpty ? "the \(medium.nouns)" : Self.first(names)) has changed "
          + "since the run began",
        at: directory.path,
        advice: "Put back what was there, or start a new run in another \(.output)")
    }
    return training
  }

  private static func first(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ")
      + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }
}
