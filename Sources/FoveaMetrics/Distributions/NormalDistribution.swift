import FoveaArray
import Glibc

/// The normal distribution with mean 0 and deviation 1.
package enum NormalDistribution {
  /// P(Z ≤ z) = erfc(−z/√2) / 2
  package static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The z with P(Z ≤ z) = `probability`, for probabilities strictly between 0 and 1.
  ///
  /// Abramowitz and Stegun 1964, 26.2.23 (error below 4.5e-4), then Halley steps on the tail.
  package static func quantile(_ probability: Double) -> Double {
    require(
      probability > 0 && probability < 1, "normal quantile: \(probability) is not within (0, 1)")
    let tail = min(probability, 1 - probability)
    let root = (-2 * log(tail)).squareRoot()
    let top = 2.515517 + root * (0.802853 + root * 0.010328)
    let bottom = 1 + root * (1.432788 + root * (0.189269 + root * 0.001308))
    var z = root - top / bottom  // positive: P(Z > z) = tail
    for _ in 0..<3 {
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      let error = (cumulative(-z) - tail) / density
      z += error / (1 - z * error / 2)
    }
    return probability < 0.5 ? -z : z
  }

  /// The quantile of 0.975: half the width of a 95 % interval in deviations.
  package static let twoSided95 = quantile(0.975)
}
