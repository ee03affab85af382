package import FoveaArray
package import Testing

/// Expects shape and every element to agree: |actual − expected| ≤ absolute + relative · |expected|.
///
/// Infinities must be equal and NaN meets NaN. Says where the difference is largest.
package func expectClose(
  _ actual: HostArray, _ expected: Array64, absolute: Double = 1e-6, relative: Double = 1e-5,
  _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.shape == expected.shape else {
    Issue.record(
      "\(what): shape \(actual.shape), expected \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  let elements = Array64(actual).values
  var worst: (index: Int, excess: Double)?
  for (index, (a, e)) in zip(elements, expected.values).enumerated() {
    if a == e || (a.isNaN && e.isNaN) { continue }
    let excess = abs(a - e) - absolute - relative * abs(e)
    if excess.isNaN || excess > (worst?.excess ?? 0) {
      worst = (index, excess.isNaN ? .infinity : excess)
    }
  }
  guard let worst else { return }
  Issue.record(
    """
    \(what): element \(worst.index) of \(actual.shape) is \(elements[worst.index]), expected \
    \(expected.values[worst.index]), difference \
    \(elements[worst.index] - expected.values[worst.index])
    """, sourceLocation: sourceLocation)
}
