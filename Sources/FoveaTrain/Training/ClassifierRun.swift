import FoundationEssentials
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
    training = try ClassifierTraining(
      data, description: configuration.classifier, settings: configuration.training,
      split: data.split(configuration.training), mechanisms: mechanisms)
    guard training.fingerprint == configuration.data.fingerprint else { throw changed }
    directory.removeLeftovers()
  }

  /// Trains to the end, or goes on where the last checkpoint left off.
  ///
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled: everything is kept.
  package func execute(
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> (configuration: RunConfiguration, outcome: Trainer.Outcome) {
    let directory = directory
    let checkpoint = try directory.checkpoint(for: training.model, training.settings)
    let outcome = try await training.run(
      from: checkpoint, startedAt: secondsSince1970(),
      save: { checkpoint in
        do {
          try checkpoint.write(to: directory.checkpointURL)
          try directory.write(
            history: checkpoint.state.history, startedAt: checkpoint.startedAt)
        } catch let error as InputError {
          let advice = error.advice.map { "\($0). " } ?? ""
          throw InputError(
            error.problem, at: error.place,
            advice: "\(advice)The checkpoint before is whole; --resume goes on from it")
        }
      }, report: report)
    try outcome.weights.write(to: directory.weightsURL)
    var configuration = configuration
    configuration.keptEpoch =
      training.settings.keepsBest ? outcome.best ?? outcome.history.last : outcome.history.last
    try directory.write(configuration)
    return (configuration, outcome)
  }
}
