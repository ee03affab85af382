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
    var candidates = logits.indices.map { $0 }
    let isCut = topK.map { $0 < logits.count } ?? false
    if isCut || topP < 1 {
      candidates.sort { (-logits[$0], $0) < (-logits[$1], $1) }
    }
    if let topK, isCut { candidates.removeLast(candidates.count - topK) }
    let largest = candidates.map { Double(logits[$0]) }.max() ?? 0
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
    var rest = Double(key.uniform(at: UInt64(step))) * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return Int32(candidates[index]) }
    }
    return Int32(candidates[weights.count - 1])
  }
}
