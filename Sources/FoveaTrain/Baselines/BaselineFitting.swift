import FoveaArray
package import FoveaData
import FoveaKernels
package import FoveaMetrics

extension Baseline {
  /// Examples that are learned from at most: a reference is not worth minutes.
  private static let most = 4096
  /// λ of logistic regression, of which the best on the validation part is taken.
  private static let penalties: [Float] = [0.001, 0.01, 0.1, 1]
  private static let usualPenalty: Float = 0.1

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
    let order = RandomKey(seed: 0).permutation(of: split.kept.count)
    let kept = order.prefix(most).sorted().map { split.kept[$0] }
    let features = try BaselineFeatures(training, learningFrom: kept)
    let plain = try features.rows(of: kept, in: training)
    // Texts without a single token show nothing.
    guard plain.first?.isEmpty == false else { return [] }
    let scale = FeatureScale(plain)
    func labelled(
      _ indices: [Int], _ store: any ExampleStore
    ) throws -> [(row: [Float], label: Int)] {
      zip(try features.rows(of: indices, in: store), indices).map {
        (scale($0), store.dataset.examples[$1].label)
      }
    }
    let rows = plain.map(scale.callAsFunction)
    let labels = kept.map { training.dataset.examples[$0].label }
    let mean = NearestClassMean(rows, labels: labels)
    let validation = try labelled(Array(split.heldOut.prefix(most)), training)
    let candidates = try (validation.isEmpty ? [usualPenalty] : penalties).map { penalty in
      let regression = try LogisticRegression(
        rows, labels: labels, classCount: training.dataset.classes.count, penalty: penalty,
        threads: threads)
      let loss = validation.reduce(0) { sum, item in
        let logits = regression.logits(of: item.row)
        return sum + softmax(logits).logSum - Double(logits[item.label])
      }
      return (loss: loss, regression: regression)
    }
    let best = candidates.min { $0.loss < $1.loss }
    var correct: (mean: [Bool], regression: [Bool]) = ([], [])
    // Part by part: rows of all examples need not fit into memory.
    for start in stride(from: 0, to: measured.count, by: most) {
      let part = Array(measured[start..<min(start + most, measured.count)])
      for item in try labelled(part, store) {
        correct.mean.append(mean.label(of: item.row) == item.label)
        correct.regression.append(
          best?.regression.logits(of: item.row).indexOfLargest == item.label)
      }
    }
    let groups = measured.map { store.dataset.examples[$0].group }
    return [("nearest class mean", correct.mean), ("logistic regression", correct.regression)].map {
      Baseline(
        name: $0, input: seen(features.name, of: split.kept.count), isCorrect: $1, network: network,
        groups: groups)
    }
  }

  /// What classifiers see, and of how many examples where that is not all that there are to train on.
  package static func seen(_ features: String, of count: Int) -> String {
    count > most ? "\(features) (fitted on \(NumberText.count(most, "example")))" : features
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
