import FoveaData
import FoveaExplain
import FoveaNN
import FoveaRuns
import Testing

/// When a run's highlights are judged at all.
struct NetworkStandingTests {
  private func configuration(
    counts: [Int]?, accuracy: Double?, validationCount: Int? = nil, epochs: Int = 1
  ) throws -> RunConfiguration {
    let dataset = LabelledDataset(
      name: "two", classes: ["benign", "malignant"],
      made: [0, 1].map {
        LabelledExample(name: "\($0)", content: .picture(Made.noise(side: 8)), label: $0)
      })
    var configuration = RunConfiguration(
      classifier: ClassifierDescription(
        network: .cnn(CNN.Options(height: 8, width: 8, channels: 1, classes: 2)),
        input: .picture(try PictureInput(width: 8, height: 8, channels: .grey)),
        normalization: ChannelStatistics(mean: [0.5], deviation: [0.25]),
        classes: dataset.classes),
      training: TrainingSettings(),
      data: .init(
        path: "data", trainingCount: 100,
        validationCount: validationCount ?? counts?.reduce(0, +) ?? 0, testCount: nil,
        broken: try PictureStore(dataset).broken, fingerprint: ""))
    configuration.data.validationClassCounts = counts
    configuration.training.epochs = epochs
    configuration.keptEpoch = EpochRecord(
      epoch: 1, step: 1, trainingLoss: 1, trainingAccuracy: 1, validationLoss: 1,
      validationAccuracy: accuracy, learningRate: 0.1, seconds: 1, endedAt: 0)
    return configuration
  }

  /// 60 of 100 are benign. Wilson's interval of 62 of 100 is 52.2 to 70.9 %, of 70 it is 60.4 to 78.1 %.
  @Test func noBetterThanTheCommonestClassIsNotJudged() throws {
    let weak = NetworkStanding(try configuration(counts: [60, 40], accuracy: 0.62))
    #expect(weak.doubt == "the network is not shown to be better than always saying benign")
    #expect(
      weak.note
        == "Highlights are not judged: the network is not shown to be better than always saying "
        + "benign, as far as 100 validation pictures tell (right in 62.0 %, 95 % interval 52.2–70.9 %; always "
        + "saying benign is right in 60.0 %).")
    let good = NetworkStanding(try configuration(counts: [60, 40], accuracy: 0.7))
    #expect(good.doubt == nil && good.note == nil)
    // Worse than that is no better either.
    #expect(NetworkStanding(try configuration(counts: [60, 40], accuracy: 0.2)).doubt != nil)
    // 8 of 10 look good, and tell nothing: 49.0 to 94.3 %.
    #expect(NetworkStanding(try configuration(counts: [6, 4], accuracy: 0.8)).doubt != nil)
  }

  /// The best of six epochs is better than always saying a class by chance more often than one is: 70 of 100
  /// proves nothing then, 76 does.
  @Test func theChoiceAmongEpochsIsAllowedFor() throws {
    let lucky = NetworkStanding(try configuration(counts: [60, 40], accuracy: 0.7, epochs: 6))
    #expect(lucky.doubt != nil && lucky.note?.contains("for the best of 6 epochs; always") == true)
    #expect(
      NetworkStanding(try configuration(counts: [60, 40], accuracy: 0.76, epochs: 6)).doubt == nil)
  }

  @Test func whatIsNotKnownIsSaidAndJudgedByScoresAlone() throws {
    let older = NetworkStanding(
      try configuration(counts: nil, accuracy: 0.1, validationCount: 100))
    #expect(older.doubt == nil)
    #expect(older.note?.hasSuffix("how common the classes of its validation part are.") == true)
    let whole = NetworkStanding(try configuration(counts: [0, 0], accuracy: nil))
    #expect(whole.doubt == nil)
    #expect(whole.note?.hasSuffix("it was trained without a validation part.") == true)
  }
}
