import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// The recogniser of words, from Swift.
@Suite(.serialized) struct SpeechRecognizerTests {
  private static let words = ["low", "middle", "high"]

  /// Strings of one to three words, each a tone of its own pitch, with pauses and noise, and the times
  /// of the words.
  private static func strings(_ count: Int, seed: UInt64) -> WordStrings {
    var examples: [LabelledExample] = []
    for take in 0..<12 {
      for word in words.indices {
        let pitch = [400.0, 900, 1900][word] * (0.95 + 0.01 * Double(take % 10))
        var example = LabelledExample(
          name: "\(word) \(take)",
          content: .sound(
            Sound(
              sampleRate: 8000,
              made: MadeWAV.tone(pitch, seconds: 0.15 + 0.01 * Double(take), level: 0.3))),
          label: word)
        example.group = "\(take % 3)"
        examples.append(example)
      }
    }
    var options = WordStrings.Options()
    (options.count, options.words, options.seed) = (count, 1...3, seed)
    let dataset = LabelledDataset(
      name: "tones", medium: .sound, classes: words, made: examples)
    do { return try WordStrings([dataset], options: options) } catch { fatalError("\(error)") }
  }

  private static func data(_ count: Int, seed: UInt64) -> LabelledDataset {
    let strings = strings(count, seed: seed)
    return LabelledDataset(
      name: "strings", medium: .sound, classes: words,
      made: (0..<count).map { index in
        let item = strings.item(index)
        let labels = item.words.compactMap { said in words.firstIndex(of: said.word) }
        var example = LabelledExample(
          name: "\(index)", content: .sound(item.sound), label: labels[0])
        example.words = labels
        return example
      })
  }

  private static func parameters(
    _ network: String = "lstm-ctc"
  ) throws
    -> SpeechRecognizer.ModelParameters
  {
    var parameters = SpeechRecognizer.ModelParameters()
    parameters.network = try NetworkDescription(named: network)
    (parameters.network.hidden, parameters.network.heads) = (12, 2)
    (parameters.network.tokenWidth, parameters.network.layers) = (16, 2)
    parameters.training.epochs = 14
    parameters.training.batchSize = 8
    parameters.training.learningRate = 0.01
    parameters.training.threads = 1
    parameters.features.spectrogram.bands = 20
    return parameters
  }

  private struct Trained: Sendable {
    let folder: TemporaryFolder
    let recognizer: SpeechRecognizer

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      let recognizer = try await SpeechRecognizer.train(
        trainingData: .recordings(
          LabelledData(training: data(120, seed: 1), test: data(30, seed: 2))),
        parameters: parameters(), runDirectory: folder.file("run"))
      return Trained(folder: folder, recognizer: recognizer)
    }
  }

  @Test func tonesAreHeardInOrderAndTheRunSaysSo() async throws {
    let trained = try await Trained.shared.value
    let report = try await trained.recognizer.evaluation(
      on: .recordings(LabelledData(training: Self.data(60, seed: 3))))
    // Whoever always hears nothing has a rate of 1.
    #expect(report.utteranceCount == 60 && report.rate < 0.1, "\(report.rate)")
    let page = try String(
      contentsOf: trained.folder.file("run/report.html"), encoding: .utf8)
    #expect(page.contains("Word error rate on 30 test recordings"))
    #expect(!page.contains("picture"))
  }

  /// Where a word was heard lies in or at the time it was said: part of the answer.
  @Test func wordsAreHeardWhenTheyAreSaid() async throws {
    let trained = try await Trained.shared.value
    let strings = Self.strings(30, seed: 4)
    var (right, all) = (0, 0)
    for index in 0..<30 {
      let item = strings.item(index)
      let heard = try await trained.recognizer.prediction(from: item.sound)
      #expect(heard.transcript == heard.words.map(\.word).joined(separator: " "))
      for (before, after) in zip(heard.words, heard.words.dropFirst()) {
        #expect(before.start < before.end && before.end <= after.start)
      }
      #expect((heard.words.last?.end ?? 0) <= item.sound.seconds)
      guard heard.words.map(\.word) == item.words.map(\.word) else { continue }
      for (word, said) in zip(heard.words, item.words) {
        all += 1
        // Within a step of 40 ms of what was said.
        if word.end > said.start - 0.04, word.start < said.end + 0.04 { right += 1 }
      }
    }
    #expect(all > 40 && Double(right) > 0.9 * Double(all), "\(right) of \(all)")
  }

  @Test func whatIsWrittenHearsTheSame() async throws {
    let trained = try await Trained.shared.value
    try trained.recognizer.write(to: trained.folder.file("copy"))
    let sound = Self.strings(1, seed: 9).item(0).sound
    let expected = try await trained.recognizer.prediction(from: sound)
    for name in ["run", "copy"] {
      let loaded = try SpeechRecognizer(contentsOf: trained.folder.file(name))
      #expect(try await loaded.prediction(from: sound) == expected)
      #expect(loaded.vocabulary == Self.words)
    }
    try trained.folder.write(
      MadeWAV.file([sound.samples], sampleRate: sound.sampleRate), "string.wav")
    let file = try await trained.recognizer.prediction(from: trained.folder.file("string.wav"))
    #expect(file.transcript == expected.transcript)
    #expect(throws: InputError.self) { try SoundClassifier(contentsOf: trained.folder.file("run")) }
  }

  @Test(arguments: ["transformer-ctc", "gru-ctc"]) func otherNetworksLearnToo(
    _ network: String
  ) async throws {
    let folder = try TemporaryFolder()
    let recognizer = try await SpeechRecognizer.train(
      trainingData: .recordings(
        LabelledData(training: Self.data(120, seed: 1), test: Self.data(30, seed: 2))),
      parameters: Self.parameters(network), runDirectory: folder.file("run"))
    let report = try await recognizer.evaluation(
      on: .recordings(LabelledData(training: Self.data(40, seed: 3))))
    #expect(report.rate < 0.3, "\(report.rate)")
  }

  @Test func aNetworkOfAnotherTaskIsNamed() async throws {
    var parameters = try Self.parameters()
    parameters.network = try NetworkDescription(named: "lstm")
    let error = await #expect(throws: InputError.self) {
      try await SpeechRecognizer.train(
        trainingData: .recordings(LabelledData(training: Self.data(20, seed: 1))),
        parameters: parameters)
    }
    #expect(error?.problem == "model lstm tells classes apart, and the data have words")
    #expect(error?.advice == "Choose one of lstm-ctc, gru-ctc, transformer-ctc")
  }

  /// Attention against its twin and its control, paired by utterance.
  @Test func comparisonsArePairedByUtterance() async throws {
    let folder = try TemporaryFolder()
    var request = StudyRun.Request(
      data: try LabelledData(training: Self.data(24, seed: 1), test: Self.data(12, seed: 2)),
      dataPath: "strings", output: folder.file("study"))
    let parameters = try Self.parameters()
    request.template = parameters.network
    request.settings = parameters.training
    request.settings.epochs = 1
    request.options.sound = parameters.features
    request.seedCount = 2
    let result = try await StudyRun(request).execute()
    let words = try #require(result.outcome.results.words)
    #expect(words.count == 12 && words.allSatisfy { (1...3).contains($0) })
    #expect(result.summary.result.measure == .wordAccuracy)
    let table = try CSVTable(contentsOf: folder.file("study/results.csv"))
    #expect(table.columns == ["seed", "item", "words", "plain", "augmented", "matched"])
    let again = try PairedResults(columns: table.columns, rows: table.records.map(\.fields))
    #expect(StudyResult(again) == result.summary.result)
    let page = try String(contentsOf: folder.file("study/report.html"), encoding: .utf8)
    #expect(page.contains("Word accuracy") && !page.contains("Confusion"))
  }
}
