import FoveaArray
package import FoveaData
import FoveaKernels
package import FoveaMetrics

/// How a simple classifier does on the examples that a network was measured on: what a network must beat to
/// be worth its time.
package struct Baseline: Hashable, Sendable, Codable {
  /// `nearest class mean` or `logistic regression`.
  package let name: String
  /// What it sees of an example.
  package let input: String
  /// The share of examples that it has right.
  package let accuracy: Double
  /// Wilson's 95 % interval.
  package let accuracyInterval: ConfidenceInterval
  /// The network's accuracy less this one's, on the same examples.
  package let difference: Double
  /// Student's 95 % interval of that; absent for one example.
  package let differenceInterval: ConfidenceInterval?

  /// Whether the network is shown to be better.
  package var isBeaten: Bool { (differenceInterval?.lower ?? 0) > 0 }

  /// Examples that are learned from at most: a reference is not worth minutes.
  private static let most = 4096
  /// λ of logistic regression, of which the best on the validation part is taken.
  private static let penalties: [Float] = [0.001, 0.01, 0.1, 1]
  private static let usualPenalty: Float = 0.1

  init(name: String, input: String, isCorrect: [Bool], network: [Bool]) {
    self.name = name
    self.input = input
    let right = isCorrect.count { $0 }
    accuracy = Double(right) / Double(isCorrect.count)
    accuracyInterval = .wilson(successes: right, trials: isCorrect.count)
    let differences = zip(network, isCorrect).map { ($0 ? 1.0 : 0) - ($1 ? 1 : 0) }
    let mean = MeanInterval(differences)
    difference = mean?.mean ?? 0
    // No difference of shares is larger than 1.
    differenceInterval = mean?.interval.map {
      ConfidenceInterval(max($0.lower, -1), min($0.upper, 1))
    }
  }

  /// Fits both classifiers on what a network was trained on.
  ///
  /// - Parameters:
  ///   - split: the examples of `training` that were trained on, and those that validated.
  ///   - store: where the examples are that the network was measured on.
  ///   - measured: which they are.
  ///   - network: whether the network has each of them right.
  /// - Throws: `InputError` where an example cannot be read any more; `CancellationError`.
  @KernelActor
  package static func fitted(
    on training: any ExampleStore, split: StratifiedSplit, measuredOn store: any ExampleStore,
    _ measured: [Int], network: [Bool], threads: Int?
  ) throws -> [Baseline] {
    guard training.dataset.task == .classify, !measured.isEmpty else { return [] }
    let key = RandomKey(seed: 0)
    let kept =
      split.kept.count <= most
      ? split.kept
      : Array(split.kept.sorted { key.folding($0).value < key.folding($1).value }.prefix(most))
    let features = try BaselineFeatures(training, learningFrom: kept)
    func labels(_ indices: [Int], _ store: any ExampleStore) -> [Int] {
      indices.map { store.dataset.examples[$0].label }
    }
    var rows = try features.rows(of: kept, in: training)
    let scale = FeatureScale(rows)
    rows = rows.map(scale.callAsFunction)
    let classes = labels(kept, training)
    let (validation, validationLabels) = (
      try features.rows(of: Array(split.heldOut.prefix(most)), in: training).map(
        scale.callAsFunction), labels(Array(split.heldOut.prefix(most)), training)
    )
    let mean = NearestClassMean(rows, labels: classes)
    let count = training.dataset.classes.count
    func regression(_ penalty: Float) throws -> LogisticRegression {
      try LogisticRegression(
        rows, labels: classes, classCount: count, penalty: penalty, threads: threads)
    }
    func loss(_ regression: LogisticRegression) -> Double {
      zip(validation, validationLabels).reduce(0) { sum, item in
        let logits = regression.logits(of: item.0)
        return sum + softmax(logits).logSum - Double(logits[item.1])
      }
    }
    let candidates = try (validation.isEmpty ? [usualPenalty] : penalties).map(regression)
    let best = candidates.map { (loss: loss($0), regression: $0) }.min { $0.loss < $1.loss }
    let truth = labels(measured, store)
    var correct: (mean: [Bool], regression: [Bool]) = ([], [])
    // Part by part: rows of all examples need not fit into memory.
    for start in stride(from: 0, to: measured.count, by: most) {
      let part = Array(measured[start..<min(start + most, measured.count)])
      for (row, label) in zip(try features.rows(of: part, in: store), truth[start...]) {
        let row = scale(row)
        correct.mean.append(mean.label(of: row) == label)
        correct.regression.append(best?.regression.logits(of: row).indexOfLargest == label)
      }
    }
    return [
      Baseline(
        name: "nearest class mean", input: features.name, isCorrect: correct.mean,
        network: network),
      Baseline(
        name: "logistic regression", input: features.name, isCorrect: correct.regression,
        network: network),
    ]
  }
}

extension [Baseline] {
  /// The one with most right.
  package var best: Baseline? { self.max { $0.accuracy < $1.accuracy } }
}

extension Baseline {
  /// What it does, as a sentence.
  package var sentence: String {
    let interval = differenceInterval.map {
      " (\(NumberText.pointRange($0.lower, $0.upper)))"
    }
    return "For reference: \(name) on \(input) has \(NumberText.percent(accuracy)); the network "
      + "has \(NumberText.points(difference)) points\(interval ?? "")."
  }

  /// What is said where the network is not shown to be better.
  package var warning: String {
    difference > 0
      ? "the network is not shown to be better than \(name) on \(input)."
      : "the network is no better than \(name) on \(input)."
  }
}

/// Makes every feature of mean 0 and deviation 1 over the examples that are learned from.
private struct FeatureScale {
  private var means: [Float]
  private var factors: [Float]

  init(_ rows: [[Float]]) {
    let width = rows.first?.count ?? 0
    var (sums, squares) = (
      [Double](repeating: 0, count: width), [Double](repeating: 0, count: width)
    )
    for row in rows {
      for (place, value) in row.enumerated() {
        sums[place] += Double(value)
        squares[place] += Double(value) * Double(value)
      }
    }
    let count = Double(max(rows.count, 1))
    means = sums.map { Float($0 / count) }
    factors = zip(sums, squares).map { sum, square in
      let variance = square / count - sum * sum / (count * count)
      // What never changes says nothing.
      return variance > 1e-12 ? Float(1 / variance.squareRoot()) : 0
    }
  }

  func callAsFunction(_ row: [Float]) -> [Float] {
    row.indices.map { (row[$0] - means[$0]) * factors[$0] }
  }
}
