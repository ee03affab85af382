// Trains a classifier on texts that are made in memory, measures it on others, and asks which words of a
// text its answer rests on.
//
//   swift run -c release classify-texts
import Fovea

@main
enum Main {
  static func main() async throws {
    var parameters = TextClassifier.ModelParameters()
    parameters.network = try NetworkDescription(named: "lstm")
    (parameters.network.hidden, parameters.network.tokenWidth) = (16, 16)
    parameters.training.epochs = 8
    parameters.training.batchSize = 16
    parameters.training.learningRate = 0.01
    parameters.texts.vocabularySize = 400
    let data = try LabelledData(training: reviews(240, seed: 1), test: reviews(60, seed: 2))
    let classifier = try await TextClassifier.train(
      trainingData: .texts(data), parameters: parameters)

    let report = try await classifier.evaluation(on: .texts(data))
    let interval = report.accuracyInterval
    print("accuracy \(report.accuracy), 95 % interval \(interval.lower) to \(interval.upper)")

    let text = "The room was not dirty. We had breakfast by the sea."
    let prediction = try await classifier.prediction(from: text)
    print("\(prediction.label), probability \(prediction.probability)")
    let highlight = try await classifier.explanation(of: text)
    print("because of, \(highlight.verdict):")
    for span in highlight.spans {
      print("\(span.text), characters \(span.start) to \(span.end): \(span.strength) of the map")
    }
  }

  /// Sentences on a stay, praise or blame; "not" turns either into the other.
  private static func reviews(_ count: Int, seed: UInt64) throws -> LabelledDataset {
    let subjects = ["The room", "The bed", "Our view", "The bath", "Dinner", "The staff"]
    let places = ["We had breakfast by the sea.", "It was in May.", "The house is old.", ""]
    let words = [["clean", "lovely", "quiet", "good"], ["dirty", "awful", "noisy", "bad"]]
    var numbers = Numbers(seed: seed)
    return try LabelledDataset(
      name: "reviews", medium: .text, classes: ["blame", "praise"],
      examples: (0..<count).map { index in
        let isGood = numbers.below(2) == 0
        let isTurned = numbers.below(3) == 0
        let word = words[isGood ? 0 : 1][numbers.below(4)]
        let text =
          "\(subjects[numbers.below(6)]) was \(isTurned ? "not " : "")\(word). \(places[numbers.below(4)])"
        return LabelledExample(
          name: "\(index)", content: .text(text), label: isGood == isTurned ? 0 : 1)
      })
  }
}

/// Whole numbers that look random (SplitMix64).
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)) % UInt64(bound))
  }
}
