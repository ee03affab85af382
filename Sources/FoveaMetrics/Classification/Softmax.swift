import Glibc

/// exp(xᵢ − m) / Σ exp(xⱼ − m), and log Σ exp xⱼ, in double precision.
package func softmax(_ logits: [Float]) -> (probabilities: [Float], logSum: Double) {
  let largest = Double(logits.max() ?? 0)
  let exponentials = logits.map { exp(Double($0) - largest) }
  let sum = exponentials.reduce(0, +)
  return (exponentials.map { Float($0 / sum) }, largest + log(sum))
}

extension Array where Element: Comparable {
  /// The index of the first largest element.
  package var indexOfLargest: Int {
    indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 }
  }
}
