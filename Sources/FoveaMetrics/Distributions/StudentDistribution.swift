import FoveaArray
import Glibc

/// Student's t distribution with any positive degrees of freedom, whole or not.
package enum StudentDistribution {
  /// P(|T| > t) = I_x(df/2, 1/2) with x = df / (df + t²)
  package static func twoSidedTail(_ t: Double, degreesOfFreedom df: Double) -> Double {
    let square = t * t
    return IncompleteBeta.regularized(
      df / (df + square), complement: square / (df + square), a: df / 2, b: 0.5)
  }

  /// The t with P(T ≤ t) = `probability`, for probabilities strictly between 0 and 1.
  ///
  /// Newton's method on log P(|T| > t) against log t, where the tail is concave and for large t a
  /// straight line, so that it converges from anywhere even with one degree of freedom.
  package static func quantile(_ probability: Double, degreesOfFreedom df: Double) -> Double {
    require(
      probability > 0 && probability < 1, "t quantile: \(probability) is not within (0, 1)")
    require(df > 0, "t quantile: \(df) degrees of freedom")
    if probability == 0.5 { return 0 }
    let target = 2 * min(probability, 1 - probability)
    var logT = log(abs(NormalDistribution.quantile(probability)))
    let logScale = lgamma((df + 1) / 2).0 - lgamma(df / 2).0 - log(df * Double.pi) / 2
    for _ in 0..<100 {
      let t = exp(logT)
      let tail = twoSidedTail(t, degreesOfFreedom: df)
      let density = 2 * exp(logScale - (df + 1) / 2 * log1p(t * t / df))
      let step = (log(tail) - log(target)) * tail / (density * t)
      logT += min(max(step, -2), 2)
      if abs(step) < 1e-14 { break }
    }
    return probability < 0.5 ? -exp(logT) : exp(logT)
  }
}
