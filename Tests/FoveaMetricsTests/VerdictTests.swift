import FoveaArray
import FoveaMetrics
import Testing

struct VerdictTests {
  static let above = ConfidenceInterval(0.01, 0.05)
  static let across = ConfidenceInterval(-0.01, 0.05)
  static let below = ConfidenceInterval(-0.05, -0.01)

  @Test(
    arguments: [
      // Attention less plain, attention less control, control less plain.
      (above, above, across, .attentionHelps), (above, above, above, .attentionHelps),
      (above, across, above, .moreParametersHelp), (above, below, above, .moreParametersHelp),
      (above, across, across, .undecided), (above, across, below, .undecided),
      (above, nil, nil, .undecided), (across, above, below, .noProvenGain),
      (across, across, above, .noProvenGain), (below, above, above, .attentionHurts),
      (below, below, across, .attentionHurts), (nil, nil, nil, .noProvenGain),
      (ConfidenceInterval(0, 0.1), above, above, .noProvenGain),
      (ConfidenceInterval(-0.1, 0), above, above, .noProvenGain),
      (above, ConfidenceInterval(0, 0.1), ConfidenceInterval(0, 0.1), .undecided),
    ] as [(ConfidenceInterval?, ConfidenceInterval?, ConfidenceInterval?, Verdict)])
  func followsFromTheIntervals(
    plain: ConfidenceInterval?, matched: ConfidenceInterval?, control: ConfidenceInterval?,
    expected: Verdict
  ) {
    #expect(
      Verdict(againstPlain: plain, againstMatched: matched, matchedAgainstPlain: control)
        == expected)
  }

  @Test func aVerdictHasATitleAndAName() {
    #expect(Verdict.undecided.rawValue == "undecided")
    #expect(Verdict.attentionHelps.title == "attention helps")
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
