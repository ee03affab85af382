import FoveaArray
import Glibc

/// The mean of a table of differences, seeds × items, with an interval for what it would be over
/// all seeds and all items.
///
/// D[s, i] = 1 where with seed s only the first network has item i right, −1 where only the second
/// has, else 0; of items with several words, and of groups of items, how many errors more the second has.
/// Model: D[s, i] = Δ + seed[s] + item[i] + rest[s, i], all independent, in the manner of a crossed two-way
/// layout without repetition. Where items are worth different numbers wᵢ of words or items, the difference
/// is a ratio, and its variance that of D[s, i] − R (wᵢ − w̄) with R = Σ D / (S Σ w) (Cochran 1977, section
/// 6.3). The mean squares are
///
///     E MS_seed = σ²_rest + I σ²_seed,  E MS_item = σ²_rest + S σ²_item,  E MS_rest = σ²_rest.
///
/// The variance of the mean has a part that more seeds make smaller, a = MS_seed/(S I), and a part
/// that only more items make smaller, b = max(MS_item − MS_rest, 0)/(S I) + q/I². The half-width is
/// the mean of the two textbook ways to combine them, of which the first is too wide and the second
/// too narrow:
///
///     (√(t²₍S₋₁₎ a + t²₍I₋₁₎ b) + t₍f₎ √(a + b)) / 2,   f = (a + b)² / (a²/(S−1) + b²/(I−1)).
///
/// f is Satterthwaite's, 1946, "An approximate distribution of estimates of variance components";
/// the first way is Howe's, 1974, "Approximate confidence limits on the mean of X + Y where X and Y
/// are two tabled independent random variables". q = (Σ d̄ᵢ² + 2)/(K + 2), over the K items that
/// differ for any seed and two made-up ones, stands for the item that was not met: it matters where
/// K is small. Two bounds from below: 0.6 t₍I₋₁₎ √(max(MS_item, MS_rest)/(S I)), as few seeds can
/// agree by chance and the noise of the items is there all the same; and 1 − 0.025^(1/I) where all
/// entries of the table are equal, times as far as an item may differ.
///
/// Chosen by simulation; `docs/numerics.md` has the model, the candidates and the coverage.
package struct CrossedMean: Hashable, Sendable {
  /// S.
  package let seedCount: Int
  /// I.
  package let itemCount: Int
  /// The sum of each seed's row.
  package let seedTotals: [Int]
  /// The mean of the table.
  package let mean: Double
  /// What follows from the table's variances, where there are two seeds and two items at least.
  package let spread: Spread?

  /// Variances and what follows from them.
  package struct Spread: Hashable, Sendable {
    /// √(a + b), not below 0.6 √(max(MS_item, MS_rest)/(S I)).
    package let standardError: Double
    /// f.
    package let degreesOfFreedom: Double
    /// Half the width of the 95 % interval.
    package let halfWidth: Double
    /// halfWidth + t₍f₎(0.8) · standardError: the true difference that such a study proves about
    /// three times in four (measured: 68 to 81 %).
    package let detectableDifference: Double
  }

  /// The mean of `differences`, each −1, 0 or 1, or of words and groups any whole number, in rows of one
  /// seed each.
  ///
  /// - Parameters:
  ///   - worths: how much there is in each item to be right or wrong; equal where not given.
  ///   - most: how far an item may differ.
  package init(
    differences: [some FixedWidthInteger], seedCount: Int, itemCount: Int, worths: [Int]? = nil,
    most: Double = 1
  ) {
    require(
      seedCount > 0 && itemCount > 0 && differences.count == seedCount * itemCount
        && (worths?.count ?? itemCount) == itemCount,
      "crossed mean: \(differences.count) differences for \(seedCount) seeds × \(itemCount) items")
    self.seedCount = seedCount
    self.itemCount = itemCount
    let table = differences.map { Int($0) }
    seedTotals = (0..<seedCount).map { seed in
      table[(seed * itemCount)..<((seed + 1) * itemCount)].reduce(0, +)
    }
    let total = seedTotals.reduce(0, +)
    mean = Double(total) / Double(table.count)
    guard seedCount > 1 && itemCount > 1 else {
      spread = nil
      return
    }
    let sums = Sums(
      table, Self.linearized(table, total, seedCount, worths), seedCount: seedCount,
      itemCount: itemCount)
    spread = Spread(sums, seedCount: seedCount, itemCount: itemCount, most: most)
  }

  /// D[s, i] − R (wᵢ − w̄): the whole numbers themselves where all items are worth the same.
  private static func linearized(
    _ table: [Int], _ total: Int, _ seedCount: Int, _ worths: [Int]?
  ) -> [Double] {
    guard let worths, let first = worths.first, worths.contains(where: { $0 != first }) else {
      return table.map { Double($0) }
    }
    let sum = Double(worths.reduce(0, +))
    let (ratio, mean) = (Double(total) / (Double(seedCount) * sum), sum / Double(worths.count))
    return table.indices.map {
      Double(table[$0]) - ratio * (Double(worths[$0 % worths.count]) - mean)
    }
  }
}

// MARK: - The formula

/// Sums over the table; of whole numbers they are exact.
private struct Sums {
  var total = 0.0
  var squares = 0.0
  let seedSquares: Double
  let itemSquares: Double
  /// Σ d̄ᵢ² of the differences themselves.
  let meanSquares: Double
  let differingItems: Int
  let areAllEqual: Bool

  init(_ table: [Int], _ values: [Double], seedCount: Int, itemCount: Int) {
    var seeds = [Double](repeating: 0, count: seedCount)
    var items = [Double](repeating: 0, count: itemCount)
    var differences = [Int](repeating: 0, count: itemCount)
    var differing = [Bool](repeating: false, count: itemCount)
    for (index, value) in values.enumerated() {
      let item = index % itemCount
      total += value
      squares += value * value
      seeds[index / itemCount] += value
      items[item] += value
      differences[item] += table[index]
      if table[index] != 0 { differing[item] = true }
    }
    seedSquares = seeds.reduce(0) { $0 + $1 * $1 }
    itemSquares = items.reduce(0) { $0 + $1 * $1 }
    let count = Double(seedCount)
    meanSquares = differences.reduce(0.0) { $0 + Double($1) * Double($1) } / (count * count)
    differingItems = differing.count { $0 }
    areAllEqual = values.allSatisfy { $0 == values[0] }
  }
}

extension CrossedMean.Spread {
  fileprivate init(_ sums: Sums, seedCount: Int, itemCount: Int, most: Double) {
    let seeds = Double(seedCount)
    let items = Double(itemCount)
    let count = seeds * items
    let correction = sums.total * sums.total / count
    let betweenSeeds = sums.seedSquares / items
    let betweenItems = sums.itemSquares / seeds
    let rest = sums.squares - betweenSeeds - betweenItems + correction
    let seedSquare = max(betweenSeeds - correction, 0) / (seeds - 1)
    let itemSquare = max(betweenItems - correction, 0) / (items - 1)
    let restSquare = max(rest, 0) / ((seeds - 1) * (items - 1))

    let unseen = (sums.meanSquares + 2) / (Double(sums.differingItems) + 2)
    let a = seedSquare / count
    let b = max(itemSquare - restSquare, 0) / count + unseen / (items * items)
    let degrees = (a + b) * (a + b) / (a * a / (seeds - 1) + b * b / (items - 1))
    let noise = 0.6 * (max(itemSquare, restSquare) / count).squareRoot()

    let seedT = StudentDistribution.quantile(0.975, degreesOfFreedom: seeds - 1)
    let itemT = StudentDistribution.quantile(0.975, degreesOfFreedom: items - 1)
    let wide = (seedT * seedT * a + itemT * itemT * b).squareRoot()
    let narrow =
      StudentDistribution.quantile(0.975, degreesOfFreedom: degrees) * (a + b).squareRoot()
    let exact = sums.areAllEqual ? most * (1 - pow(0.025, 1 / items)) : 0

    standardError = max((a + b).squareRoot(), noise)
    degreesOfFreedom = degrees
    halfWidth = max((wide + narrow) / 2, itemT * noise, exact)
    detectableDifference =
      halfWidth + StudentDistribution.quantile(0.8, degreesOfFreedom: degrees) * standardError
  }
}
