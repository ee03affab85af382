import FoveaArray
import FoveaMetrics

/// What the class loses where a word is covered, m = log p / (1 − p):
///
///     L[w] = m(x) − m(x without w)
///
/// A covered word's tokens are vectors of zeros: they keep their places, and say nothing. As
/// `Occlusion`, word by word.
struct WordOcclusion {
  let words: [[Int]]

  func values(
    of text: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> [Float] {
    var odds = [Double](repeating: 0, count: 1 + words.count)
    try network.run(
      .forward, count: odds.count, target: target,
      picture: { $0 == 0 ? text.values : text.covered(words[$0 - 1]) }
    ) { odds[$0] = Occlusion.logOdds($1["logits"] ?? [], target) }
    return odds.dropFirst().map { Float(odds[0] - $0) }
  }
}

/// Random masks, weighted by the probability p that the class keeps under each:
///
///     L[w] = Σ_m p(x ⊙ M_m) M_m[w] / Σ_m M_m[w]
///
/// Each word is on or off with chance ½. As `RISE`, word by word.
struct WordMasks {
  let words: [[Int]]
  let maskCount: Int
  let key: RandomKey

  func values(
    of text: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> [Float] {
    func isOn(_ mask: Int, _ word: Int) -> Bool {
      key.folding(mask).uniform(at: UInt64(word)) < 0.5
    }
    var sums = [Double](repeating: 0, count: words.count)
    var totals = sums
    try network.run(
      .forward, count: maskCount, target: target,
      picture: { mask in
        text.covered(words.indices.filter { !isOn(mask, $0) }.flatMap { words[$0] })
      }
    ) { mask, outputs in
      let probability = Double(softmax(Array(outputs["logits"] ?? [])).probabilities[target])
      for word in words.indices where isOn(mask, word) {
        sums[word] += probability
        totals[word] += 1
      }
    }
    // The least value says nothing: it is what any mask leaves.
    let values = zip(sums, totals).map { $1 > 0 ? $0 / $1 : 0 }
    let least = values.min() ?? 0
    return values.map { Float($0 - least) }
  }
}

extension InputPicture {
  /// The values with some places covered.
  fileprivate func covered(_ places: [Int]) -> [Float] {
    var result = values
    let cover = blurred.values
    for channel in 0..<channels {
      for place in places {
        result[channel * placeCount + place] = cover[channel * placeCount + place]
      }
    }
    return result
  }
}
