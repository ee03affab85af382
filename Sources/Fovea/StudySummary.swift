import FoveaArray

/// What a comparison came to, as `fovea compare --json` prints it: the result's own keys, as for
/// results from elsewhere, and beside them what the networks cost.
package struct StudySummary: Codable, Sendable {
  /// One of the three networks.
  package struct NetworkSummary: Codable, Sendable {
    package let arm: Arm
    package let attention: String
    package let trainedParameters: Int
    package let totalParameters: Int
    /// Additions and multiplications to classify one example.
    package let floatingPointOperations: Int
    /// The mean time of a training.
    package let secondsPerTraining: Double
    /// The mean accuracy, or word accuracy, over seeds.
    package let accuracy: Double
  }

  package let schemaVersion: Int
  package let result: StudyResult
  package let networks: [NetworkSummary]
  /// What is shown beside, if there is anything.
  package let control: ControlResult?
  /// What is to be minded of the data.
  package let warnings: [String]
  package let settings: TrainingSettings
  /// Examples that the first seed's networks are trained on.
  package let trainingCount: Int
  /// Those that choose their epochs.
  package let validationCount: Int
  package let testCount: Int
  package let seconds: Double

  init(
    study: ComparisonStudy, outcome: ComparisonStudy.Outcome, warnings: [String], seconds: Double
  ) {
    schemaVersion = 1
    result = outcome.result
    control = outcome.control
    settings = study.settings
    trainingCount = study.trainingCount
    validationCount = study.validationCount
    testCount = study.testIndices.count
    self.warnings = warnings + [Self.warning(study, outcome)].compactMap { $0 }
    self.seconds = seconds
    networks = Arm.allCases.compactMap { arm in
      let runs = outcome.trained.filter { $0.arm == arm }
      guard let network = runs.first?.network else { return nil }
      return NetworkSummary(
        arm: arm, attention: network.attention, trainedParameters: network.trainedParameters,
        totalParameters: network.totalParameters,
        floatingPointOperations: network.floatingPointOperations,
        secondsPerTraining: runs.map { $0.history.map(\.seconds).reduce(0, +) }.reduce(0, +)
          / Double(runs.count),
        accuracy: outcome.result.accuracy(of: arm) ?? 0)
    }
  }

  /// A network whose interval holds the share of the commonest class may say nothing else: what is compared
  /// then is how soon networks begin to learn.
  private static func warning(
    _ study: ComparisonStudy, _ outcome: ComparisonStudy.Outcome
  ) -> String? {
    let examples = study.testStore.dataset.examples
    guard study.testStore.dataset.task == .classify, !study.testIndices.isEmpty else { return nil }
    var counts: [Int: Int] = [:]
    for index in study.testIndices { counts[examples[index].label, default: 0] += 1 }
    guard let commonest = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
      return nil
    }
    let share = Double(commonest.value) / Double(study.testIndices.count)
    let evaluated = outcome.trained.compactMap(\.evaluation)
    let unlearned = evaluated.count { evaluation in
      let right = evaluation.isCorrect.count { $0 }
      return ConfidenceInterval.wilson(successes: right, trials: evaluation.isCorrect.count).lower
        <= share
    }
    guard unlearned > 0 else { return nil }
    return
      "\(NumberText.count(unlearned)) of \(NumberText.count(evaluated.count, "network")) "
      + "\(unlearned == 1 ? "is" : "are") not shown to be better than always saying "
      + "\(study.data.classes[commonest.key]) (\(NumberText.percent(share))), as far as "
      + "\(NumberText.count(study.testIndices.count, study.data.medium.noun)) "
      + "\(study.testIndices.count == 1 ? "tells" : "tell"). More epochs, or more examples to train or to test "
      + "on, may change the verdict."
  }
}

// MARK: - JSON

extension StudySummary {
  private enum Key: String, CodingKey {
    case schemaVersion, networks, control, warnings, settings, trainingCount, validationCount,
      testCount
    case seconds
  }

  package init(from decoder: any Decoder) throws {
    result = try StudyResult(from: decoder)
    let container = try decoder.container(keyedBy: Key.self)
    schemaVersion = try container.decode(Int.self, forKey: .schemaVersion)
    networks = try container.decode([NetworkSummary].self, forKey: .networks)
    control = try container.decodeIfPresent(ControlResult.self, forKey: .control)
    // Older ones do not know it.
    warnings = try container.decodeIfPresent([String].self, forKey: .warnings) ?? []
    settings = try container.decode(TrainingSettings.self, forKey: .settings)
    trainingCount = try container.decode(Int.self, forKey: .trainingCount)
    validationCount = try container.decodeIfPresent(Int.self, forKey: .validationCount) ?? 0
    testCount = try container.decode(Int.self, forKey: .testCount)
    seconds = try container.decode(Double.self, forKey: .seconds)
  }

  package func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(schemaVersion, forKey: .schemaVersion)
    try container.encode(networks, forKey: .networks)
    try container.encodeIfPresent(control, forKey: .control)
    try container.encode(warnings, forKey: .warnings)
    try container.encode(settings, forKey: .settings)
    try container.encode(trainingCount, forKey: .trainingCount)
    try container.encode(validationCount, forKey: .validationCount)
    try container.encode(testCount, forKey: .testCount)
    try container.encode(seconds, forKey: .seconds)
  }
}
