import FoveaArray
import FoveaMetrics
import Testing

/// 1,000 made-up studies of known difference: 93 to 97 % of the intervals must hold it.
///
/// `Tests/References/coverage.py` asks the same of the same formula over far more settings, and
/// `docs/numerics.md` has its tables; here the Swift code itself is asked.
struct CoverageTests {
  /// Accuracy 0.63 for the plain twin; seeds as measured on CIFAR-10 unless said otherwise.
  static let settings: [MadeUpStudies] = [
    MadeUpStudies(seedCount: 3, itemCount: 43),
    MadeUpStudies(seedCount: 5, itemCount: 43, gain: 0.4, interactionDeviation: 1),
    MadeUpStudies(
      seedCount: 5, itemCount: 43, plainDeviation: 0, augmentedDeviation: 0),
    MadeUpStudies(
      seedCount: 10, itemCount: 43, plainDeviation: 0.3, augmentedDeviation: 0.3),
    MadeUpStudies(seedCount: 5, itemCount: 300),
    MadeUpStudies(
      seedCount: 3, itemCount: 300, gain: 0.4, plainDeviation: 0.3, augmentedDeviation: 0.3),
  ]

  @Test(arguments: Self.settings.indices)
  func intervalsHoldTheTruth(index: Int) throws {
    let model = Self.settings[index]
    let truth = model.trueDifference
    var held = 0
    for study in 0..<1000 {
      let results = try model.study(RandomKey(seed: 1).folding(index).folding(study))
      let comparison = StudyResult(results).againstPlain
      let interval = try #require(comparison.interval)
      if interval.lower <= truth && truth <= interval.upper { held += 1 }
    }
    #expect((930...970).contains(held), "\(held) of 1,000 intervals hold \(truth)")
  }
}
