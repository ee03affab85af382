package import FoveaArray
import Glibc

/// Whether test pictures look as if they came from elsewhere than training pictures.
///
/// A small classifier that sees light, colour, sharpness, size and format is told to tell the two
/// parts apart, and scored on pictures that it was not fitted to. If it does better than chance,
/// a score on the test part says how well a model does on *other* pictures than it was trained on.
public struct ShiftCheck: Hashable, Sendable, Codable {
  /// A number in which the two parts differ.
  public struct Difference: Hashable, Sendable, Codable {
    /// What is measured: `brightness`, `width`.
    public let feature: String
    /// Its arithmetic mean over training pictures, with six digits.
    public let training: Double
    /// Its mean over test pictures.
    public let test: Double
    /// The difference in units of the deviation within the parts (Cohen's d).
    public let effect: Double
  }

  /// How well the classifier tells a test from a training picture.
  public let area: Area
  /// How many training pictures were compared.
  public let trainingCount: Int
  /// How many test pictures were compared.
  public let testCount: Int
  /// The largest differences, strongest first; only those of at least a fifth of a deviation.
  public let differences: [Difference]
  /// Whether the two parts can be told apart: the interval lies above 0.5 by more than `margin`.
  public let isAlarm: Bool

  /// By how much the interval's lower end must exceed 0.5 for an alarm: between parts drawn at
  /// random it hardly ever does, and a smaller shift is of no practical weight.
  public static let margin = 0.05
  /// How well a test picture must be told from a training picture for the alarm to be raised in four of five
  /// sets of this size, as an area under the curve; a classifier that knew the difference beforehand reaches
  /// that, one that has to learn it from the pictures a little less.
  ///
  /// The standard error under no difference is √((m + n + 1) / 12mn) (Mann and Whitney 1947).
  public var detectableArea: Double {
    let (training, test) = (Double(trainingCount), Double(testCount))
    let error = ((training + test + 1) / (12 * training * test)).squareRoot()
    // 1.96 for the interval's end, 0.84 for four in five.
    return min(1, 0.5 + Self.margin + 2.8 * error)
  }

  /// The fewest pictures of a part that can be compared.
  public static let fewest = 20

  /// A picture as the check sees it.
  package struct Item: Sendable {
    let features: [Double]
    let label: Int
    /// Pictures with one number are copies or of one group: never both fitted to and scored.
    let cluster: Int

    package init(features: [Double], label: Int, cluster: Int) {
      self.features = features
      self.label = label
      self.cluster = cluster
    }
  }

  /// Compares the two parts; `nil` where one has too few pictures.
  ///
  /// Classes are matched first, so that a part with more of one class is not taken for a shift.
  /// Five folds; each fold's scores are compared only with each other.
  package init?(training: [Item], test: [Item], key: RandomKey) {
    let matched = Self.matched(training, test, key)
    guard matched.training.count >= Self.fewest, matched.test.count >= Self.fewest else {
      return nil
    }
    let items = matched.training + matched.test
    let isTest = items.indices.map { $0 >= matched.training.count }
    let folds = Self.folds(items, isTest, key.folding("folds"))
    let strata = folds.map { fold in
      let scored = Set(fold)
      let fitted = items.indices.filter { !scored.contains($0) }
      return Self.scores(of: fold, fitted: fitted, items, isTest)
    }
    guard let area = Area(strata, isCrossValidated: true) else { return nil }
    self.area = area
    isAlarm = area.lower > 0.5 + Self.margin
    trainingCount = matched.training.count
    testCount = matched.test.count
    differences = Self.differences(matched.training, matched.test)
  }

  // MARK: - Matching

  /// The most pictures of the smaller part that are compared: the interval is then ±0.02.
  private static let most = 2_000

  /// Pictures drawn at random so that every class has the same share in both parts.
  private static func matched(
    _ training: [Item], _ test: [Item], _ key: RandomKey
  ) -> (training: [Item], test: [Item]) {
    func byClass(_ items: [Item], _ name: String) -> [Int: [Item]] {
      let order = key.folding(name).permutation(of: items.count)
      return Dictionary(grouping: order.map { items[$0] }, by: \.label)
    }
    let left = byClass(training, "training")
    let right = byClass(test, "test")
    let common = Set(left.keys).intersection(right.keys).sorted()
    func count(_ items: [Int: [Item]], _ label: Int) -> Int { items[label]?.count ?? 0 }
    // Up to two training pictures for each test picture: more would hardly narrow the interval.
    let ratio = common.map { count(left, $0) / count(right, $0) }.min() ?? 1
    let times = min(max(ratio, 1), 2)
    let wanted = common.map { label in
      times > 1 ? count(right, label) : min(count(left, label), count(right, label))
    }
    let scale = min(1, Double(most) / Double(max(1, wanted.reduce(0, +))))
    let counts = wanted.map { Int((Double($0) * scale).rounded()) }
    return (
      zip(common, counts).flatMap { (left[$0] ?? []).prefix(times * $1) },
      zip(common, counts).flatMap { (right[$0] ?? []).prefix($1) }
    )
  }

  /// Five sets of indices, with clusters whole and both parts spread evenly.
  private static func folds(_ items: [Item], _ isTest: [Bool], _ key: RandomKey) -> [[Int]] {
    let clusters = Dictionary(grouping: items.indices, by: { items[$0].cluster })
      .values.sorted { $0[0] < $1[0] }
    let order = key.permutation(of: clusters.count)
    var folds = [[Int]](repeating: [], count: 5)
    var counts = [SIMD2<Int>](repeating: .zero, count: 5)
    // The largest first, each to the fold that has the fewest of the part it is most of.
    for cluster in order.map({ clusters[$0] }).sorted(by: { $0.count > $1.count }) {
      let ofTest = cluster.count { isTest[$0] }
      let part = 2 * ofTest >= cluster.count ? 1 : 0
      let fold = counts.indices.min { counts[$0][part] < counts[$1][part] } ?? 0
      folds[fold] += cluster
      counts[fold] &+= SIMD2(cluster.count - ofTest, ofTest)
    }
    return folds
  }

  // MARK: - Scoring

  /// The scores of one fold by a classifier fitted to the others.
  private static func scores(
    of fold: [Int], fitted: [Int], _ items: [Item], _ isTest: [Bool]
  ) -> Area.Stratum {
    let scaler = Standardiser(fitted.map { items[$0].features })
    let model = LogisticRegression(
      rows: fitted.flatMap { scaler.standardised(items[$0].features) },
      labels: fitted.map { isTest[$0] },
      // A fiftieth of the rows: on photographs brightened by 2 to 20 % a weaker penalty finds
      // more among 2,000 pictures and less among 40.
      penalty: Double(fitted.count) / 50)
    let scores = fold.map { index in
      (isTest[index], model.score(scaler.standardised(items[index].features)[...]))
    }
    return Area.Stratum(
      positives: scores.filter(\.0).map(\.1), negatives: scores.filter { !$0.0 }.map(\.1))
  }

  private static func differences(_ training: [Item], _ test: [Item]) -> [Difference] {
    PictureFeatures.named.enumerated().compactMap { index, feature -> Difference? in
      // The classifier sees logarithms; a mean of theirs is none that people know.
      func moments(_ items: [Item]) -> Moments {
        let values = items.map { $0.features[index] }
        return Moments(feature.isLogarithm ? values.map { exp2($0) } : values)
      }
      let (left, right) = (moments(training), moments(test))
      let deviation = ((left.variance + right.variance) / 2).squareRoot()
      let difference = right.mean - left.mean
      // Sums of equal numbers differ in their last digits; beyond that, where neither part
      // varies at all, any difference is a large one.
      guard abs(difference) > 1e-9 else { return nil }
      let effect = difference / max(deviation, abs(difference) / 10)
      guard abs(effect) >= 0.2 else { return nil }
      return Difference(
        feature: feature.name, training: rounded(left.mean), test: rounded(right.mean),
        effect: rounded(effect))
    }.sorted { abs($0.effect) > abs($1.effect) }
  }

  /// A number with six digits: more are those of its sums alone.
  private static func rounded(_ value: Double) -> Double {
    guard abs(value) > 1e-300, value.isFinite else { return value }
    let places = 5 - Int(log10(abs(value)).rounded(.down))
    let factor = pow(10, Double(abs(places)))
    return places < 0 ? (value / factor).rounded() * factor : (value * factor).rounded() / factor
  }
}
