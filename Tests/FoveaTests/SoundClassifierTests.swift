import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaExplain
import FoveaTestSupport
import Testing

/// The classifier of recordings, from Swift.
@Suite(.serialized) struct SoundClassifierTests {
  /// Tones in noise, of different length: low, middle, high.
  private static func data(_ count: Int, seed: UInt64) -> LabelledDataset {
    let pitches = [400.0, 900, 1900]
    return LabelledDataset(
      name: "tones", medium: .sound, classes: ["low", "middle", "high"],
      made: (0..<count).map { index in
        let key = RandomKey(seed: seed).folding(index)
        let seconds = 0.25 + 0.25 * Double(key.uniform(at: 0))
        let pitch = pitches[index % 3] * (0.9 + 0.2 * Double(key.uniform(at: 1)))
        let tone = MadeWAV.tone(pitch, seconds: seconds, level: 0.3)
        let noise = key.folding("noise")
        return LabelledExample(
          name: "\(index)",
          content: .sound(
            Sound(
              sampleRate: 8000,
              made: tone.enumerated().map {
                $0.element + Float(0.02 * noise.normal(at: UInt64($0.offset)))
              })), label: index % 3)
      })
  }

  private static var parameters: SoundClassifier.ModelParameters {
    var parameters = SoundClassifier.ModelParameters()
    parameters.network.hidden = 8
    parameters.training.epochs = 4
    parameters.training.batchSize = 8
    parameters.training.learningRate = 0.02
    parameters.training.optimizer = .adam
    parameters.training.weightDecay = 0
    parameters.training.schedule = .constant
    parameters.training.threads = 1
    parameters.features.bands(20)
    return parameters
  }

  private struct Trained: Sendable {
    let folder: TemporaryFolder
    let classifier: SoundClassifier

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      let classifier = try await SoundClassifier.train(
        trainingData: .recordings(
          LabelledData(training: data(72, seed: 1), test: data(30, seed: 2))),
        parameters: parameters, runDirectory: folder.file("run"))
      return Trained(folder: folder, classifier: classifier)
    }
  }

  @Test func tonesAreToldApartAndTheRunSaysSo() async throws {
    let trained = try await Trained.shared.value
    let report = try await trained.classifier.evaluation(
      on: .recordings(LabelledData(training: Self.data(60, seed: 3), test: nil)))
    // Chance is a third.
    #expect(report.itemCount == 60 && report.accuracy > 0.9)
    #expect(trained.classifier.validationAccuracy != nil)
    let page = try String(
      contentsOf: trained.folder.file("run/report.html"), encoding: .utf8)
    #expect(page.contains("recordings") && !page.contains("pictures"))
  }

  @Test func whatIsWrittenPredictsTheSame() async throws {
    let trained = try await Trained.shared.value
    try trained.classifier.write(to: trained.folder.file("copy"))
    let sound = Sound(sampleRate: 8000, made: MadeWAV.tone(900, seconds: 0.3, level: 0.3))
    let expected = try await trained.classifier.prediction(from: sound)
    for name in ["run", "copy"] {
      let loaded = try SoundClassifier(contentsOf: trained.folder.file(name))
      #expect(try await loaded.prediction(from: sound) == expected)
    }
    #expect(expected.label == "middle" && expected.windows.count == 1)
    // A file is what its samples are.
    try trained.folder.write(MadeWAV.file([sound.samples]), "middle.wav")
    let file = try await trained.classifier.prediction(from: trained.folder.file("middle.wav"))
    #expect(abs(file.probability - expected.probability) < 0.01)
  }

  @Test func aLongRecordingIsHeardWindowByWindow() async throws {
    let trained = try await Trained.shared.value
    let window = Double(trained.classifier.input.mostSamples) / 8000
    let samples =
      MadeWAV.tone(400, seconds: window, level: 0.3)
      + MadeWAV.tone(1900, seconds: 2 * window, level: 0.3)
    let prediction = try await trained.classifier.prediction(
      from: Sound(sampleRate: 8000, made: samples))
    #expect(prediction.windows.map(\.label) == ["low", "high", "high"])
    #expect(prediction.label == "high")
    #expect(abs(prediction.probabilities.reduce(0, +) - 1) < 1e-5)
    // An odd rate is resampled.
    let fast = try await trained.classifier.prediction(
      from: Sound(
        sampleRate: 22_050,
        made: MadeWAV.tone(400, seconds: 0.4, sampleRate: 22_050, level: 0.3)))
    #expect(fast.label == "low")
  }

  @Test func aNetworkForMapsAndATransformerTrainToo() async throws {
    for name in ["cnn", "transformer", "gru"] {
      var parameters = Self.parameters
      parameters.network = try NetworkDescription(named: name)
      (parameters.network.widths, parameters.network.hidden) = ([4, 8], 8)
      (parameters.network.tokenWidth, parameters.network.heads) = (16, 2)
      parameters.network.layers = 1
      parameters.training.augmentation = "gain,mask"
      let classifier = try await SoundClassifier.train(
        trainingData: .recordings(LabelledData(training: Self.data(72, seed: 1), test: nil)),
        parameters: parameters)
      let report = try await classifier.evaluation(
        on: .recordings(LabelledData(training: Self.data(30, seed: 3), test: nil)))
      #expect(report.accuracy > 0.8, "\(name)")
    }
  }

  /// In noise with one tone the tone decides, and its time is named.
  @Test(arguments: [HighlightMethod.occlusion, .integratedGradients])
  func theMomentThatDecidesIsNamed(_ method: HighlightMethod) async throws {
    let trained = try await Trained.shared.value
    var inside = 0
    for trial in 0..<5 {
      let noise = RandomKey(seed: 9).folding(trial)
      let start = 0.05 + 0.06 * Double(trial)
      let samples = MadeWAV.tone(900, from: start, to: start + 0.15, of: 0.5).enumerated().map {
        0.6 * $0.element + Float(0.02 * noise.normal(at: UInt64($0.offset)))
      }
      let window = SoundWindows.Window(
        startSeconds: 0, sound: Sound(sampleRate: 8000, made: samples))
      let highlight = try await trained.classifier.explanations(
        of: window, methods: [method], class: "middle",
        truth: [SoundEvent(onset: start, offset: start + 0.15, label: "middle")])[0]
      if highlight.scores.truth?.pointsInside == true { inside += 1 }
    }
    // A blind map points inside three times of ten.
    #expect(inside >= 4)
  }

  @Test func aPictureRunIsNoSoundRun() async throws {
    let trained = try await Trained.shared.value
    let error = #expect(throws: InputError.self) {
      try ImageClassifier(contentsOf: trained.folder.file("run"))
    }
    #expect(
      error?.description
        == "the network was trained on recordings, not on pictures. Give a run that was trained on "
        + "pictures")
  }
}

extension SoundStore.Options {
  /// With so many mel bands.
  fileprivate mutating func bands(_ count: Int) { spectrogram.bands = count }
}
