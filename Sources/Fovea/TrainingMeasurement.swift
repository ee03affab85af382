import FoveaArray

/// What a training came to on examples that it did not train on: the test part, or the validation part where
/// there is none.
struct TrainingMeasurement: Sendable {
  /// `test` or `validation`.
  let part: String
  let evaluation: DetailedEvaluation
  /// What the fitted temperature does to probabilities; absent where words are heard.
  let calibration: CalibrationChange?
  /// What simple classifiers do on the same examples; none where words are heard.
  let baselines: [Baseline]
}

extension TrainingRun {
  /// Training examples that are looked at once more as the network is kept.
  static let gapExamples = 512

  /// What is measured after training, and which examples those are; `nil` where nothing was set aside.
  func measuredPart(
    _ data: PreparedData, _ split: StratifiedSplit
  ) -> (part: String, store: any ExampleStore, indices: [Int])? {
    if let test = data.test { return ("test", test, test.usable) }
    return split.heldOut.isEmpty ? nil : ("validation", data.training, split.heldOut)
  }

  /// Measures a trained network, and says where it does otherwise than in training.
  func measure(
    _ trained: TrainedClassifier, _ data: PreparedData, _ split: StratifiedSplit
  ) async throws -> TrainingMeasurement? {
    try await sayInferenceGap(trained, data, split)
    guard let (part, store, indices) = measuredPart(data, split) else { return nil }
    report(.training(.evaluating(count: indices.count)))
    let detailed = try await trained.detailedEvaluation(on: store, indices: indices)
    let evaluation = detailed.evaluation
    return TrainingMeasurement(
      part: part, evaluation: detailed,
      calibration: trained.configuration.keptEpoch?.temperature.flatMap {
        CalibrationChange(temperature: $0, logits: evaluation.logits, labels: evaluation.labels)
      },
      baselines: try await Baseline.fitted(
        on: data.training, split: split, measuredOn: store, evaluation.examples,
        network: evaluation.isCorrect, threads: request.settings.threads))
  }

  private func sayInferenceGap(
    _ trained: TrainedClassifier, _ data: PreparedData, _ split: StratifiedSplit
  ) async throws {
    guard trained.task == .classify, let epoch = trained.configuration.keptEpoch else { return }
    let key = RandomKey(seed: trained.configuration.training.seed).folding("inference")
    let some = key.permutation(of: split.kept.count).prefix(Self.gapExamples)
      .map { split.kept[$0] }
    let accuracy = try await trained.evaluation(
      on: data.training.evaluationFeed(of: some.sorted(), batchSize: 64)
    ).accuracy
    let note = Self.gapNote(
      training: epoch.trainingAccuracy, inference: accuracy,
      of: NumberText.count(some.count, data.medium.noun))
    if let note { report(.note(note)) }
  }

  /// A sentence where a network has at least ten points fewer of its training examples right than it had
  /// while it trained.
  package static func gapNote(training: Double, inference: Double, of examples: String) -> String? {
    guard training - inference >= 0.1 else { return nil }
    return
      "Warning: while it trained, the network had \(NumberText.percent(training)) right of what it was "
      + "trained on; as it is kept it has \(NumberText.percent(inference)) right of \(examples) of that. "
      + "A smaller learning rate or larger batches bring the two together."
  }
}
