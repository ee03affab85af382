import FoveaArray
import FoveaData
import FoveaInference
import FoveaNN
import FoveaRuns
import FoveaTrain
import Testing

/// What is fitted beside the weights.
@Suite(.serialized) struct FittedPartsTests {
  private static func data(_ medium: Medium) -> (training: LabelledDataset, test: LabelledDataset) {
    switch medium {
    case .picture: (MadeTraining.dataset(40), MadeTraining.dataset(12, seed: 2, name: "test"))
    case .sound: (MadeTraining.noise(40, seed: 1), MadeTraining.noise(12, seed: 2))
    case .text: (MadeTraining.texts(40, seed: 1), MadeTraining.texts(12, seed: 2))
    }
  }

  /// Larger, longer and louder than what is trained on, with words that it has not.
  private static func other(_ medium: Medium) -> LabelledExample.Content {
    switch medium {
    case .picture:
      .picture(
        Picture(
          width: 60, height: 60, channels: 3, made: [UInt8](repeating: 255, count: 60 * 60 * 3)))
    case .sound: .sound(Sound(sampleRate: 16_000, made: [Float](repeating: 0.9, count: 80_000)))
    case .text: .text(String(repeating: "unheard syllables everywhere ", count: 40))
    }
  }

  private static func changed(_ dataset: LabelledDataset, _ indices: Set<Int>) -> LabelledDataset {
    LabelledDataset(
      name: dataset.name, medium: dataset.medium, classes: dataset.classes,
      made: dataset.examples.enumerated().map { index, example in
        guard indices.contains(index) else { return example }
        return LabelledExample(
          name: example.name, content: other(dataset.medium), label: example.label)
      })
  }

  /// Sizes, lengths, rates, tokens, means and deviations, and the network that follows from them, come from
  /// the part that is trained on: whatever is put in the place of the others, they stay.
  @Test(arguments: Medium.allCases) func allIsFittedOnWhatIsTrainedOn(_ medium: Medium) throws {
    let settings = MadeTraining.settings
    let (training, test) = Self.data(medium)
    let split = try StratifiedSplit.validation(
      of: training, among: Array(training.examples.indices), settings)
    #expect(split.heldOut.count == 8)
    func fitted(_ training: LabelledDataset, _ test: LabelledDataset) throws -> ClassifierTraining {
      let template =
        medium == .text ? NetworkDescription(TransformerFamily()) : MadeTraining.template
      let data = try PreparedData(
        LabelledData(training: training, test: test),
        options: PreparedData.Options().suiting(template),
        learningFrom: {
          try StratifiedSplit.validation(of: training, among: $0, settings).kept
        })
      return try ClassifierTraining(data, template: template, settings: settings)
    }
    let plain = try fitted(training, test)
    let others = try fitted(
      Self.changed(training, Set(split.heldOut)),
      Self.changed(test, Set(test.examples.indices)))
    #expect(others.split.heldOut == plain.split.heldOut)
    #expect(others.description == plain.description)
    #expect(others.startWeights == plain.startWeights)
    #expect(others.data.test?.modelInput == plain.data.training.modelInput)
    // The examples themselves did change what is fitted, had they been trained on.
    let all = try fitted(
      Self.changed(training, Set(split.kept)), Self.changed(test, Set(test.examples.indices)))
    #expect(all.description != plain.description)
  }

  /// A temperature in the last layer is one of the logits, in every network that tells classes apart.
  @Test(
    arguments: NetworkCatalog.builtIn.names(of: .maps)
      + NetworkCatalog.builtIn.names(of: .sequences))
  func aTemperatureDividesTheLogits(_ name: String) async throws {
    let isMap = NetworkCatalog.builtIn.names(of: .maps).contains(name)
    let medium: Medium = isMap ? .picture : name == "bag" ? .text : .sound
    let (training, test) = Self.data(medium)
    var template = try NetworkDescription(named: name)
    template.hidden = 8
    let data = try PreparedData(
      LabelledData(training: training, test: test),
      options: PreparedData.Options().suiting(template))
    let made = try ClassifierTraining(data, template: template, settings: MadeTraining.settings)
    let store = try #require(data.test)
    func logits(_ weights: Weights) async throws -> [[Float]] {
      try await PredictionEngine(made.model, weights: weights)
        .evaluation(on: store.evaluationFeed(of: store.usable, batchSize: 12)).logits
    }
    // Not the start, where a last layer may be all zeros.
    var weights = made.startWeights
    let head = made.description.network.headPrefix
    for (path, array) in weights.arrays where path.hasPrefix(head) {
      let key = RandomKey(seed: 3).folding(path)
      weights[path] = HostArray(
        array.shape, array.floats.indices.map { Float(key.normal(at: UInt64($0))) })
    }
    let plain = try await logits(weights)
    let divided = try await logits(weights.calibrated(by: 2.5, head: head))
    #expect(plain.flatMap { $0 }.contains { abs($0) > 0.1 })
    for (first, second) in zip(plain.flatMap { $0 }, divided.flatMap { $0 }) {
      #expect(abs(first / 2.5 - second) < 1e-5 * max(1, abs(first)))
    }
  }
}
