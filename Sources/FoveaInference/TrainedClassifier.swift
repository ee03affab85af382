import FoundationEssentials
package import FoveaData
import FoveaKernels
package import FoveaMetrics
package import FoveaNN
package import FoveaRuns

/// A trained classifier of any medium: what the classifiers of one medium have in common.
///
/// A value that can be sent between tasks; any number of requests may be made at once.
package struct TrainedClassifier: Sendable {
  /// What the classifier was trained to be, and how.
  package let configuration: RunConfiguration
  package let weights: Weights
  package let model: any ClassificationModel
  package let engine: PredictionEngine
  /// Threads that kernels run on; all processors where `nil`.
  package let threads: Int?

  /// A classifier with these weights.
  ///
  /// - Parameter threads: that kernels run on; as many as in training where not given, but no more than
  ///   there are processors.
  /// - Throws: `InputError` when the weights do not fit the network, or for a number of threads that
  ///   cannot be.
  package init(
    configuration: RunConfiguration, weights: Weights, mechanisms: AttentionCatalog = .builtIn,
    threads: Int? = nil
  ) throws {
    try ThreadCount.check(threads)
    self.threads =
      threads ?? configuration.training.threads.map { min($0, KernelTeam.processors) }
    self.configuration = configuration
    self.weights = weights
    model = try configuration.classifier.model(mechanisms: mechanisms)
    engine = try PredictionEngine(model, weights: weights, threads: self.threads)
  }

  /// The classifier of a run.
  ///
  /// - Throws: `InputError` when there is no trained run, or the weights do not fit.
  package init(
    _ run: RunDirectory, mechanisms: AttentionCatalog = .builtIn, threads: Int? = nil
  ) throws {
    try ThreadCount.check(threads)
    let configuration = try run.configuration()
    if let objective = configuration.objective {
      throw InputError(
        "was pre-trained (\(objective)) and tells no classes apart yet", at: run.path,
        advice: "Train a classifier that starts from it, with it as \(.from)")
    }
    let model = try configuration.classifier.model(mechanisms: mechanisms)
    try self.init(
      configuration: configuration, weights: run.weights(for: model), mechanisms: mechanisms,
      threads: threads)
  }

  /// Writes configuration and weights to a folder.
  ///
  /// - Parameters:
  ///   - overwrite: whether a run that is there may be replaced.
  ///   - besides: writes what else belongs to the run, before it is whole.
  /// - Throws: `InputError` when the folder cannot be written.
  package func write(
    to run: RunDirectory, overwrite: Bool, besides: ((RunDirectory) throws -> Void)? = nil
  ) throws {
    let folder = try run.open(run.folder(.new(replacing: overwrite), verb: "write"))
    defer { folder.close() }
    try weights.write(to: run.weightsURL)
    try besides?(run)
    var configuration = configuration
    configuration.identity = folder.identity
    try run.write(configuration)
  }

  /// The classes in the order of probabilities.
  package var classes: [String] { configuration.classifier.classes }

  /// What examples are.
  package var medium: Medium { configuration.classifier.input.medium }

  /// What it says of examples.
  package var task: LearningTask { configuration.classifier.task }

  /// The mean of what the classifier says of parts of one example.
  ///
  /// - Parameters:
  ///   - parts: the probability of each class, for each part
  ///   - weights: how much each part counts
  func mean(of parts: [[Float]], weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    return classes.indices.map { index in
      zip(parts, weights).reduce(0) { $0 + Double($1.0[index]) * $1.1 / total }
    }
  }

  /// What the classifier says of each example of a feed.
  package func evaluation(on feed: any BatchFeed) async throws -> Evaluation {
    try await namingExamples { try await engine.evaluation(on: feed) }
  }

  /// A report on some of a store's examples, with each example's result.
  package func detailedEvaluation(
    on store: any ExampleStore, indices: [Int], decoder: WordDecoder = WordDecoder()
  ) async throws -> DetailedEvaluation {
    let examples = store.dataset.examples
    let evaluation = try await namingExamples({ examples[$0].name }) {
      try await engine.evaluation(
        on: store.evaluationFeed(of: indices, batchSize: 64), decoder: decoder)
    }
    return DetailedEvaluation(
      report: try EvaluationReport(
        evaluation, task: task, classes: classes,
        groups: evaluation.examples.map { examples[$0].group }), store: store,
      evaluation: evaluation)
  }
}

/// A report with what it was made of.
package struct DetailedEvaluation: Sendable {
  package let report: EvaluationReport
  package let store: any ExampleStore
  package let evaluation: Evaluation

  /// The results of each value of the column that was read to tell them apart by.
  package func parts(by column: String) -> PartResults {
    let examples = evaluation.examples.map { store.dataset.examples[$0] }
    return PartResults(
      by: column, values: examples.map { $0.category ?? "" }, isCorrect: evaluation.isCorrect,
      words: store.dataset.task == .transcribe ? evaluation.wordErrors : nil,
      groups: examples.map(\.group))
  }
}
