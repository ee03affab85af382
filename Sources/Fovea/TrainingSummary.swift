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
  /// Where training came to numbers that are not finite; left out where it did not.
  package let divergence: Divergence?
  /// `test` or `validation`: what `evaluation` was measured on.
  package let evaluatedPart: String?
  package let evaluation: EvaluationReport?
  /// What simple classifiers do on the same examples.
  package let baselines: [Baseline]
  /// What the fitted temperature does to probabilities on them.
  package let calibration: CalibrationChange?
  /// Whether validation chose which of several epochs is kept.
  package let choseEpoch: Bool
  /// What the check of the data warned of before training.
  package let warnings: [String]
  package let broken: BrokenExamples
  /// What was done this time took so long: of a run that went on, from where it went on.
  package let seconds: Double
  /// Whether a run went on that was begun before.
  package let wentOn: Bool

  init(
    run: String, classifier: TrainedClassifier, outcome: Trainer.Outcome,
    measurement: TrainingMeasurement?, broken: BrokenExamples, seconds: Double,
    wentOn: Bool
  ) {
    schemaVersion = 1
    self.run = run
    medium = classifier.medium
    classes = classifier.classes
    let counts = classifier.model.parameterCounts(
      freezing: classifier.configuration.training.frozen)
    trainedParameters = counts.trained
    totalParameters = counts.total
    epochs = outcome.history.count
    keptEpoch = classifier.configuration.keptEpoch
    divergence = outcome.divergence
    evaluatedPart = measurement?.part
    evaluation = measurement?.evaluation.report
    baselines = measurement?.baselines ?? []
    calibration = measurement?.calibration
    choseEpoch =
      ValidationChoice(
        of: classifier.configuration, epochs: outcome.history.count
      ).choseEpoch
    warnings = classifier.configuration.data.warnings ?? []
    self.broken = broken
    self.seconds = seconds
    self.wentOn = wentOn
  }

  /// For people.
  package var lines: [String] {
    var lines = divergence.map { [$0.note] } ?? []
    if let evaluation, let evaluatedPart {
      lines.append(evaluation.summary(of: "\(evaluatedPart) \(medium.noun)") + ".")
      if let calibration { lines.append(calibration.sentence) }
      lines += baselines.map(\.sentence)
      if let warning = baselines.warning { lines.append("Warning: \(warning)") }
      if evaluatedPart == "validation" {
        let choice = ValidationChoice(
          choseEpoch: choseEpoch, choseTemperature: keptEpoch?.temperature != nil)
        lines.append(choice.caveat(of: medium))
      }
    } else {
      lines.append(
        "Nothing was set aside, so how good the network is on new \(medium.nouns) is not known.")
    }
    if let kept = keptEpoch {
      lines.append(
        "Weights of epoch \(kept.epoch) of \(epochs) are kept "
          + "(\(NumberText.duration(seconds)) \(wentOn ? "since it went on" : "in all")).")
    }
    lines.append("Run: \(run)")
    return lines
  }
}

extension EvaluationReport {
  /// The result in one line, without a full stop.
  package func summary(of noun: String) -> String {
    switch self {
    case .classification(let report):
      let interval = report.accuracyInterval
      return """
        Accuracy \(NumberText.percent(report.accuracy)) on \
        \(NumberText.count(report.itemCount, noun))\(Self.groups(report.groupCount)), 95 % interval \
        \(NumberText.percentRange(interval.lower, interval.upper))
        """
    case .transcription(let report):
      let errors = report.errors
      return """
        Word error rate \(NumberText.percent(report.rate)) on \
        \(NumberText.count(report.utteranceCount, noun))\(Self.groups(report.groupCount)), \
        \(report.interval.map {
          "95 % interval \(NumberText.percentRange($0.lower, $0.upper))"
        } ?? "too few for an interval"): \
        \(NumberText.count(errors.count, "error")) in \
        \(NumberText.count(errors.words, "word"))
        """ + (errors.count == 0 ? "" : Self.kinds(errors))
    }
  }

  private static func kinds(_ errors: WordErrors) -> String {
    """
    . Counted as \(NumberText.count(errors.substitutions, "substitution")), \
    \(NumberText.count(errors.deletions, "deletion")) and \
    \(NumberText.count(errors.insertions, "insertion")), which is one of several ways to count the \
    same errors
    """
  }

  private static func groups(_ count: Int?) -> String {
    count.map { " in \(NumberText.count($0, "group"))" } ?? ""
  }

  /// What the intervals of an evaluation are about, and what they do not cover.
  package static let coverage =
    "Intervals are about this network on other items of the kind; they do not cover what training again, or "
    + "on another training set, would change."
}
