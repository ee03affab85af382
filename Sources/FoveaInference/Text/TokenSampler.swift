import FoveaArray
import FoveaMetrics
import Glibc

/// Draws the next token.
package struct TokenSampler {
  private let temperature: Double
  private let topK: Int?
  private let topP: Double
  private let key: RandomKey

  package init(_ options: TextGenerator.Options) {
    temperature = options.temperature
    topK = options.topK
    topP = options.topP
    key = RandomKey(seed: options.seed).folding("tokens")
  }

  /// The token of a step; the same for the same key, step and logits.
  ///
  /// Logits are divided by the temperature, cut to the likeliest, then to those whose probabilities
  /// reach top-p together (Holtzman et al. 2020); of equally likely tokens the smaller number comes
  /// first.
  package func token(_ logits: [Float], step: Int) -> Int32 {
    guard temperature > 0 else { return Int32(logits.indexOfLargest) }
    let draw = Double(key.uniform(at: UInt64(step)))
    let isCut = topK.map { $0 < logits.count } ?? false
    guard isCut || topP < 1 else {
      let largest = logits.max().map(Double.init) ?? 0
      return Int32(Self.drawn(draw, logits.map { exp((Double($0) - largest) / temperature) }))
    }
    var candidates = logits.indices.map { $0 }
    candidates.sort { (-logits[$0], $0) < (-logits[$1], $1) }
    if let topK, isCut { candidates.removeLast(candidates.count - topK) }
    let largest = candidates.first.map { Double(logits[$0]) } ?? 0
    var weights = candidates.map { exp((Double(logits[$0]) - largest) / temperature) }
    if topP < 1 {
      let limit = topP * weights.reduce(0, +)
      var sum = 0.0
      let count = weights.firstIndex { weight in
        sum += weight
        return sum >= limit
      }
      weights = Array(weights.prefix((count ?? weights.count - 1) + 1))
    }
    return Int32(candidates[Self.drawn(draw, weights)])
  }

  /// The place where the running sum of weights passes a share of their total.
  private static func drawn(_ share: Double, _ weights: [Double]) -> Int {
    var rest = share * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.count - 1
  }
}
