import FoveaArray
import FoveaData
import FoveaRuns

/// Examples and training as names with values.
enum SettingsText {
  static func rows(_ input: ModelInput) -> [(String, String)] {
    switch input {
    case .picture(let input): rows(input)
    case .sound(let input):
      [
        ("Recordings", input.summary),
        (
          "Bands",
          "\(input.spectrogram.bands), \(input.spectrogram.scale.rawValue), windows of "
            + "\(NumberText.exact(input.spectrogram.windowMilliseconds)) ms"
        ),
      ]
    case .text(let input):
      [
        ("Texts", input.summary),
        ("Longer texts", input.longTexts == .cut ? "beginning" : "window by window"),
      ]
    }
  }

  private static func rows(_ input: PictureInput) -> [(String, String)] {
    [
      (
        "Pictures",
        "\(input.width)×\(input.height), \(input.channels == .grey ? "grey" : "colour"), "
          + (input.mode == .exact ? "stretched to fit" : "shorter side fitted, middle kept")
      )
    ]
  }

  /// What is known of a training, or of those of a comparison, beside the settings.
  struct Course {
    /// What people call an example.
    var noun: String
    /// The fewest and the most examples that a training set aside for validation.
    var validation: ClosedRange<Int>
    /// What divergence cut short; `nil` where nothing diverged.
    var divergence: String?
    /// The threads that were trained on, where they are known.
    var threads: Int?

    /// Whether there was a validation part that could choose an epoch.
    var isValidated: Bool { validation.upperBound > 0 }

    var validationText: String {
      guard isValidated else { return "none" }
      let most = NumberText.count(validation.upperBound, noun)
      return validation.lowerBound == validation.upperBound
        ? most : "\(NumberText.count(validation.lowerBound)) to \(most)"
    }
  }

  private static func epochs(_ settings: TrainingSettings, _ course: Course) -> String {
    let end =
      if let divergence = course.divergence {
        divergence
      } else if settings.patience > 0, course.isValidated {
        "ended by \(NumberText.count(settings.patience, "epoch")) in a row without a better one"
      } else {
        "none left out"
      }
    return "\(NumberText.count(settings.epochs)) at most, \(end)"
  }

  private static func weightsKept(_ settings: TrainingSettings, _ course: Course) -> String {
    if settings.keepsBest, course.isValidated {
      return "of the epoch with the best validation result"
    }
    return course.divergence == nil
      ? "of the last epoch" : "of the last epoch before training diverged"
  }

  static func rows(_ settings: TrainingSettings, _ course: Course) -> [(String, String)] {
    var optimizer = "\(settings.optimizer.rawValue), learning rate \(settings.learningRate)"
    if settings.weightDecay > 0 { optimizer += ", weight decay \(settings.weightDecay)" }
    var rows = [
      ("Epochs", epochs(settings, course)),
      ("Weights kept", weightsKept(settings, course)),
      ("Batch size", NumberText.count(settings.batchSize)),
      ("Optimiser", optimizer),
      ("Schedule", settings.schedule.rawValue),
      ("Gradient clip", settings.gradientClip > 0 ? "norm \(settings.gradientClip)" : "none"),
      ("Augmentation", settings.augmentation),
      ("Validation", course.validationText),
    ]
    if settings.labelSmoothing > 0 {
      rows.append(("Label smoothing", "\(settings.labelSmoothing)"))
    }
    if settings.weighsClasses { rows.append(("Class weights", "by inverse frequency")) }
    if !settings.frozen.isEmpty {
      rows.append(("Frozen parameters", settings.frozen.joined(separator: ", ")))
    }
    rows += [
      ("Seed", "\(settings.seed)"),
      (
        "Threads",
        (course.threads ?? settings.threads).map { NumberText.count($0) } ?? "all processors"
      ),
    ]
    return rows
  }
}
