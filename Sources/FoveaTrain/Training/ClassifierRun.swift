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
  private let configuration: RunConfiguration
  private let mechanisms: AttentionCatalog

  /// A new run; the folder must have been made.
  ///
  /// - Parameters:
  ///   - warnings: what the check of the data warned of.
  ///   - command: the words of the command that begins it.
  package init(
    _ training: ClassifierTraining, in directory: RunDirectory, dataPath: String,
    startedFrom: String? = nil, mechanisms: AttentionCatalog = .builtIn,
    warnings: [String]? = nil, command: [String]? = nil
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
    configuration.data.warnings = warnings
    configuration.command = command
    configuration.trainingThreads =
      training.threads ?? training.settings.threads ?? KernelTeam.defaultThreads
    self.configuration = configuration
    directory.removeLeftovers()
    // The start is kept before the run is there: what it was transferred from may be gone when
    // the run goes on.
    if !FileManager.default.fileExists(atPath: directory.checkpointURL.path) {
      let start = Checkpoint(
        state: TrainingState(), startedAt: secondsSince1970(), weights: training.startWeights,
        optimizer: Weights(), bestWeights: nil)
      try start.write(to: directory.checkpointURL)
    }
    try directory.write(configuration)
  }

  /// A run that goes on.
  ///
  /// - Throws: `InputError` when the data are no longer those that the run began with.
  package init(
    resuming directory: RunDirectory, data: PreparedData,
    mechanisms: AttentionCatalog = .builtIn
  ) throws {
    self.directory = directory
    self.mechanisms = mechanisms
    configuration = try directory.configuration()
    let changed = InputError(
      "the \(data.medium.nouns) or their labels are no longer those that the run began with",
      at: directory.path, advice: "Start a new run with another --output")
    guard data.classes == configuration.classifier.classes else { throw changed }
    var training = try ClassifierTraining(
      data, description: configuration.classifier, settings: configuration.training,
      split: data.split(configuration.training), mechanisms: mechanisms)
    training.threads = configuration.trainingThreads
    self.training = training
    guard training.fingerprint == configuration.data.fingerprint else { throw changed }
    directory.removeLeftovers()
  }

  /// What is said where this machine has fewer processors than the run's threads.
  package var notes: [String] {
    KernelTeam.note(onThreads: configuration.trainingThreads).map { [$0] } ?? []
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
    let checkpoint =
      FileManager.default.fileExists(atPath: directory.checkpointURL.path)
      ? try Checkpoint(contentsOf: directory.checkpointURL) : nil
    let begun = configuration
    if let divergence = checkpoint?.state.divergence {
      try directory.write(begun.diverged(divergence))
    }
    let outcome = try await training.run(
      from: checkpoint, startedAt: secondsSince1970(), laterPasses: laterPasses,
      save: { checkpoint in
        do {
          try checkpoint.write(to: directory.checkpointURL)
          try directory.write(
            history: checkpoint.state.history, startedAt: checkpoint.startedAt)
          if let divergence = checkpoint.state.divergence {
            try directory.write(begun.diverged(divergence))
          }
        } catch let error as InputError {
          let advice = error.advice.map { "\($0). " } ?? ""
          throw InputError(
            error.problem, at: error.place,
            advice: "\(advice)The checkpoint before is whole; --resume goes on from it")
        }
      }, report: report)
    try outcome.weights.write(to: directory.weightsURL)
    var configuration = outcome.divergence.map { begun.diverged($0) } ?? begun
    configuration.keptEpoch =
      training.settings.keepsBest ? outcome.best ?? outcome.history.last : outcome.history.last
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
  /// What is to be said where a run is trained on more threads than there are processors for; `nil` where
  /// there is nothing.
  static func note(onThreads threads: Int?) -> String? {
    guard let threads, threads > defaultThreads else { return nil }
    return
      "The run was begun on \(NumberText.count(threads, "thread")) and goes on with as many, so that "
      + "the weights are the same; here are \(NumberText.count(defaultThreads)), so it takes longer."
  }
}
