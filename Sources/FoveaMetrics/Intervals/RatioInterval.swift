import FoveaArray
import Glibc

/// A ratio of two sums over independent units, R = Σ xᵤ / Σ nᵤ, with a 95 % interval: errors over words
/// said by utterance or speaker, right items over items by patient.
///
/// Solves (R − ρ)² = t²₍U₋₁₎ φ V(ρ) / N for ρ, with N = Σ nᵤ and V(ρ) = ρ(1 − ρ) for shares and ρ for
/// rates, in the manner of Wilson 1927: unlike R ± t·s it is right where R is small. φ says how much more
/// a ratio over units varies than one over independent items or words,
///
///     φ = (1 + 1/U) · U/(U − 1) · Σ (xᵤ − R nᵤ)² / (N V(R)),
///
/// the variance of a ratio estimator (Cochran 1977, section 6.3), made a little larger as few units show
/// too little of it; no smaller than 1 for shares, and 1 − R, a binomial's, for rates.
/// `docs/numerics.md` has the coverage.
package enum RatioInterval {
  /// The interval of a share: so many of the items of each unit. From a single unit nothing follows: 0…1.
  package static func share(_ successes: [Int], of trials: [Int]) -> ConfidenceInterval {
    let units = pairs(successes, trials)
    let (sum, total) = units.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    require(
      total > 0 && units.allSatisfy { $0.0 <= $0.1 }, "share: \(sum) of \(total) in units")
    guard units.count > 1 else { return ConfidenceInterval(0, 1) }
    if units.allSatisfy({ $0.1 == 1 }) { return .wilson(successes: sum, trials: total) }
    let (n, share) = (Double(total), Double(sum) / Double(total))
    // Where all units agree entirely each tells no more than one item.
    let factor =
      spread(units, share, variance: share * (1 - share)).map { max($0, 1) }
      ?? n / Double(units.count)
    let t = StudentDistribution.quantile(0.975, degreesOfFreedom: Double(units.count - 1))
    let k = t * t * factor / n
    let half = (k * share * (1 - share) + k * k / 4).squareRoot()
    return ConfidenceInterval(
      sum == 0 ? 0 : max((share + k / 2 - half) / (1 + k), 0),
      sum == total ? 1 : min((share + k / 2 + half) / (1 + k), 1))
  }

  /// The interval of a rate, which may be above 1: so many errors in the words of each unit; `nil` for a
  /// single unit.
  package static func rate(_ errors: [Int], of words: [Int]) -> ConfidenceInterval? {
    let units = pairs(errors, words)
    let (sum, total) = units.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    require(total > 0, "rate: \(sum) errors in no word")
    guard units.count > 1 else { return nil }
    let (n, rate) = (Double(total), Double(sum) / Double(total))
    // Without an error nothing is seen of how they go together.
    let factor = spread(units, rate, variance: rate) ?? 1
    let t = StudentDistribution.quantile(0.975, degreesOfFreedom: Double(units.count - 1))
    let k = t * t * max(factor, min(max(1 - rate, 0.1), 1)) / n
    let half = (k * rate + k * k / 4).squareRoot()
    return ConfidenceInterval(max(rate + k / 2 - half, 0), rate + k / 2 + half)
  }

  /// Units that hold anything.
  private static func pairs(_ counts: [Int], _ sizes: [Int]) -> [(Int, Int)] {
    require(counts.count == sizes.count, "ratio: \(counts.count) counts of \(sizes.count) units")
    return zip(counts, sizes).filter { $0.0 != 0 || $0.1 != 0 }
  }

  /// φ; `nil` where V(R) is 0.
  private static func spread(
    _ units: [(Int, Int)], _ ratio: Double, variance: Double
  ) -> Double? {
    guard variance > 0 else { return nil }
    let count = Double(units.count)
    let total = Double(units.reduce(0) { $0 + $1.1 })
    let squares = units.reduce(0.0) { sum, unit in
      let rest = Double(unit.0) - ratio * Double(unit.1)
      return sum + rest * rest
    }
    return (1 + 1 / count) * count / (count - 1) * squares / (total * variance)
  }
}
