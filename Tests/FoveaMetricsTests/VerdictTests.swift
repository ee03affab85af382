import FoveaArray
import FoveaMetrics
import Testing

struct VerdictTests {
  static let above = ConfidenceInterval(0.01, 0.05)
  static let across = ConfidenceInterval(-0.01, 0.05)
  static let below = ConfidenceInterval(-0.05, -0.01)

  @Test(
    arguments: [
      (above, above, .attentionHelps), (above, across, .moreParametersHelp),
      (above, below, .moreParametersHelp), (above, nil, .moreParametersHelp),
      (across, above, .noProvenGain), (across, across, .noProvenGain),
      (across, below, .noProvenGain), (below, above, .attentionHurts),
      (below, below, .attentionHurts), (nil, nil, .noProvenGain),
      (ConfidenceInterval(0, 0.1), above, .noProvenGain),
      (ConfidenceInterval(-0.1, 0), above, .noProvenGain),
    ] as [(ConfidenceInterval?, ConfidenceInterval?, Verdict)])
  func followsFromTheIntervals(
    plain: ConfidenceInterval?, matched: ConfidenceInterval?, expected: Verdict
  ) {
    #expect(Verdict(againstPlain: plain, againstMatched: matched, hasMatched: true) == expected)
  }

  @Test func withoutAControlTheTwinDecides() {
    func verdict(_ plain: ConfidenceInterval) -> Verdict {
      Verdict(againstPlain: plain, againstMatched: nil, hasMatched: false)
    }
    #expect(verdict(Self.above) == .attentionHelps)
    #expect(verdict(Self.across) == .noProvenGain)
    #expect(verdict(Self.below) == .attentionHurts)
  }

  /// No gain: at most 2.5 % of studies may prove one, and as many a loss.
  @Test func nothingIsProvenWhereNothingIs() throws {
    let model = MadeUpStudies(seedCount: 5, itemCount: 43, matchedGain: 0)
    let verdicts = try Self.verdicts(model, studies: 400)
    #expect(verdicts[.noProvenGain, default: 0] >= 372)  // 380 expected at least, deviation 4.4
    #expect(verdicts[.attentionHelps, default: 0] <= 10)
  }

  @Test func attentionThatHelpsIsFound() throws {
    let model = MadeUpStudies(seedCount: 5, itemCount: 300, gain: 1.5, matchedGain: 0.1)
    #expect(try Self.verdicts(model, studies: 100)[.attentionHelps, default: 0] >= 95)
  }

  @Test func parametersThatHelpAreNotTakenForAttention() throws {
    let model = MadeUpStudies(seedCount: 5, itemCount: 300, gain: 1.5, matchedGain: 1.5)
    #expect(try Self.verdicts(model, studies: 100)[.moreParametersHelp, default: 0] >= 92)
  }

  @Test func attentionThatHurtsIsFound() throws {
    let model = MadeUpStudies(seedCount: 5, itemCount: 300, gain: -1.5, matchedGain: 0)
    #expect(try Self.verdicts(model, studies: 100)[.attentionHurts, default: 0] >= 95)
  }

  private static func verdicts(_ model: MadeUpStudies, studies: Int) throws -> [Verdict: Int] {
    var counts: [Verdict: Int] = [:]
    for study in 0..<studies {
      let results = try model.study(RandomKey(seed: 2).folding(study))
      counts[StudyResult(results).verdict, default: 0] += 1
    }
    return counts
  }
}
