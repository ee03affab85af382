import FoveaArray
import FoveaMetrics
import Glibc
import Testing

/// What intervals of small samples cover: made-up samples of known truth, 8 to 50 items or groups. Nominal is
/// 95 %; 500 samples leave an error of one point. Where numbers are few and whole, an interval cannot be
/// exact, and is rather too wide. `docs/numerics.md` has the table.
struct SmallSampleCoverageTests {
  static let sizes = [8, 10, 20, 50]
  static let samples = 500

  /// The share of samples whose interval holds the truth.
  private static func coverage(
    _ truth: Double, _ interval: (RandomKey) throws -> ConfidenceInterval?
  ) rethrows -> Double {
    var held = 0
    var counted = 0
    for sample in 0..<samples {
      guard let interval = try interval(RandomKey(seed: 31).folding(sample)) else { continue }
      counted += 1
      if interval.lower <= truth && truth <= interval.upper { held += 1 }
    }
    return Double(held) / Double(max(counted, 1))
  }

  private static func uniform(_ key: RandomKey, _ position: Int) -> Double {
    Double(key.uniform(at: UInt64(position)))
  }

  /// Over accuracies from 0.5 to 0.95, as a single one comes out at one of n + 1 numbers.
  @Test(arguments: sizes) func accuracy(count: Int) {
    let rates = (0..<10).map { step -> Double in
      let share = 0.5 + 0.05 * Double(step)
      return Self.coverage(share) { key in
        let right = (0..<count).map { Self.uniform(key, $0) < share ? 1 : 0 }
        return RatioInterval.share(right, of: right.map { _ in 1 })
      }
    }
    let mean = rates.reduce(0, +) / 10
    #expect((0.93...0.97).contains(mean), "\(mean)")
  }

  /// Items of a group are right together more often than not: half of the groups have 0.6, half 0.9.
  @Test(arguments: sizes) func accuracyOverGroups(count: Int) {
    let covered = Self.coverage(0.75) { key in
      let sizes = (0..<count).map { 4 + key.integer(below: 12, at: UInt64($0)) }
      let right = sizes.enumerated().map { group, size in
        let share = Self.uniform(key.folding("share"), group) < 0.5 ? 0.6 : 0.9
        let own = key.folding(group)
        return (0..<size).count { Self.uniform(own, $0) < share }
      }
      return RatioInterval.share(right, of: sizes)
    }
    #expect((0.93...0.99).contains(covered), "\(covered)")
  }

  /// Word errors of utterances that are hard or easy, 3 to 9 words each.
  @Test(arguments: sizes) func wordErrorRate(count: Int) throws {
    for (easy, hard) in [(0.05, 0.2), (0.1, 0.5), (0.02, 0.1)] {
      // Lengths do not depend on how hard an utterance is.
      let covered = Self.coverage((easy + hard) / 2) { key in
        let words = (0..<count).map { 3 + key.integer(below: 7, at: UInt64($0)) }
        let errors = words.enumerated().map { utterance, count in
          let share = Self.uniform(key.folding("hard"), utterance) < 0.5 ? hard : easy
          let own = key.folding(utterance)
          return (0..<count).count { Self.uniform(own, $0) < share }
        }
        return RatioInterval.rate(errors, of: words)
      }
      #expect((0.93...0.99).contains(covered), "\(easy), \(hard): \(covered)")
    }
  }

  /// Differences of ROUGE: a third of the documents have the same summary by both, the others differ
  /// either way.
  @Test(arguments: sizes) func rougeDifference(count: Int) {
    let truth = 0.05 * 2 / 3
    let covered = Self.coverage(truth) { key in
      let differences = (0..<count).map { document -> Double in
        if Self.uniform(key, document) < 1.0 / 3 { return 0 }
        return 0.05 + 0.15 * key.folding("difference").normal(at: UInt64(document))
      }
      return PairedMean(differences)?.interval
    }
    #expect((0.93...0.985).contains(covered), "\(covered)")
  }

  /// Half of the items positive, normal scores of equal and of twice the spread.
  @Test(arguments: sizes) func areaUnderCurve(count: Int) throws {
    for (shift, spread) in [(0.7, 1.0), (1.5, 1.0), (1.5, 2.0)] {
      let truth = NormalDistribution.cumulative(shift / (1 + spread * spread).squareRoot())
      let covered = try Self.coverage(truth) { key in
        try AreaUnderCurve(
          positives: (0..<(count / 2)).map { spread * key.normal(at: UInt64($0)) + shift },
          negatives: ((count / 2)..<count).map { key.normal(at: UInt64($0)) }
        ).interval
      }
      #expect((0.93...0.99).contains(covered), "\(shift), \(spread): \(covered)")
    }
  }

  /// The difference of accuracies of a study of five seeds; with 8 and 10 items it is cautious.
  @Test(arguments: sizes) func differenceOfAccuracies(count: Int) throws {
    let model = MadeUpStudies(seedCount: 5, itemCount: count, gain: 0.6)
    let truth = model.trueDifference
    let covered = try Self.coverage(truth) { key in
      try StudyResult(model.study(key)).againstPlain.interval
    }
    #expect((0.93...(count < 20 ? 1 : 0.985)).contains(covered), "\(covered)")
  }

  /// The same over groups of 2 to 24 items whose results go together.
  @Test(arguments: sizes) func differenceOverGroups(count: Int) throws {
    let truth =
      MadeUpStudies.accuracy(1.4, variance: 1.25) - MadeUpStudies.accuracy(0.9, variance: 1.25)
    let covered = try Self.coverage(truth) { key in
      let sizes = (0..<count).map { 2 + key.integer(below: 23, at: UInt64($0)) }
      let names = sizes.enumerated().flatMap { [String?](repeating: "\($0)", count: $1) }
      func table(_ arm: String, _ shift: Double) -> [[Bool]] {
        let own = key.folding(arm)
        return (0..<3).map { seed in
          sizes.enumerated().flatMap { group, size in
            let logit =
              shift + key.folding("group").normal(at: UInt64(group))
              + 0.5 * own.normal(at: UInt64(group))
            let draws = own.folding(seed).folding(group)
            return (0..<size).map { Self.uniform(draws, $0) < 1 / (1 + exp(-logit)) }
          }
        }
      }
      return StudyResult(
        try PairedResults(
          seeds: ["0", "1", "2"], items: names.indices.map { "\($0)" },
          plain: table("plain", 0.9), augmented: table("augmented", 1.4), groups: names)
      ).againstPlain.interval
    }
    #expect((0.93...0.99).contains(covered), "\(covered)")
  }

  @Test func tooFewTextsThatDifferGiveNoInterval() {
    let few = PairedMean([0, 0, 0, 0.2, 0.1, 0.3, 0.1, 0.2])
    #expect(few?.interval == nil && few?.differing == 5)
    let enough = PairedMean([0, 0, 0.1, 0.2, 0.1, 0.3, 0.1, 0.2])
    #expect(enough?.interval != nil && enough?.differing == 6)
    #expect(PairedMean([]) == nil)
  }
}

/// The interval of the calibration error covers the error of the whole.
struct CalibrationIntervalTests {
  /// Probabilities of 0.5 to 1; right ones, and ones that say up to 14 points too much.
  @Test(arguments: [(0.0, 60), (0.0, 200), (0.2, 60), (0.2, 200)])
  func itHoldsTheErrorOfTheWhole(excess: Double, count: Int) throws {
    func sample(_ key: RandomKey, _ count: Int) -> (confidences: [Double], correct: [Bool]) {
      let confidences = (0..<count).map { 0.5 + 0.5 * Double(key.uniform(at: UInt64($0))) }
      let draws = key.folding("right")
      return (
        confidences,
        confidences.enumerated().map {
          Double(draws.uniform(at: UInt64($0))) < $1 - excess * ($1 - 0.3)
        }
      )
    }
    let whole = sample(RandomKey(seed: 3), 100_000)
    let truth = try #require(
      Calibration.expectedError(confidences: whole.confidences, correct: whole.correct))
    var held = 0
    for study in 0..<60 {
      let one = sample(RandomKey(seed: 4).folding(study), count)
      let calibration = try #require(
        CalibrationInterval(
          confidences: one.confidences, correct: one.correct,
          groups: ItemGroups((0..<count).map { _ in nil })))
      if calibration.interval.lower <= truth, truth <= calibration.interval.upper { held += 1 }
    }
    // 95 % of 60 are 57, ± 1.7.
    #expect(held >= 52, "\(held) of 60 hold \(truth)")
  }

  @Test func fewItemsHaveNone() {
    #expect(
      CalibrationInterval(
        confidences: [Double](repeating: 0.9, count: 49),
        correct: [Bool](repeating: true, count: 49),
        groups: ItemGroups((0..<49).map { _ in nil })) == nil)
  }
}

struct PartResultsTests {
  @Test func eachValueHasItsOwnResult() {
    let results = PartResults(
      by: "clinic", values: ["10", "9", "10", "10"], isCorrect: [true, false, false, true],
      words: nil, groups: nil)
    #expect(results.column == "clinic" && results.parts.map(\.value) == ["9", "10"])
    #expect(results.parts.map(\.itemCount) == [1, 3])
    #expect(results.parts[1].accuracy == 2.0 / 3 && results.parts[1].wordErrorRate == nil)
    #expect(results.parts[1].accuracyInterval == .wilson(successes: 2, trials: 3))
  }

  @Test func wordsAreCountedByValue() throws {
    func errors(_ words: Int, _ wrong: Int) -> WordErrors {
      var errors = WordErrors(words: words)
      errors.substitutions = wrong
      return errors
    }
    let results = PartResults(
      by: "speaker", values: ["b", "a", "b"], isCorrect: [false, true, false],
      words: [errors(4, 1), errors(3, 0), errors(6, 2)], groups: nil)
    #expect(results.parts.map(\.value) == ["a", "b"])
    #expect(results.parts.map(\.wordErrorRate) == [0, 0.3])
    #expect(results.parts[0].wordErrorRateInterval == nil)
    let interval = try #require(results.parts[1].wordErrorRateInterval)
    #expect(interval.lower < 0.3 && 0.3 < interval.upper)
  }
}
