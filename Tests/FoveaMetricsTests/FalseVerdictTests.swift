import FoveaArray
import FoveaMetrics
import Testing

/// How often a verdict is given that is false: no more than 5 in 100 made-up studies, for each claim alone
/// and in each setting. One-sided at 2.5 %, a claim is expected 10 times in 400 studies, ± 3.1.
struct FalseVerdictTests {
  /// Who is better than the plain twin, on the logit.
  struct Setting: CustomTestStringConvertible, Sendable {
    let name: String
    let attention: Double
    let control: Double
    let seeds: Int
    let items: Int
    var testDescription: String { "\(name), \(seeds) seeds, \(items) items" }

    /// What may not be said.
    var falseVerdicts: Set<Verdict> {
      var verdicts: Set<Verdict> = [.attentionHurts]
      if attention <= 0 { verdicts.formUnion([.attentionHelps, .undecided]) }
      if attention <= control { verdicts.insert(.attentionHelps) }
      if control <= 0 { verdicts.insert(.moreParametersHelp) }
      return verdicts
    }
  }

  static let settings: [Setting] = [(3, 43), (5, 43), (5, 150), (10, 20)].flatMap { seeds, items in
    [
      Setting(name: "all equal", attention: 0, control: 0, seeds: seeds, items: items),
      Setting(name: "control = plain", attention: 0.5, control: 0, seeds: seeds, items: items),
      Setting(
        name: "control = plain, large gain", attention: 1.2, control: 0, seeds: seeds, items: items),
      Setting(
        name: "attention = control", attention: 0.8, control: 0.8, seeds: seeds, items: items),
    ]
  }

  @Test(arguments: Self.settings)
  func noFalseVerdictIsMoreFrequentThanNominal(setting: Setting) throws {
    // All three networks vary alike, or "equal" would not be.
    let model = MadeUpStudies(
      seedCount: setting.seeds, itemCount: setting.items, gain: setting.attention,
      matchedGain: setting.control, plainDeviation: 0.1, augmentedDeviation: 0.1)
    var counts: [Verdict: Int] = [:]
    for study in 0..<400 {
      let results = try model.study(RandomKey(seed: 7).folding(setting.seeds).folding(study))
      counts[StudyResult(results).verdict, default: 0] += 1
    }
    for verdict in setting.falseVerdicts {
      #expect(counts[verdict, default: 0] <= 20, "\(verdict): \(counts)")
    }
  }
}
