import FoveaArray
import FoveaData
import FoveaExplain
import FoveaInference
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import FoveaTrain
import Testing

/// Weights that are finite and far too large: nobody reads NaN as a probability, whatever is asked.
@Suite(.serialized) struct NonFiniteOutputTests {
  /// A network with weights of 3·10³⁸, untrained.
  private static func classifier(
    _ dataset: LabelledDataset, _ network: String, readsForward: Bool = false,
    change: (inout PreparedData.Options) -> Void = { _ in }
  ) throws -> (TrainedClassifier, any ExampleStore) {
    var template = try NetworkDescription(named: network)
    (template.hidden, template.tokenWidth, template.layers, template.heads) = (8, 8, 1, 2)
    template.readsForward = readsForward
    if network == "cnn" { template.widths = [4, 8] }
    var options = PreparedData.Options().suiting(template)
    change(&options)
    let data = try PreparedData(LabelledData(training: dataset, test: nil), options: options)
    let training = try ClassifierTraining(data, template: template, settings: MadeTraining.settings)
    var weights = training.startWeights
    for (path, array) in weights.arrays {
      weights[path] = HostArray(repeating: Float(3e38), shape: array.shape)
    }
    let configuration = RunConfiguration(
      classifier: training.description, training: training.settings,
      data: RunConfiguration.DataSummary(
        path: "made", trainingCount: 1, validationCount: 1, testCount: nil,
        broken: data.training.broken, fingerprint: ""))
    return (try TrainedClassifier(configuration: configuration, weights: weights), data.training)
  }

  private static func sounds(task: LearningTask) -> LabelledDataset {
    LabelledDataset(
      name: "tones", medium: .sound, classes: ["low", "high"],
      made: (0..<8).map { index in
        let sound = Sound(
          sampleRate: 8_000,
          made: MadeWAV.tone([400.0, 1_500][index % 2], seconds: 0.4, level: 0.4))
        var example = LabelledExample(
          name: "tone \(index)", content: .sound(sound), label: index % 2)
        if task == .transcribe { example.words = [index % 2] }
        return example
      })
  }

  private static func texts() -> LabelledDataset {
    LabelledDataset(
      name: "texts", medium: .text, classes: ["a", "b"],
      made: (0..<12).map {
        LabelledExample(name: "text \($0)", content: .text("words of number \($0)"), label: $0 % 2)
      })
  }

  private func refuses(
    _ name: String?, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
  ) async {
    let error = await #expect(throws: InputError.self, sourceLocation: sourceLocation) {
      try await body()
    }
    #expect(
      error?.problem.hasSuffix("is not a finite number") == true, "\(String(describing: error))",
      sourceLocation: sourceLocation)
    #expect(error?.place == name, sourceLocation: sourceLocation)
  }

  @Test func picturesAreRefused() async throws {
    let (trained, store) = try Self.classifier(MadeTraining.dataset(20), "cnn")
    let classifier = try ImageClassifier(trained)
    let pictures = store.dataset.examples.prefix(3).compactMap { example -> Picture? in
      guard case .picture(let picture) = example.content else { return nil }
      return picture
    }
    await refuses("picture 1") { _ = try await classifier.predictions(from: pictures) }
    await refuses(nil) { _ = try await classifier.prediction(from: pictures[0]) }
    await refuses("made/0") {
      _ = try await trained.detailedEvaluation(on: store, indices: store.usable)
    }
    for method in [HighlightMethod.occlusion, .gradCAM, .rise, .integratedGradients] {
      await refuses(nil) { _ = try await classifier.explanation(of: pictures[0], method: method) }
    }
    await refuses(nil) {
      _ = try await classifier.studyHighlights(on: pictures, part: "given")
    }
  }

  @Test(arguments: ["cnn", "transformer"]) func recordingsAreRefused(network: String) async throws {
    let (trained, store) = try Self.classifier(Self.sounds(task: .classify), network)
    let classifier = try SoundClassifier(trained)
    guard case .sound(let sound) = store.dataset.examples[0].content else { return }
    await refuses(nil) { _ = try await classifier.prediction(from: sound) }
    await refuses(nil) { _ = try await classifier.explanation(of: sound) }
    await refuses("tone 0") {
      _ = try await trained.detailedEvaluation(on: store, indices: store.usable)
    }
  }

  @Test func wordsAreRefused() async throws {
    let (trained, store) = try Self.classifier(Self.sounds(task: .transcribe), "lstm-ctc")
    guard case .sound(let sound) = store.dataset.examples[0].content else { return }
    for beam in [1, 8] {
      var recognizer = try SpeechRecognizer(trained)
      recognizer.beam = beam
      await refuses(nil) { _ = try await recognizer.prediction(from: sound) }
      await refuses("tone 0") {
        _ = try await trained.detailedEvaluation(
          on: store, indices: store.usable, decoder: WordDecoder(beam: beam))
      }
    }
  }

  @Test(arguments: ["transformer", "bag"]) func textsAreRefused(network: String) async throws {
    let (trained, store) = try Self.classifier(Self.texts(), network) {
      $0.text.vocabularySize = 300
    }
    let classifier = try TextClassifier(trained)
    await refuses("text 1") { _ = try await classifier.predictions(from: ["a word", "another"]) }
    await refuses(nil) { _ = try await classifier.explanation(of: "a word of many") }
    await refuses("text 0") {
      _ = try await trained.detailedEvaluation(on: store, indices: store.usable)
    }
    let filter = try OutputFilter(classifier, stopping: "b")
    await refuses(nil) { _ = try await filter.checked("A sentence. Another one.") }
  }

  @Test func frameByFrameIsRefused() async throws {
    let (trained, _) = try Self.classifier(
      Self.sounds(task: .classify), "lstm", readsForward: true)
    let classifier = try SoundClassifier(trained)
    let engine = try #require(StreamEngine(classifier))
    let frame = [Float](repeating: 1, count: classifier.input.featureCount)
    await refuses(nil) { _ = try await engine.hear([frame, frame], restarting: true) }
  }
}
