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
            + "\(NumberText.fixed(input.spectrogram.windowMilliseconds, decimals: 0)) ms"
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

  static func rows(_ settings: TrainingSettings) -> [(String, String)] {
    var optimizer = "\(settings.optimizer.rawValue), learning rate \(settings.learningRate)"
    if settings.weightDecay > 0 { optimizer += ", weight decay \(settings.weightDecay)" }
    var rows = [
      (
        "Epochs",
        "\(NumberText.count(settings.epochs)) at most"
          + (settings.patience > 0
            ? ", ended by \(NumberText.count(settings.patience, "epoch")) in a row without a better one"
            : ", none left out")
      ),
      (
        "Weights kept",
        settings.keepsBest ? "of the epoch with the best validation result" : "of the last epoch"
      ),
      ("Batch size", NumberText.count(settings.batchSize)),
      ("Optimiser", optimizer),
      ("Schedule", settings.schedule.rawValue),
      ("Gradient clip", settings.gradientClip > 0 ? "norm \(settings.gradientClip)" : "none"),
      ("Augmentation", settings.augmentation),
      ("Validation split", NumberText.percent(settings.validationSplit)),
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
      ("Threads", settings.threads.map { NumberText.count($0) } ?? "all processors"),
    ]
    return rows
  }
}
