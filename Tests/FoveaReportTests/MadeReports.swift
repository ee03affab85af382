import FoveaData
import FoveaMetrics
import FoveaNN
import FoveaReport
import FoveaRuns

/// Reports of made-up trainings, with classes and names that would break a page that does not
/// escape them.
enum MadeReports {
  static let classes = ["<script>alert(1)</script>", "a \"b\" & 'c'", "größe"]

  /// A grey picture of one brightness.
  static func picture(_ brightness: Int, side: Int = 8) -> Picture {
    Picture(
      width: side, height: side, channels: 1,
      made: [UInt8](repeating: UInt8(brightness), count: side * side))
  }

  static func record(
    _ epoch: Int, loss: Double, accuracy: Double, validation: (loss: Double, accuracy: Double)?
  ) -> EpochRecord {
    EpochRecord(
      epoch: epoch, step: 10 * epoch, trainingLoss: loss, trainingAccuracy: accuracy,
      validationLoss: validation?.loss, validationAccuracy: validation?.accuracy,
      learningRate: 0.001, seconds: 2, endedAt: 1_700_000_000)
  }

  static let history = [
    record(1, loss: 1.25, accuracy: 0.375, validation: (1.125, 0.4375)),
    record(2, loss: 0.8125, accuracy: 0.625, validation: (0.9375, 0.5625)),
    record(3, loss: 0.5, accuracy: 0.8125, validation: (1.0625, 0.53125)),
  ]

  static var network: NetworkDescription {
    .cnn(CNN.Options(height: 8, width: 8, channels: 1, classes: 3))
  }

  static func input() throws -> PictureInput {
    try PictureInput(width: 8, height: 8, channels: .grey)
  }

  /// A store of whose pictures so many are broken.
  static func brokenPictures(_ count: Int) throws -> BrokenExamples {
    let examples = (0..<(count + 4)).map { index in
      LabelledExample(
        name: "<\(index)>.png",
        content: .picture(
          index < 4 ? picture(index) : Picture(width: 0, height: 0, channels: 1, made: [])),
        label: index % 2)
    }
    let dataset = LabelledDataset(name: "made", classes: ["a", "b"], made: examples)
    return try PictureStore(
      dataset, input: input(), options: PictureStore.Options(allowBroken: true)
    ).broken
  }

  // MARK: Training

  /// Five pictures, of which the second and the last are wrong.
  static let labels = [0, 0, 1, 2, 2]
  static let probabilities: [[Float]] = [
    [0.75, 0.125, 0.125], [0.25, 0.625, 0.125], [0.125, 0.75, 0.125], [0.125, 0.25, 0.625],
    [0.875, 0.0625, 0.0625],
  ]
  static let names = ["p0", "p1 <b>", "p2", "p3", "p4 & more"]

  static func training(
    part: String = "test", history: [EpochRecord] = history, command: [String]? = nil,
    broken: Int = 0
  ) throws -> TrainingReport {
    var settings = TrainingSettings()
    settings.epochs = 3
    let broken = try brokenPictures(broken)
    var configuration = RunConfiguration(
      classifier: ClassifierDescription(
        network: network, input: .picture(try input()),
        normalization: ChannelStatistics(mean: [0.5], deviation: [0.25]), classes: classes),
      training: settings,
      data: RunConfiguration.DataSummary(
        path: "data <i>", trainingCount: 1234, validationCount: 56, testCount: 5, broken: broken,
        fingerprint: "f"))
    configuration.keptEpoch = history.count > 1 ? history[1] : history.first
    configuration.command = command
    var data = DataText(
      path: "data <i>", classes: classes,
      parts: [
        DataText.Part("training", counts: [1000, 200, 34]),
        DataText.Part("test", counts: [2, 1, 2]),
      ])
    data.broken = [("training", broken)]
    data.warnings = ["Half of <everything> is a copy."]
    return TrainingReport(
      run: "runs/<u>one</u>", configuration: configuration, data: data, trainedParameters: 12_345,
      totalParameters: 23_456, history: history,
      measurement: TrainingReport.Measurement(
        part: part,
        report: try ClassificationReport(
          classNames: classes, labels: labels, probabilities: probabilities),
        wrong: WrongItems(
          names: names, labels: labels, classes: classes, probabilities: [probabilities],
          appearance: { .picture(picture($0)) })), seconds: 192)
  }

  // MARK: Comparison

  /// Two seeds, four items.
  static func results(hasMatched: Bool = true) throws -> PairedResults {
    try PairedResults(
      seeds: ["7", "8"], items: ["i0", "i1", "i2", "i3"],
      plain: [[true, false, false, true], [true, false, false, false]],
      augmented: [[true, true, true, true], [true, true, false, true]],
      matched: hasMatched ? [[true, false, true, true], [false, false, false, true]] : nil)
  }

  static func comparison(hasMatched: Bool = true) throws -> ComparisonReport {
    let arms: [Arm] = hasMatched ? Arm.allCases : [.augmented, .plain]
    let result = StudyResult(try results(hasMatched: hasMatched))
    let wrong = WrongItems(
      names: names, labels: labels, classes: classes,
      probabilities: [probabilities, probabilities],
      appearance: { .picture(picture($0)) })
    return ComparisonReport(
      title: "data <i>", result: result,
      networks: arms.enumerated().map { index, arm in
        ComparisonReport.Network(
          arm: arm, attention: "att-\(arm.rawValue)", trainedParameters: 1000 + index,
          floatingPointOperations: 41_200_000, secondsPerTraining: 48,
          confusion: Confusion(truth: labels, predicted: [0, 1, 1, 2, 0], classCount: 3),
          wrong: wrong)
      },
      trainings: arms.flatMap { arm in
        ["7", "8"].map { ComparisonReport.Training(arm: arm, seed: $0, history: history) }
      },
      data: DataText(
        path: "data <i>", classes: classes, parts: [DataText.Part("test", counts: [2, 1, 2])]),
      description: network, input: .picture(try input()), settings: TrainingSettings(),
      validationCounts: 5...6, threads: 3, seconds: 700,
      command: ["fovea", "compare", "data <i>"])
  }
}
