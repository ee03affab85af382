import FoveaData
package import FoveaRuns

/// A visual search whose answer and place are known: find the red–green grating among luminance
/// gratings and say how its bars run.
package struct SearchTask: Sendable {
  /// The folder's name in the demonstration's output.
  package let name: String
  /// How far a grating's peak lies from grey; the noise has a deviation of 0.25.
  package let contrast: Double

  /// Channels of the two convolutions, half of what networks have by default: enough for gratings, in
  /// half the time.
  static let widths = [16, 32]

  /// How all of its networks are trained. Not as `train` does where nobody chose: pictures that are moved and a rate
  /// that ends at 0 ask for more than the few epochs that somebody waits for here.
  package static func training(_ size: Demonstration.Size) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.epochs = size.epochs
    settings.batchSize = 64
    settings.optimizer = .adam
    settings.learningRate = 0.001
    settings.weightDecay = 0
    settings.schedule = .constant
    settings.augmentation = "none"
    settings.seed = size.seed
    return settings
  }

  /// Gratings at the limit of what a small network learns in eight epochs without attention.
  package static let hard = SearchTask(name: "hard", contrast: 0.3)
  /// Gratings that stand out.
  package static let easy = SearchTask(name: "easy", contrast: 0.8)

  /// The scenes to train and to test on.
  ///
  /// - Throws: `InputError` for counts that cannot be.
  func scenes(_ size: Demonstration.Size) throws -> SceneSet {
    try SceneSet(
      SceneOptions(kind: .feature, count: size.trainingCount, contrast: contrast, seed: size.seed),
      testCount: size.testCount)
  }

  /// The command that makes the same scenes as files.
  func sceneCommand(_ size: Demonstration.Size) -> String {
    "fovea data scenes --kind feature --count \(size.trainingCount) --test-count \(size.testCount) "
      + "--contrast \(contrast) --seed \(size.seed) --output \(name)-scenes"
  }

  /// The command that compares networks on those files with the same result.
  func compareCommand(_ size: Demonstration.Size) -> String {
    let training = Self.training(size)
    return
      "fovea compare \(name)-scenes --seeds \(size.seedCount) --epochs \(training.epochs) "
      + "--widths \(Self.widths.map(String.init).joined(separator: ",")) --kernel-sizes 5,3 "
      + "--head mean --optimizer \(training.optimizer.rawValue) --learning-rate \(training.learningRate) "
      + "--weight-decay \(training.weightDecay) --schedule \(training.schedule.rawValue) "
      + "--batch-size \(training.batchSize) --augment \(training.augmentation) "
      + "--seed \(training.seed) --output \(name)-study"
  }
}
