import FoundationEssentials
import Fovea
import FoveaArray
import FoveaTestSupport
import Testing

/// The classifier of texts, from Swift.
@Suite(.serialized) struct TextClassifierTests {
  private static let filler = ["the", "a", "on", "of", "day", "house", "long", "small", "tree"]

  /// Texts in which one word decides, somewhere in a sentence of others.
  private static func data(_ count: Int, seed: UInt64) -> LabelledDataset {
    LabelledDataset(
      name: "weather", medium: .text, classes: ["fair", "foul"],
      made: (0..<count).map { index in
        let key = RandomKey(seed: seed).folding(index)
        var words = (0..<(4 + index % 6)).map { filler[key.integer(below: 9, at: UInt64($0))] }
        words[key.integer(below: words.count, at: 99)] = index % 2 == 0 ? "sunshine" : "thunder"
        return LabelledExample(
          name: "\(index)", content: .text(words.joined(separator: " ")), label: index % 2)
      })
  }

  private static func parameters(_ network: String) throws -> TextClassifier.ModelParameters {
    var parameters = TextClassifier.ModelParameters()
    parameters.network = try NetworkDescription(named: network)
    (parameters.network.hidden, parameters.network.tokenWidth) = (8, 16)
    (parameters.network.layers, parameters.network.heads) = (1, 2)
    parameters.training.epochs = 6
    parameters.training.batchSize = 8
    parameters.training.learningRate = 0.02
    parameters.training.threads = 1
    parameters.texts.vocabularySize = 320
    return parameters
  }

  private struct Trained: Sendable {
    let folder: TemporaryFolder
    let classifier: TextClassifier

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      let classifier = try await TextClassifier.train(
        trainingData: .texts(
          LabelledData(training: data(80, seed: 1), test: data(30, seed: 2))),
        parameters: parameters("gru"), runDirectory: folder.file("run"))
      return Trained(folder: folder, classifier: classifier)
    }
  }

  @Test func textsAreToldApart() async throws {
    let trained = try await Trained.shared.value
    let report = try await trained.classifier.evaluation(
      on: .texts(LabelledData(training: Self.data(40, seed: 3))))
    #expect(report.accuracy > 0.9)
    let prediction = try await trained.classifier.prediction(from: "a house of thunder")
    #expect(prediction.label == "foul" && prediction.windows.count == 1)
    #expect(prediction.windows[0].end == 18 && prediction.tokensLeftOut == 0)
  }

  /// What is predicted of a text does not depend on the texts beside it, nor on who loaded the run.
  @Test func predictionsStandAlone() async throws {
    let trained = try await Trained.shared.value
    let texts = ["sunshine", "the long tree of thunder on a day of the small house", "a day"]
    let together = try await trained.classifier.predictions(from: texts)
    let loaded = try TextClassifier(contentsOf: trained.folder.file("run"))
    for (text, expected) in zip(texts, together) {
      let alone = try await loaded.prediction(from: text)
      #expect(alone.label == expected.label)
      for (first, second) in zip(alone.probabilities, expected.probabilities) {
        #expect(abs(first - second) < 1e-6)
      }
    }
    await #expect(throws: InputError.self) { try await loaded.predictions(from: ["a", ""]) }
    #expect(throws: InputError.self) { try SoundClassifier(contentsOf: trained.folder.file("run")) }
  }

  /// A filter reads all of a text and of each sentence, not only as much as the network takes at once.
  @Test func theFilterReadsAllOfATextAndOfItsSentences() async throws {
    let trained = try await Trained.shared.value
    let filter = try OutputFilter(trained.classifier, stopping: "foul")
    let fair = String(repeating: "sunshine on the day of a small house ", count: 20)
    let foul = String(repeating: "thunder ", count: 12)
    #expect(try await filter.checked(fair).stopped.isEmpty)
    // The beginning alone is what the network answers by.
    #expect(try await trained.classifier.prediction(from: fair + foul).label == "fair")
    for text in [fair + foul, fair + foul + fair] {
      let checked = try await filter.checked(text)
      #expect(checked.text == OutputFilter.mark && checked.stopped.count == 1)
      #expect(checked.stopped[0].probability > 0.5)
    }
    // A line is a sentence of its own.
    let mixed = try await filter.checked(
      "sunshine on a day\n\(fair)\(foul)\nsunshine on a house")
    #expect(mixed.text == "sunshine on a day\n[stopped] sunshine on a house")
    let rates = try await filter.rates(on: .texts(LabelledData(training: Self.data(40, seed: 4))))
    #expect(rates.missed.total == 20 && rates.falseAlarms.total == 20)
    #expect(rates.missed.share < 0.2 && rates.falseAlarms.share < 0.2)
    await #expect(throws: InputError.self) {
      try await filter.rates(on: .texts(["foul": ["thunder"]]))
    }
  }

  @Test func theDecidingWordIsMarked() async throws {
    let trained = try await Trained.shared.value
    let highlight = try await trained.classifier.explanation(
      of: "the small tree of thunder on a long day")
    #expect(highlight.method == .occlusion && highlight.spans.first?.text == "thunder")
    #expect(highlight.spans.first?.start == 18)
  }

  /// A vocabulary goes with a run that is written elsewhere.
  @Test func aRunIsWrittenWhole() async throws {
    let trained = try await Trained.shared.value
    let folder = try TemporaryFolder()
    try trained.classifier.write(to: folder.file("copy"))
    let copy = try TextClassifier(contentsOf: folder.file("copy"))
    #expect(copy.input == trained.classifier.input)
    let text = "sunshine on the house"
    #expect(
      try await copy.prediction(from: text)
        == trained.classifier.prediction(from: text))
  }
}
