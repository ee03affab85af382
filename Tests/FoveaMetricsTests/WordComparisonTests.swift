import FoveaArray
import FoveaMetrics
import Testing

/// Comparisons of word errors.
struct WordComparisonTests {
  /// Utterances of 1 to 7 words, each word wrong with these probabilities.
  private func results(
    plain: Double, augmented: Double, matched: Double, seeds: Int = 3, items: Int = 200
  ) throws -> PairedResults {
    let key = RandomKey(seed: 8)
    let words = (0..<items).map { 1 + $0 % 7 }
    func table(_ share: Double, _ name: String) -> [[Int]] {
      (0..<seeds).map { seed in
        words.enumerated().map { item, count in
          let own = key.folding(name).folding(seed).folding(item)
          return (0..<count).count { own.uniform(at: UInt64($0)) < Float(share) }
        }
      }
    }
    return try PairedResults(
      seeds: (0..<seeds).map { "\($0)" }, items: (0..<items).map { "\($0)" }, words: words,
      plain: table(plain, "plain"), augmented: table(augmented, "augmented"),
      matched: table(matched, "matched"))
  }

  @Test func fewerErrorsThanBothOthersIsAttentionsGain() throws {
    let results = try results(plain: 0.3, augmented: 0.1, matched: 0.28)
    let result = StudyResult(results)
    #expect(result.measure == .wordAccuracy && result.verdict == .attentionHelps)
    let said = 3 * (results.words ?? []).reduce(0, +)
    func rate(_ arm: Arm) throws -> Double {
      Double(try #require(results.errors(of: arm)).reduce(0, +)) / Double(said)
    }
    #expect(abs(1 - result.plainAccuracy - (try rate(.plain))) < 1e-12)
    #expect(
      abs(result.againstPlain.meanDifference - (try rate(.plain) - rate(.augmented))) < 1e-12)
    let interval = try #require(result.againstPlain.interval)
    #expect(interval.lower < 0.2 && 0.2 < interval.upper && interval.upper - interval.lower < 0.2)
    #expect(result.explanation.contains("the word error rate with attention was"))
    #expect(result.explanation.contains("points lower than that of its plain twin"))
    #expect(result.measure.shown(result.plainAccuracy) == 1 - result.plainAccuracy)
  }

  @Test func moreErrorsHurtAndEqualOnesProveNothing() throws {
    let hurts = StudyResult(try results(plain: 0.1, augmented: 0.3, matched: 0.1))
    #expect(hurts.verdict == .attentionHurts)
    #expect(hurts.explanation.contains("points higher than that of its plain twin"))
    let same = StudyResult(try results(plain: 0.2, augmented: 0.2, matched: 0.2))
    #expect(same.verdict == .noProvenGain)
  }

  /// The interval holds the true difference about as often as it says.
  @Test func theIntervalCoversTheTruth() throws {
    var covered = 0
    for study in 0..<150 {
      let key = RandomKey(seed: 90).folding(study)
      let words = (0..<80).map { 1 + $0 % 7 }
      func table(_ share: Float, _ name: String) -> [[Int]] {
        (0..<4).map { seed in
          words.enumerated().map { item, count in
            // Some utterances are hard for all.
            let hard = key.folding("item").uniform(at: UInt64(item)) < 0.3
            let own = key.folding(name).folding(seed).folding(item)
            return (0..<count).count { own.uniform(at: UInt64($0)) < (hard ? 2 * share : share) }
          }
        }
      }
      let result = StudyResult(
        try PairedResults(
          seeds: ["1", "2", "3", "4"], items: words.indices.map { "\($0)" }, words: words,
          plain: table(0.25, "plain"), augmented: table(0.2, "augmented")))
      let interval = try #require(result.againstPlain.interval)
      let truth = 0.05 * 1.3
      if interval.lower <= truth, truth <= interval.upper { covered += 1 }
    }
    #expect(covered >= 135)
  }

  @Test func aTableOfErrorsIsRead() throws {
    let columns = ["seed", "item", "words", "plain", "augmented"]
    let results = try PairedResults(
      columns: columns, rows: [["1", "a", "3", "4", "1"], ["1", "b", "2", "0", "2"]])
    #expect(results.words == [3, 2] && results.errors(of: .plain) == [4, 0])
    #expect(results.outcomes(of: .plain) == [false, true] && results.worth == 5)
    let result = StudyResult(results)
    #expect(abs(result.plainAccuracy - 0.2) < 1e-12 && abs(result.augmentedAccuracy - 0.4) < 1e-12)
    func problem(_ rows: [[String]]) -> String? {
      #expect(throws: InputError.self) { try PairedResults(columns: columns, rows: rows) }?.problem
    }
    #expect(problem([["1", "a", "3", "-1", "1"]]) == "`plain` is \"-1\"")
    #expect(problem([["1", "a", "0", "0", "0"]]) == "there are no words")
    #expect(
      problem([["1", "a", "3", "0", "1"], ["2", "a", "4", "0", "1"]])
        == "item \"a\" has another number of words under seed \"2\"")
  }
}
