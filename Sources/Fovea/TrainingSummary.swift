/// What a training came to, as `fovea train --json` prints it.
package struct TrainingSummary: Codable, Sendable {
  package let schemaVersion: Int
  package let run: String
  package let medium: Medium
  package let classes: [String]
  package let trainedParameters: Int
  package let totalParameters: Int
  /// Epochs that were trained.
  package let epochs: Int
  /// The epoch whose weights are kept.
  package let keptEpoch: EpochRecord?
  /// `test` or `validation`: what `evaluation` was measured on.
  package let evaluatedPart: String?
  package let evaluation: ClassificationReport?
  package let broken: BrokenExamples
  package let seconds: Double

  init(
    run: String, classifier: TrainedClassifier, outcome: Trainer.Outcome, evaluatedPart: String?,
    evaluation: ClassificationReport?, broken: BrokenExamples, seconds: Double
  ) {
    schemaVersion = 1
    self.run = run
    medium = classifier.medium
    classes = classifier.classes
    let counts = classifier.model.parameterCounts
    trainedParameters = counts.trained
    totalParameters = counts.total
    epochs = outcome.history.count
    keptEpoch = classifier.configuration.keptEpoch
    self.evaluatedPart = evaluatedPart
    self.evaluation = evaluation
    self.broken = broken
    self.seconds = seconds
  }

  /// For people.
  package var lines: [String] {
    var lines: [String] = []
    if let evaluation, let evaluatedPart {
      let interval = evaluation.accuracyInterval
      lines.append(
        """
        Accuracy \(NumberText.percent(evaluation.accuracy)) on \
        \(NumberText.count(evaluation.itemCount, "\(evaluatedPart) \(medium.noun)")), 95 % interval \
        \(NumberText.percentRange(interval.lower, interval.upper)).
        """)
      if evaluatedPart == "validation" {
        lines.append(
          "These \(medium.nouns) chose the epoch that is kept, so new \(medium.nouns) will fare a little worse."
        )
      }
    } else {
      lines.append(
        "Nothing was set aside, so how good the network is on new \(medium.nouns) is not known.")
    }
    if let kept = keptEpoch {
      lines.append(
        "Weights of epoch \(kept.epoch) of \(epochs) are kept "
          + "(\(NumberText.duration(seconds)) in all).")
    }
    lines.append("Run: \(run)")
    return lines
  }
}
