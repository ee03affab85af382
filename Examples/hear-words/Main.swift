// Trains a recogniser on strings of tones that stand for words, measures it on others, and asks which
// words are in a recording, and when.
//
//   swift run -c release hear-words
import Foundation
import Fovea

@main
enum Main {
  static let words = ["low", "middle", "high"]

  static func main() async throws {
    var parameters = SpeechRecognizer.ModelParameters()
    parameters.network.hidden = 16
    parameters.network.heads = 2
    parameters.training.epochs = 12
    parameters.training.batchSize = 8
    parameters.training.learningRate = 0.01
    let data = try LabelledData(training: strings(160, from: 0), test: strings(40, from: 1000))
    let recognizer = try await SpeechRecognizer.train(
      trainingData: .recordings(data), parameters: parameters)

    let report = try await recognizer.evaluation(on: .recordings(data))
    print("word error rate \(report.rate)")
    // Absent where there are too few recordings to tell.
    if let interval = report.interval {
      print("95 % interval \(interval.lower) to \(interval.upper)")
    }

    let (sound, said) = try string(5000)
    let heard = try await recognizer.prediction(from: sound)
    print("said: \(said.map { words[$0] }.joined(separator: " "))")
    for word in heard.words { print("heard: \(word.word) from \(word.start) to \(word.end) s") }
  }

  private static func strings(_ count: Int, from first: Int) throws -> LabelledDataset {
    try LabelledDataset(
      name: "strings", medium: .sound, classes: words,
      examples: (first..<(first + count)).map { number in
        let (sound, said) = try string(number)
        var example = LabelledExample(name: "\(number)", content: .sound(sound), label: said[0])
        example.words = said
        return example
      })
  }

  /// One to four tones with pauses, in noise; what follows from the number alone.
  private static func string(_ number: Int) throws -> (sound: Sound, said: [Int]) {
    var state = UInt64(number) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    let rate = 8000
    var samples = [Float](repeating: 0, count: 800)
    let said = (0..<(1 + Int(4 * next()))).map { _ in Int(3 * next()) }
    for word in said {
      let hertz = [400.0, 900, 1900][word] * (0.9 + 0.2 * next())
      let length = Int(Double(rate) * (0.15 + 0.15 * next()))
      samples += (0..<length).map {
        Float(0.3 * sin(2 * .pi * hertz * Double($0) / Double(rate)))
      }
      samples += [Float](repeating: 0, count: Int(Double(rate) * (0.05 + 0.2 * next())))
    }
    for index in samples.indices { samples[index] += Float(0.02 * (next() - 0.5)) }
    return (try Sound(sampleRate: rate, samples: samples), said)
  }
}
