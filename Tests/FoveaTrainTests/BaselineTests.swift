import FoveaArray
import FoveaData
import FoveaInference
import FoveaMetrics
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
    #expect(worse.warning?.hasPrefix("The network is worse than ") == true)
  }

  @Test func whoIsFittedOnAPartSaysSo() {
    #expect(Baseline.seen("small grey pixels", of: 4096) == "small grey pixels")
    #expect(
      Baseline.seen("small grey pixels", of: 4097)
        == "small grey pixels (fitted on 4,096 examples)")
  }

  @Test func whatCannotBeLearnedIsNot() async throws {
    let data = try MadeTraining.pictures(
      MadeTraining.dataset(120, isRandom: true),
      test: MadeTraining.dataset(150, seed: 2, isRandom: true))
    let found = try await baselines(data, network: true)
    // A third, give or take three deviations.
    #expect(found.allSatisfy { abs($0.accuracy - 1.0 / 3) < 0.116 && $0.isBeaten })
  }

  @Test func recordingsAreToldApartByTheirBands() async throws {
    let found = try await baselines(
      MadeTraining.pictures(
        MadeTraining.noise(40, seed: 1), test: MadeTraining.noise(20, seed: 2)), network: true)
    #expect(found.map(\.input).allSatisfy { $0 == "the mean and deviation of each band over time" })
    #expect(found.allSatisfy { $0.accuracy == 1 && $0.difference == 0 && !$0.isBeaten })
  }

  @Test func textsAreToldApartByTheirWords() async throws {
    let found = try await baselines(
      MadeTraining.pictures(
        MadeTraining.texts(80, seed: 1), test: MadeTraining.texts(40, seed: 2)), network: false)
    #expect(found.allSatisfy { $0.input == "bags of words" && $0.accuracy > 0.9 })
  }

  @Test func itemsOfAGroupAreNoIndependentItems() {
    // Ten groups of six; the network is right in eight of them where the baseline is wrong.
    let network = (0..<60).map { $0 / 6 < 8 }
    func baseline(_ groups: [String?]) -> Baseline {
      Baseline(
        name: "mean", input: "pixels", isCorrect: network.map { !$0 }, network: network,
        groups: groups)
    }
    let single = baseline(network.map { _ in nil })
    let grouped = baseline((0..<60).map { "patient \($0 / 6)" })
    #expect(single.accuracy == grouped.accuracy && single.difference == grouped.difference)
    #expect(abs(grouped.difference - 0.6) < 1e-12)
    func width(_ interval: ConfidenceInterval?) -> Double {
      interval.map { $0.upper - $0.lower } ?? 0
    }
    #expect(width(grouped.accuracyInterval) > 1.5 * width(single.accuracyInterval))
    #expect(width(grouped.differenceInterval) > 1.4 * width(single.differenceInterval))
    // With four groups that differ nothing is said of the difference.
    let few = baseline((0..<60).map { "patient \($0 / 15)" })
    #expect(few.differenceInterval == nil && !few.isBeaten)
  }
}
