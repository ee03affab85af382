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
    let largest = logits.max() ?? 0
    func weight(_ logit: Float) -> Double { exp(Double(logit - largest) / temperature) }
    let limit = topK.flatMap { $0 < logits.count ? $0 : nil }
    guard limit != nil || topP < 1 else { return Int32(Self.drawn(draw, logits.map(weight))) }
    // Of a cut to the likeliest, top-p takes its share; else of all.
    let all = limit == nil ? logits.reduce(0) { $0 + weight($1) } : nil
    let likeliest = Self.likeliest(logits, below: largest) { candidates in
      if let limit { return candidates.count >= limit }
      return candidates.reduce(0) { $0 + weight(logits[$1]) } >= topP * (all ?? 0)
    }
    let candidates = likeliest.prefix(limit ?? likeliest.count)
    var weights = candidates.map { weight(logits[$0]) }
    if topP < 1 {
      let share = topP * (all ?? weights.reduce(0, +))
      var sum = 0.0
      let last = weights.firstIndex { weight in
        sum += weight
        return sum >= share
      }
      weights = Array(weights.prefix((last ?? weights.count - 1) + 1))
    }
    return Int32(candidates[Self.drawn(draw, weights)])
  }

  /// The likeliest tokens in falling order, enough of them.
  ///
  /// Only those are sorted whose logits lie close enough to the largest: sorting a vocabulary takes
  /// as long as a third of a token of GPT-2's smallest model.
  private static func likeliest(
    _ logits: [Float], below largest: Float, isEnough: ([Int]) -> Bool
  ) -> [Int] {
    var reach: Float = 1
    var candidates: [Int] = []
    repeat {
      let least = largest - reach
      candidates = logits.indices.filter { logits[$0] >= least }
      reach *= 2
    } while candidates.count < logits.count && reach.isFinite && !isEnough(candidates)
    return candidates.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
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
