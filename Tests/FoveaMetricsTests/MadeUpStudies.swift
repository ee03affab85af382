import FoveaArray
import FoveaMetrics
import Glibc

/// Studies drawn from the model of `docs/numerics.md`, so that their true difference is known.
///
/// The logit of arm a's chance to have item i right with seed s is mean + gain·[a is augmented]
/// + item[i] + interaction[i, a] + seed[s, a], each part normal with its own deviation.
struct MadeUpStudies {
  var seedCount: Int
  var itemCount: Int
  /// Logit of an item of middling difficulty for the plain twin.
  var mean = 0.9
  /// What attention adds to the logit.
  var gain = 0.0
  var itemDeviation = 2.0
  var interactionDeviation = 0.5
  /// The control's gain; `nil` for studies without a control.
  var matchedGain: Double?
  /// Deviations of the seeds' effects for plain and augmented; the control has the plain one's.
  var plainDeviation = 0.03
  var augmentedDeviation = 0.14

  /// E[logistic(mean + gain + √v Z)] with and without attention, one less the other.
  var trueDifference: Double {
    let shared = itemDeviation * itemDeviation + interactionDeviation * interactionDeviation
    return Self.accuracy(mean + gain, variance: shared + augmentedDeviation * augmentedDeviation)
      - Self.accuracy(mean, variance: shared + plainDeviation * plainDeviation)
  }

  /// The trapezoid rule over ±10 deviations; for such a smooth integrand its error is below 1e-12.
  static func accuracy(_ mean: Double, variance: Double) -> Double {
    let step = 0.01
    var sum = 0.0
    for index in -1000...1000 {
      let z = Double(index) * step
      sum += exp(-z * z / 2) / (1 + exp(-mean - variance.squareRoot() * z))
    }
    return sum * step / (2 * Double.pi).squareRoot()
  }

  /// One study.
  func study(_ key: RandomKey) throws -> PairedResults {
    let items = normals(itemCount, itemDeviation, key.folding("items"))
    let plain = outcomes(
      items, shift: mean, plainDeviation, key.folding("plain"))
    let augmented = outcomes(
      items, shift: mean + gain, augmentedDeviation, key.folding("augmented"))
    let matched = matchedGain.map {
      outcomes(items, shift: mean + $0, plainDeviation, key.folding("matched"))
    }
    return try PairedResults(
      seeds: (0..<seedCount).map { String($0) }, items: (0..<itemCount).map { String($0) },
      plain: plain, augmented: augmented, matched: matched)
  }

  private func outcomes(
    _ items: [Double], shift: Double, _ seedDeviation: Double, _ key: RandomKey
  ) -> [[Bool]] {
    let interaction = normals(itemCount, interactionDeviation, key.folding("interaction"))
    // exp(−logit) is a product of the item's part and the seed's, so that a cell needs no exp.
    let odds = zip(items, interaction).map { exp(-shift - $0 - $1) }
    let seeds = normals(seedCount, seedDeviation, key.folding("seeds")).map { exp(-$0) }
    let draws = key.folding("draws")
    var words = SIMD4<UInt32>.zero
    var used = 8
    var block: UInt64 = 0
    return seeds.map { seed in
      odds.map { odds in
        if used == 8 {
          words = draws.words(at: block)
          block += 1
          used = 0
        }
        // Sixteen bits a cell: the chance is off by at most 2⁻¹⁷.
        let half = words[used / 2] >> (used % 2 == 0 ? 0 : 16) & 0xFFFF
        used += 1
        return Double(half) + 0.5 < 65_536 / (1 + odds * seed)
      }
    }
  }

  private func normals(_ count: Int, _ deviation: Double, _ key: RandomKey) -> [Double] {
    (0..<count).map { deviation * key.normal(at: UInt64($0)) }
  }
}
