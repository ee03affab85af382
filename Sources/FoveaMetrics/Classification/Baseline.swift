import FoveaArray

/// How a simple classifier does on the examples that a network was measured on: what a network must beat to
/// be worth its time.
package struct Baseline: Hashable, Sendable, Codable {
  /// `nearest class mean` or `logistic regression`.
  package let name: String
  /// What it sees of an example, and how many it was fitted on where that is not all.
  package let input: String
  /// The share of examples that it has right.
  package let accuracy: Double
  /// The 95 % interval: Wilson's, or that over groups of items.
  package let accuracyInterval: ConfidenceInterval
  /// The network's accuracy less this one's, on the same examples.
  package let difference: Double
  /// The 95 % interval of that (`PairedMean`); absent where they differ on fewer than six examples.
  package let differenceInterval: ConfidenceInterval?

  /// Whether the network is shown to be better.
  package var isBeaten: Bool { (differenceInterval?.lower ?? 0) > 0 }

  /// What came of one on as many examples as a network was measured on, at least one.
  ///
  /// - Parameter groups: what each example belongs to with others, if it does: examples of a group are added up
  ///   first.
  package init(
    name: String, input: String, isCorrect: [Bool], network: [Bool], groups: [String?]
  ) {
    require(
      !isCorrect.isEmpty && isCorrect.count == network.count && isCorrect.count == groups.count,
      "baseline: \(isCorrect.count) answers beside \(network.count), in \(groups.count) groups")
    self.name = name
    self.input = input
    let units = ItemGroups(groups)
    let (right, sizes) = (
      units.sums(isCorrect.map { $0 ? 1 : 0 }), units.sums(isCorrect.map { _ in 1 })
    )
    accuracy = Double(right.reduce(0, +)) / Double(isCorrect.count)
    accuracyInterval = RatioInterval.share(right, of: sizes)
    let differences = zip(network, isCorrect).map { ($0 ? 1.0 : 0) - ($1 ? 1 : 0) }
    let paired = PairedMean(sums: units.sums(differences), worths: sizes)
    difference = paired?.mean ?? 0
    // No difference of shares is larger than 1.
    differenceInterval = paired?.interval.map {
      ConfidenceInterval(max($0.lower, -1), min($0.upper, 1))
    }
  }
}

extension [Baseline] {
  /// The one with most right.
  package var best: Baseline? { self.max { $0.accuracy < $1.accuracy } }

  /// What is said where the network is not shown to be better than the best of them.
  package var warning: String? {
    guard let best, !best.isBeaten else { return nil }
    let isWorse = best.differenceInterval.map { $0.upper < 0 } ?? false
    return
      "The network is \(isWorse ? "worse" : "not shown to be better") than \(best.name) on \(best.input)."
  }
}

extension Baseline {
  /// What it does, as a sentence.
  package var sentence: String {
    "For reference: \(name) on \(input) has \(NumberText.percent(accuracy)); the network "
      + "has \(differenceText) points."
  }

  /// `+3.2 (−0.4 to +6.8)`, in percentage points; without a range where there is no interval.
  package var differenceText: String {
    let range = differenceInterval.map { " (\(NumberText.pointRange($0.lower, $0.upper)))" }
    return NumberText.points(difference) + (range ?? "")
  }
}
