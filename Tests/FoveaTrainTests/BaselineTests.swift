import FoveaArray
import FoveaData
import FoveaInference
import FoveaNN
import FoveaTrain
import Testing

@Suite(.serialized) struct BaselineTests {
  private func baselines(
    _ data: PreparedData, network: Bool, _ settings: TrainingSettings = MadeTraining.settings
  ) async throws -> [Baseline] {
    let split = try data.split(settings, among: data.training.usable)
    let test = try #require(data.test)
    return try await Baseline.fitted(
      on: data.training, split: split, measuredOn: test, test.usable,
      network: test.usable.map { _ in network }, threads: nil)
  }

  @Test func whatAnybodySeesIsLearned() async throws {
    // The classes of made pictures differ in colour, which grey does not show; brightness does.
    func bright(_ count: Int, seed: UInt64) -> LabelledDataset {
      let key = RandomKey(seed: seed)
      return LabelledDataset(
        name: "made", classes: ["dark", "middling", "bright"],
        made: (0..<count).map { index in
          let key = key.folding(index)
          let label = Int(key.folding("label").value % 3)
          let pixels = (0..<(12 * 12 * 3)).map {
            UInt8(key.words(at: UInt64($0))[0] % 100 + UInt32(50 * label))
          }
          return LabelledExample(
            name: "\(index)",
            content: .picture(Picture(width: 12, height: 12, channels: 3, made: pixels)),
            label: label)
        })
    }
    let data = try MadeTraining.pictures(bright(90, seed: 1), test: bright(60, seed: 2))
    let found = try await baselines(data, network: true)
    #expect(found.map(\.name) == ["nearest class mean", "logistic regression"])
    #expect(found.map(\.input) == ["small grey pixels", "small grey pixels"])
    #expect(found.allSatisfy { $0.accuracy > 0.95 })
    // A network that has all right is not shown to be better than who has nearly all.
    let best = try #require(found.best)
    #expect(!best.isBeaten)
    let worse = try await baselines(data, network: false)
    #expect(worse.allSatisfy { $0.difference == -$0.accuracy && !$0.isBeaten })
    #expect(worse.best?.warning.hasPrefix("the network is no better than ") == true)
  }

  @Test func whatCannotBeLearnedIsNot() async throws {
    let data = try MadeTraining.pictures(
      MadeTraining.dataset(120, isRandom: true),
      test: MadeTraining.dataset(150, seed: 2, isRandom: true))
    let found = try await baselines(data, network: true)
    // A third, give or take three deviations.
    #expect(found.allSatisfy { abs($0.accuracy - 1.0 / 3) < 0.116 && $0.isBeaten })
  }

  /// Loud and soft noise, which the mean of the bands tells apart.
  @Test func recordingsAreToldApartByTheirBands() async throws {
    func noise(_ count: Int, seed: UInt64) -> LabelledDataset {
      LabelledDataset(
        name: "noise", medium: .sound, classes: ["soft", "loud"],
        made: (0..<count).map { index in
          let key = RandomKey(seed: seed).folding(index)
          let level: Float = index % 2 == 0 ? 0.01 : 0.1
          let samples = (0..<4_000).map { level * Float(key.normal(at: UInt64($0))) }
          return LabelledExample(
            name: "\(index)", content: .sound(Sound(sampleRate: 8_000, made: samples)),
            label: index % 2)
        })
    }
    let found = try await baselines(
      MadeTraining.pictures(noise(40, seed: 1), test: noise(20, seed: 2)), network: true)
    #expect(found.map(\.input).allSatisfy { $0 == "the mean and deviation of each band over time" })
    #expect(found.allSatisfy { $0.accuracy == 1 && $0.difference == 0 && !$0.isBeaten })
  }

  /// One word decides, wherever it stands.
  @Test func textsAreToldApartByTheirWords() async throws {
    func texts(_ count: Int, seed: UInt64) -> LabelledDataset {
      let words = ["a", "day", "of", "wind", "over", "hills", "and", "sea"]
      return LabelledDataset(
        name: "weather", medium: .text, classes: ["fair", "foul"],
        made: (0..<count).map { index in
          let key = RandomKey(seed: seed).folding(index)
          var text = (0..<7).map { words[Int(key.folding($0).value % 8)] }
          text[Int(key.folding("place").value % 7)] = index % 2 == 0 ? "sunny" : "rainy"
          return LabelledExample(
            name: "\(index)", content: .text(text.joined(separator: " ")), label: index % 2)
        })
    }
    let found = try await baselines(
      MadeTraining.pictures(texts(80, seed: 1), test: texts(40, seed: 2)), network: false)
    #expect(found.allSatisfy { $0.input == "bags of words" && $0.accuracy > 0.9 })
  }
}
