// Trains a classifier on recordings that are made in memory, measures it on others, and asks which
// seconds of a recording its answer rests on.
//
//   swift run -c release classify-sounds
import Foundation
import Fovea

@main
enum Main {
  static func main() async throws {
    var parameters = SoundClassifier.ModelParameters()
    parameters.network = try NetworkDescription(named: "gru")
    parameters.network.hidden = 24
    parameters.training.epochs = 12
    parameters.training.batchSize = 16
    parameters.training.learningRate = 0.01
    parameters.features.spectrogram.hopMilliseconds = 20
    parameters.features.spectrogram.windowMilliseconds = 40
    let data = try LabelledData(training: chirps(240, seed: 1), test: chirps(60, seed: 2))
    let classifier = try await SoundClassifier.train(
      trainingData: .recordings(data), parameters: parameters)

    let report = try await classifier.evaluation(on: .recordings(data))
    let interval = report.accuracyInterval
    print("accuracy \(report.accuracy), 95 % interval \(interval.lower) to \(interval.upper)")

    // A fall from 1.0 to 1.4 s, in noise.
    let recording = try chirp(rises: false, from: 1, seed: 3)
    let highlight = try await classifier.explanation(of: recording)
    print("\(highlight.prediction.label), \(highlight.verdict)")
    for span in highlight.spans {
      print("from \(span.start) to \(span.end) s: \(span.strength) of the map")
    }
  }

  /// Two seconds of noise with a tone somewhere that rises or falls; only its direction is labelled.
  private static func chirps(_ count: Int, seed: UInt64) throws -> LabelledDataset {
    try LabelledDataset(
      name: "chirps", medium: .sound, classes: ["falls", "rises"],
      examples: (0..<count).map { index in
        var places = Numbers(seed: seed &* 1_000_003 &+ UInt64(index))
        let sound = try chirp(
          rises: index % 2 == 1, from: 1.6 * places.next(), seed: seed &* 7919 &+ UInt64(index))
        return LabelledExample(name: "\(index)", content: .sound(sound), label: index % 2)
      })
  }

  private static func chirp(rises: Bool, from start: Double, seed: UInt64) throws -> Sound {
    let rate = 8000
    var noise = Numbers(seed: seed)
    var phase = 0.0
    return try Sound(
      sampleRate: rate,
      samples: (0..<(2 * rate)).map { index in
        let time = Double(index) / Double(rate) - start
        let hiss = 0.06 * (noise.next() - 0.5)
        guard time >= 0, time < 0.4 else { return Float(hiss) }
        let hertz = rises ? 500 + 2000 * time : 1300 - 2000 * time
        phase += 2 * .pi * hertz / Double(rate)
        return Float(0.2 * sin(phase) + hiss)
      })
  }
}

/// Numbers from 0 to 1 that look random (SplitMix64).
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((word ^ (word >> 31)) >> 11) / Double(1 << 53)
  }
}
