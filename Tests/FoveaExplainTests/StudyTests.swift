import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaExplain
import FoveaGraph
import FoveaInference
import FoveaNN
import FoveaRuns
import Testing

@Suite("What a run knows of its highlights")
struct StudyTests {
  @Test("attention and grad-cam take less than three forward passes, the prediction included")
  func cost() throws {
    let (model, weights) = try Made.cnn(side: 32)
    let network = try ExplainedNetwork(model, weights: weights, threads: 1)
    var settings = HighlightSettings()
    settings.curveSteps = 2
    settings.stabilityDraws = 1
    let explainer = Explainer(
      network, classes: ["a", "b", "c"], input: try PictureInput(width: 32, height: 32),
      settings: settings)
    let highlights = try explainer.highlights(
      of: Made.noise(side: 32), .init(methods: [.attention, .gradCAM, .integratedGradients]))
    #expect(highlights[0].cost.forwardPasses < 3)
    #expect(highlights[1].cost.forwardPasses < 3)
    // 50 steps forward and backward.
    #expect((51..<200).contains(highlights[2].cost.forwardPasses))
  }

  @Test("a study is repeatable, leaves the weights as they were, and is read back from a run")
  func study() async throws {
    let (model, weights) = try Made.cnn()
    let network = try ExplainedNetwork(model, weights: weights, threads: 1)
    let explainer = Explainer(
      network, classes: ["a", "b", "c"], input: try PictureInput(width: 16, height: 16))
    let pictures = (0..<2).map { Made.noise(side: 16, seed: UInt64($0)) }
    let shown = InputPicture(pictures[0], model.input)
    let before = try network.probabilities(of: shown)
    let study = try explainer.study(on: pictures, weights: weights, of: model, part: "validation")
    #expect(try network.probabilities(of: shown) == before)
    #expect(
      try explainer.study(on: pictures, weights: weights, of: model, part: "validation") == study)
    #expect(study.methods.map(\.method) == HighlightMethod.allCases)
    #expect(
      study.methods[0].randomization.map(\.layer) == [
        "fc2", "fc1", "attention.value", "attention.key", "attention.query", "conv2", "conv1",
      ])
    // The head is behind the attention: making it random cannot change what attends to what.
    #expect(study.methods[0].randomization[0].correlation > 0.999)
    let best = study.methods.filter(\.dependsOnWeights).map(\.score).max()
    #expect(study.result(of: study.defaultMethod)?.score == best)

    let folder = FileManager.default.temporaryDirectory
      .appending(path: "fovea-study-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = RunDirectory(folder)
    #expect(try run.highlightStudy() == nil)
    try run.write(study)
    #expect(try run.highlightStudy() == study)
    try Data("{".utf8).write(to: run.highlightStudyURL)
    #expect(throws: InputError.self) { try run.highlightStudy() }
  }

  @Test("a method whose map stays under random weights marks its highlights")
  func deafToWeights() throws {
    let side = 12
    let layer = GatedNetwork(places: side * side)
    let weights = layer.initialWeights(key: RandomKey(seed: 1))
    let network = try Made.network(layer, width: side, height: side, weights: weights.arrays)
    let explainer = Explainer(
      network, classes: ["a", "b"],
      input: try PictureInput(width: side, height: side, channels: .grey))
    let pictures = (0..<2).map { seed in
      Picture(
        width: side, height: side, channels: 1,
        made: (0..<(side * side)).map {
          UInt8(RandomKey(seed: UInt64(seed)).integer(below: 256, at: UInt64($0)))
        })
    }
    let study = try explainer.study(on: pictures, weights: weights, of: layer, part: "given")
    let result = try #require(study.result(of: .attention))
    #expect(result.finalCorrelation == 1)
    #expect(!result.dependsOnWeights)
    #expect(study.defaultMethod != .attention)
    #expect(study.summary.contains("random weights hardly change the map: attention"))
    #expect(
      study.summary.contains(
        " does best of those that read the weights on 2 of the pictures to be explained."))
    let highlight = try explainer.highlights(
      of: pictures[0], .init(methods: [.attention], study: study))[0]
    #expect(highlight.verdict.faithful == false)
    #expect(
      highlight.verdict.reasons.last
        == "the method's maps hardly change when the network's weights are made random (rank "
        + "correlation 1.00)")
  }

  @Test("a classifier explains another class, and refuses one that does not exist")
  func otherClass() async throws {
    let (model, weights) = try Made.cnn()
    let options = try #require(model.network as? CNN).options
    let classifier = try ImageClassifier(
      configuration: RunConfiguration(
        classifier: ClassifierDescription(
          network: .cnn(options), input: .picture(try PictureInput(width: 16, height: 16)),
          normalization: ChannelStatistics(
            mean: model.input.mean, deviation: model.input.deviation),
          classes: ["a", "b", "c"]),
        training: TrainingSettings(),
        data: .init(
          path: "data", trainingCount: 1, validationCount: 0, testCount: nil,
          broken: try PictureStore(
            LabelledDataset(
              name: "two", classes: ["a", "b"],
              made: [0, 1].map {
                LabelledExample(
                  name: "\($0)", content: .picture(Made.noise(side: 16)), label: $0)
              })
          ).broken, fingerprint: "")),
      weights: weights)
    let picture = Made.noise(side: 16)
    let prediction = try await classifier.prediction(from: picture)
    let other = try #require(classifier.classes.first { $0 != prediction.label })
    let highlight = try await classifier.explanation(of: picture, method: .gradCAM, class: other)
    #expect(highlight.prediction.label == prediction.label)
    #expect(highlight.explained.label == other)
    #expect(highlight.explained.probability < highlight.prediction.probability)
    // In a cancelled task nothing is read any more, not even what would be an error.
    let cancelled = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await classifier.predictions(from: [URL(filePath: "/nowhere.png")])
    }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    await #expect(
      throws: InputError("there is no class called d", advice: "The run has a, b, c")
    ) { try await classifier.explanation(of: picture, class: "d") }
    #expect(classifier.defaultMethod == .gradCAM)
  }
}
