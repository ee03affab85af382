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
}
