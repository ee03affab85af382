import FoundationEssentials
import FoveaArray
import FoveaMetrics
import Testing

struct StudyResultTests {
  /// As PyTorch measured on CIFAR-10: nothing is proven there, and Fovea must say so.
  @Test func threeSeedsOnCIFAR10ProveNothing() throws {
    let result = StudyResult(
      try networks(
        itemCount: 2000, plain: [0.626, 0.627, 0.619], augmented: [0.601, 0.624, 0.643]))
    #expect(result.verdict == .noProvenGain)
    expectClose(result.plainAccuracy, 0.624)
    expectClose(result.augmentedAccuracy, 1.868 / 3)
    expectClose(result.againstPlain.meanDifference, -0.004 / 3)
    let interval = try #require(result.againstPlain.interval)
    // The seeds' differences alone, −2.5, −0.3 and 2.4 points, give ±6.1 points by Student's t.
    #expect(interval.lower < -0.055 && interval.upper > 0.055)
    #expect(result.againstPlain.signFlip.pValue == 0.75)
    #expect(result.againstPlain.signFlip.smallestPValue == 0.25)
    #expect(
      result.explanation.hasPrefix(
        "Over 3 seeds and 2,000 items attention was right 0.1 points less often than its plain twin"
      )
    )
    // Lost points and their interval have one sign.
    let turned = NumberText.pointRange(-interval.upper, -interval.lower)
    #expect(result.explanation.contains("(95 % interval \(turned))"))
    #expect(result.caveat == "No control of equal size (`matched`) was given.")
  }

  /// The made-up scenes at contrast 0.3: 0.44 and 0.48 against 0.95.
  @Test func aLargeGainIsProvenByThreeSeeds() throws {
    let result = StudyResult(
      try networks(
        itemCount: 1500, plain: [0.44, 0.47, 0.42], augmented: [0.95, 0.94, 0.96],
        matched: [0.48, 0.45, 0.50]))
    #expect(result.verdict == .attentionHelps)
    let interval = try #require(result.againstPlain.interval)
    #expect(interval.lower > 0.4 && interval.upper < 0.6)
    #expect(result.againstPlain.seeds.allSatisfy { $0.mcNemarPValue < 1e-6 })
    #expect(result.explanation.contains("50.7 points more often than its plain twin"))
    #expect(result.explanation.contains("47.3 points more often than the control of equal size"))
    #expect(result.caveat == nil)
    let control = try #require(result.matchedAgainstPlain)
    #expect(control.meanDifference > 0)
  }

  /// 64.2, 65.3 and 75.7 % once read "the parameters explain the gain as well as the attention", though the
  /// control is not provably better than the twin.
  @Test func aControlThatIsNotProvenDoesNotExplainTheGain() throws {
    let result = StudyResult(
      try networks(
        itemCount: 600, plain: [0.642, 0.60, 0.684], augmented: [0.757, 0.74, 0.774],
        matched: [0.653, 0.74, 0.566]))
    #expect(result.verdict == .undecided)
    #expect(result.verdict.title == "gain over the plain twin: attention or size not told apart")
    #expect(result.explanation.contains("is not told apart"))
    #expect(!result.explanation.contains("additional parameters help"))
    // Numbers have the house's form.
    #expect(result.explanation.contains("interval +") && !result.explanation.contains(" -"))
  }

  @Test func aControlThatIsProvenExplainsTheGain() throws {
    let result = StudyResult(
      try networks(
        itemCount: 1500, plain: [0.44, 0.45, 0.43], augmented: [0.70, 0.71, 0.69],
        matched: [0.70, 0.69, 0.71]))
    #expect(result.verdict == .moreParametersHelp)
    #expect(result.explanation.contains("the control alone was right 26.0 points more often"))
  }

  /// Ten copies of each item tell no more than the items: with copies as groups the intervals stay.
  @Test func groupsAreAddedUpBeforeAnythingElse() throws {
    let single = try networks(
      itemCount: 40, plain: [0.5, 0.6, 0.55], augmented: [0.7, 0.65, 0.75])
    func copied(_ arm: Arm) throws -> [[Bool]] {
      let right = try #require(single.outcomes(of: arm))
      return (0..<3).map { seed in
        (0..<400).map { right[seed * 40 + $0 / 10] }
      }
    }
    let grouped = StudyResult(
      try PairedResults(
        seeds: ["0", "1", "2"], items: (0..<400).map { "\($0)" }, plain: copied(.plain),
        augmented: copied(.augmented), groups: (0..<400).map { "patient \($0 / 10)" }))
    let alone = StudyResult(single)
    #expect(grouped.groupCount == 40 && grouped.itemCount == 400 && alone.groupCount == nil)
    expectClose(grouped.againstPlain.meanDifference, alone.againstPlain.meanDifference)
    let (one, other) = (
      try #require(grouped.againstPlain.interval), try #require(alone.againstPlain.interval)
    )
    #expect(abs(one.lower - other.lower) < 0.01 && abs(one.upper - other.upper) < 0.01)
    #expect(
      grouped.againstPlain.seeds.map(\.mcNemarPValue)
        == alone.againstPlain.seeds.map(\.mcNemarPValue))
    #expect(grouped.explanation.contains("3 seeds and 400 items in 40 groups"))
  }

  @Test func aTableNamesTheGroups() throws {
    let columns = ["seed", "item", "group", "plain", "augmented"]
    let results = try PairedResults(
      columns: columns,
      rows: [["1", "a", "x", "1", "0"], ["1", "b", "x", "1", "1"], ["1", "c", "", "0", "1"]])
    #expect(results.groups == ["x", "x", nil] && results.groupCount == 2)
    let one = try PairedResults(
      columns: columns,
      rows: ["1", "2"].flatMap { [[$0, "a", "x", "1", "0"], [$0, "b", "x", "1", "1"]] })
    #expect(
      StudyResult(one).caveat?.contains(
        "With one group it cannot be told what other groups would say.") == true)
    let problem = #expect(throws: InputError.self) {
      try PairedResults(
        columns: columns, rows: [["1", "a", "x", "1", "0"], ["2", "a", "y", "1", "1"]])
    }?.problem
    #expect(problem == "item \"a\" belongs to another group under seed \"2\"")
  }

  /// At contrast 0.6: 0.985 and 0.990 against 1.000. Proven where the seeds agree, else not.
  @Test func accuraciesNearOne() throws {
    let agreeing = StudyResult(
      try networks(
        itemCount: 1500, plain: [0.985, 0.984, 0.986], augmented: [1, 0.9993, 1],
        matched: [0.990, 0.989, 0.991]))
    #expect(agreeing.verdict == .attentionHelps)
    let interval = try #require(agreeing.againstMatched?.interval)
    // The items alone give ±0.5 points, of which 0.6 remain where the seeds agree so well.
    #expect(interval.lower > 0.004 && interval.lower < 0.008)
    #expect(interval.upper > 0.012 && interval.upper < 0.016)
    let disagreeing = StudyResult(
      try networks(
        itemCount: 1500, plain: [0.985, 0.999, 0.971], augmented: [1, 1, 1],
        matched: [0.990, 1, 0.980]))
    #expect(disagreeing.verdict == .noProvenGain)
  }

  @Test func withoutAControlTheCaveatSaysWhatCannotBeTold() throws {
    let result = StudyResult(
      try networks(itemCount: 1500, plain: [0.44, 0.47, 0.42], augmented: [0.95, 0.94, 0.96]))
    #expect(result.verdict == .undecided)
    #expect(result.againstMatched == nil && result.matchedAgainstPlain == nil)
    #expect(result.matchedAccuracy == nil)
    #expect(result.caveat?.contains("additional parameters") == true)
  }

  @Test func oneSeedProvesNothing() throws {
    let result = StudyResult(
      try networks(itemCount: 1500, plain: [0.44], augmented: [0.95], matched: [0.48]))
    #expect(result.verdict == .noProvenGain)
    #expect(result.againstPlain.interval == nil)
    #expect(result.againstPlain.standardError == nil)
    #expect(result.againstPlain.detectableDifference == nil)
    #expect(result.againstPlain.intervalMissing?.hasPrefix("One seed cannot show") == true)
    #expect(result.againstPlain.signFlip.smallestPValue == 1)
    #expect(result.againstPlain.seeds[0].mcNemarPValue < 1e-6)
    #expect(result.explanation.contains("1 seed and 1,500 items"))
    #expect(result.caveat?.contains("train three or more") == true)
  }

  @Test func oneItemProvesNothing() throws {
    let column = [[true], [true], [true]]
    let result = StudyResult(
      try PairedResults(
        seeds: ["1", "2", "3"], items: ["a"], plain: [[false], [false], [false]],
        augmented: column))
    #expect(result.verdict == .noProvenGain)
    #expect(result.againstPlain.meanDifference == 1)
    #expect(result.againstPlain.interval == nil)
    #expect(result.againstPlain.intervalMissing?.hasPrefix("One item cannot show") == true)
  }

  @Test func networksThatAnswerAlikeDifferByLessThanTheTestSetCanShow() throws {
    let result = StudyResult(
      try networks(itemCount: 43, plain: [0.7, 0.7, 0.7], augmented: [0.7, 0.7, 0.7], noise: 0))
    #expect(result.verdict == .noProvenGain)
    #expect(result.againstPlain.meanDifference == 0)
    let interval = try #require(result.againstPlain.interval)
    #expect(interval.upper > 0.08 && interval.upper < 0.09)
    #expect(interval.lower == -interval.upper)
    #expect(result.againstPlain.seeds.allSatisfy { $0.mcNemarPValue == 1 })
    #expect(result.explanation.contains("exactly as often"))
  }

  @Test func intervalsStayWithinWhatADifferenceCanBe() throws {
    let result = StudyResult(
      try networks(itemCount: 4, plain: [0, 0.25], augmented: [1, 1]))
    let interval = try #require(result.againstPlain.interval)
    #expect(interval.upper == 1 && interval.lower >= -1)
    #expect(try #require(result.againstPlain.detectableDifference) <= 1)
  }

  @Test func jsonHasThePromisedKeys() throws {
    let result = StudyResult(
      try networks(
        itemCount: 100, plain: [0.5, 0.6], augmented: [0.6, 0.7], matched: [0.5, 0.5]))
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(StudyResult.self, from: data) == result)
    let text = String(decoding: data, as: UTF8.self)
    for key in [
      "seedCount", "itemCount", "seeds", "augmentedAccuracy", "plainAccuracy", "matchedAccuracy",
      "againstPlain", "againstMatched", "matchedAgainstPlain", "verdict", "explanation",
      "meanDifference", "interval",
      "standardError", "degreesOfFreedom", "detectableDifference", "signFlip", "pValue",
      "smallestPValue", "onlyAugmented", "onlyOther", "mcNemarPValue", "difference",
    ] {
      #expect(text.contains("\"\(key)\":"), "\(key)")
    }
    #expect(text.contains("\"verdict\":\"\(result.verdict.rawValue)\""))
  }

  /// Networks of exactly these accuracies, one a seed: an item is right where its easiness, shared
  /// by all, with the network's own noise is among the highest.
  private func networks(
    itemCount: Int, plain: [Double], augmented: [Double], matched: [Double]? = nil,
    noise: Double = 0.5
  ) throws -> PairedResults {
    let key = RandomKey(seed: 5)
    let easiness = (0..<itemCount).map { key.normal(at: UInt64($0)) }
    func table(_ accuracies: [Double], _ name: String) -> [[Bool]] {
      accuracies.enumerated().map { seed, accuracy in
        let own = key.folding(name).folding(seed)
        let scores = easiness.enumerated().map { $1 + noise * own.normal(at: UInt64($0)) }
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var row = [Bool](repeating: false, count: itemCount)
        for item in order.prefix(Int((accuracy * Double(itemCount)).rounded())) { row[item] = true }
        return row
      }
    }
    return try PairedResults(
      seeds: plain.indices.map { String($0) }, items: (0..<itemCount).map { String($0) },
      plain: table(plain, "plain"), augmented: table(augmented, "augmented"),
      matched: matched.map { table($0, "matched") })
  }
}
