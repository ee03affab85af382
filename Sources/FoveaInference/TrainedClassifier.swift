import FoundationEssentials
package import FoveaData
import FoveaMetrics
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

  /// A classifier with these weights.
  ///
  /// - Throws: `InputError` when the weights do not fit the network.
  package init(
    configuration: RunConfiguration, weights: Weights, mechanisms: AttentionCatalog = .builtIn
  ) throws {
    self.configuration = configuration
    self.weights = weights
    model = try configuration.classifier.model(mechanisms: mechanisms)
    engine = try PredictionEngine(
      model, weights: weights, threads: configuration.training.threads)
  }

  /// The classifier of a run.
  ///
  /// - Throws: `InputError` when there is no trained run, or the weights do not fit.
  package init(_ run: RunDirectory, mechanisms: AttentionCatalog = .builtIn) throws {
    let configuration = try run.configuration()
    if let objective = configuration.objective {
      throw InputError(
        "was pre-trained (\(objective)) and tells no classes apart yet", at: run.path,
        advice: "Train a classifier that starts from it: fovea train DATA --from \(run.path)")
    }
    let model = try configuration.classifier.model(mechanisms: mechanisms)
    try self.init(
      configuration: configuration, weights: run.weights(for: model), mechanisms: mechanisms)
  }

  /// Writes configuration and weights to a folder.
  ///
  /// - Parameter overwrite: whether a run that is there may be replaced.
  /// - Throws: `InputError` when the folder cannot be written.
  package func write(to run: RunDirectory, overwrite: Bool) throws {
    try run.create(overwrite: overwrite)
    try weights.write(to: run.weightsURL)
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
      report: try EvaluationReport(evaluation, task: task, classes: classes), store: store,
      evaluation: evaluation)
  }
}

/// A report with what it was made of.
package struct DetailedEvaluation: Sendable {
  package let report: EvaluationReport
  package let store: any ExampleStore
  package let evaluation: Evaluation
}
