import FoveaArray
package import FoveaData
package import FoveaMetrics

/// Accuracy by the number of distractors: the search slope of vision research.
///
/// A searcher that takes in a whole scene at once is as good among many distractors as among few,
/// a flat line; one that is led astray loses with each (Treisman and Gelade 1980, "A
/// feature-integration theory of attention"; there in reaction times).
package struct SearchSlope: Codable, Sendable {
  /// The scenes with the same number of distractors.
  package struct Point: Codable, Sendable {
    package let distractors: Int
    /// Test scenes; each met the networks of every seed.
    package let sceneCount: Int
    /// Mean over scenes and seeds, by network.
    package let accuracy: [Arm: Double]
    /// Of the fixed filter.
    package let filterAccuracy: Double
  }

  /// By number of distractors, rising.
  package let points: [Point]
  /// The change of accuracy with each distractor: the slope of a least-squares line over all
  /// scenes; absent where all scenes have as many distractors.
  package let changePerDistractor: [Arm: Double]
  /// The same of the fixed filter.
  package let filterChangePerDistractor: Double?
  /// The fixed filter's share of right answers over all test scenes.
  package let filterAccuracy: Double

  /// - Parameters:
  ///   - results: who had which scene right, items named as in `scenes`.
  ///   - scenes: the test scenes.
  /// - Throws: `CancellationError` when the task is cancelled.
  package init(_ results: PairedResults, scenes: [SceneSet.Item]) throws {
    let byName = Dictionary(uniqueKeysWithValues: scenes.map { ($0.name, $0.scene) })
    let tested = results.items.compactMap { byName[$0] }
    require(tested.count == results.items.count, "search slope: results of unknown scenes")
    let filter = RedGreenFilter()
    let isFound = try Parallel.map(tested.count) { index in
      filter.strongestResponse(in: tested[index].picture).label == tested[index].label
    }
    // The share of seeds that have each scene right.
    var shares: [Arm: [Double]] = [:]
    for arm in Arm.allCases {
      guard let outcomes = results.outcomes(of: arm) else { continue }
      shares[arm] = tested.indices.map { item in
        let right = results.seeds.indices.count { outcomes[$0 * tested.count + item] }
        return Double(right) / Double(results.seeds.count)
      }
    }
    let filterShares = isFound.map { $0 ? 1.0 : 0 }
    let counts = tested.map(\.distractorCount)
    let groups = Dictionary(grouping: tested.indices, by: { counts[$0] })
    points = groups.keys.sorted().map { count in
      let items = groups[count] ?? []
      return Point(
        distractors: count, sceneCount: items.count,
        accuracy: shares.mapValues { share in mean(items.map { share[$0] }) },
        filterAccuracy: mean(items.map { filterShares[$0] }))
    }
    changePerDistractor = shares.compactMapValues { slope(of: $0, over: counts) }
    filterChangePerDistractor = slope(of: filterShares, over: counts)
    filterAccuracy = mean(filterShares)
  }
}

private func mean(_ numbers: [Double]) -> Double {
  numbers.reduce(0, +) / Double(max(numbers.count, 1))
}

/// Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²
private func slope(of values: [Double], over counts: [Int]) -> Double? {
  let x = counts.map(Double.init)
  let (xMean, yMean) = (mean(x), mean(values))
  let spread = x.map { ($0 - xMean) * ($0 - xMean) }.reduce(0, +)
  guard spread > 0 else { return nil }
  return zip(x, values).map { ($0 - xMean) * ($1 - yMean) }.reduce(0, +) / spread
}
