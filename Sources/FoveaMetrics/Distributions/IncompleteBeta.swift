import FoveaArray
import Glibc

/// I_x(a, b) = ∫₀ˣ tᵃ⁻¹ (1 − t)ᵇ⁻¹ dt / B(a, b), the regularised incomplete beta function.
///
/// The tails of Student's t and of the binomial are special cases of it. Continued fraction 8.17.22
/// of the NIST Handbook of Mathematical Functions (2010), evaluated by Lentz's method.
package enum IncompleteBeta {
  /// I_x(a, b) for 0 ≤ x ≤ 1 and positive a, b.
  ///
  /// - Parameters:
  ///   - x: the upper limit.
  ///   - complement: 1 − x, given apart so that an x close to 1 keeps its digits.
  ///   - a: the first parameter.
  ///   - b: the second parameter.
  /// - Returns: a number within 0…1, exact to 12 digits; to 8 for parameters of 10⁶.
  package static func regularized(
    _ x: Double, complement: Double, a: Double, b: Double
  ) -> Double {
    require(a > 0 && b > 0, "incomplete beta: a = \(a) and b = \(b) must be positive")
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    // The fraction converges fast on the near side of the mean; the other side is its mirror.
    if x > (a + 1) / (a + b + 2) {
      return 1 - front(complement, x, a: b, b: a) * fraction(complement, a: b, b: a)
    }
    return front(x, complement, a: a, b: b) * fraction(x, a: a, b: b)
  }

  /// xᵃ (1 − x)ᵇ / (a B(a, b))
  private static func front(_ x: Double, _ complement: Double, a: Double, b: Double) -> Double {
    let logBeta = lgamma(a).0 + lgamma(b).0 - lgamma(a + b).0
    return exp(a * log(x) + b * log(complement) - logBeta) / a
  }

  /// 1 / (1 + d₁/(1 + d₂/(1 + …))), which takes about √max(a, b) terms.
  private static func fraction(_ x: Double, a: Double, b: Double) -> Double {
    let tiny = 1e-300
    let limit = 200 + Int(10 * max(a, b).squareRoot())
    var numerator = 1.0
    var denominator = 1 / nonzero(1 - (a + b) * x / (a + 1), tiny)
    var value = denominator
    for index in 1...limit {
      let m = Double(index)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      denominator = 1 / nonzero(1 + even * denominator, tiny)
      numerator = nonzero(1 + even / numerator, tiny)
      value *= denominator * numerator
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      denominator = 1 / nonzero(1 + odd * denominator, tiny)
      numerator = nonzero(1 + odd / numerator, tiny)
      let step = denominator * numerator
      value *= step
      if abs(step - 1) < 1e-15 { break }
    }
    return value
  }

  private static func nonzero(_ number: Double, _ tiny: Double) -> Double {
    abs(number) < tiny ? tiny : number
  }
}
