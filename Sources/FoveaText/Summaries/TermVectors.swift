#if canImport(Glibc)
import Glibc
#endif

/// Sentences as sparse vectors of their words.
struct TermVectors {
  /// For each sentence how often each term stands in it, by the term's number.
  let counts: [[Int: Int]]
  /// For each term log(sentences / sentences with it) + 1: what many sentences have, tells little.
  let inverseFrequencies: [Double]

  init(_ sentences: [[String]]) {
    var numbers: [String: Int] = [:]
    counts = sentences.map { terms in
      terms.reduce(into: [:]) { counts, term in
        let number = numbers[term] ?? numbers.count
        numbers[term] = number
        counts[number, default: 0] += 1
      }
    }
    var frequencies = [Int](repeating: 0, count: numbers.count)
    for sentence in counts { for term in sentence.keys { frequencies[term] += 1 } }
    let total = Double(sentences.count)
    inverseFrequencies = frequencies.map { log(total / Double($0)) + 1 }
  }

  var count: Int { counts.count }

  /// The cosine of the angle between sentences, of frequencies times inverse frequencies: Erkan and
  /// Radev 2004, equation 1.
  func cosines() -> [[Double]] {
    let vectors = counts.map { counts in
      counts.map { (term: $0.key, weight: Double($0.value) * inverseFrequencies[$0.key]) }
        .sorted { $0.term < $1.term }
    }
    let norms = vectors.map { vector in
      vector.map { $0.weight * $0.weight }.reduce(0, +).squareRoot()
    }
    return matrix { first, second in
      let norm = norms[first] * norms[second]
      return norm > 0 ? Self.product(vectors[first], vectors[second]) / norm : 0
    }
  }

  /// The number of terms that two sentences share over the sum of the logarithms of their lengths:
  /// Mihalcea and Tarau 2004, section 4.1.
  func overlaps() -> [[Double]] {
    let lengths = counts.map { log(Double($0.values.reduce(0, +))) }
    return matrix { first, second in
      let length = lengths[first] + lengths[second]
      guard length.isFinite, length > 0 else { return 0 }
      let (small, large) =
        counts[first].count < counts[second].count
        ? (counts[first], counts[second]) : (counts[second], counts[first])
      return Double(small.keys.count { large[$0] != nil }) / length
    }
  }

  private func matrix(_ value: (Int, Int) -> Double) -> [[Double]] {
    var matrix = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: count)
    for first in 0..<count {
      for second in first..<count {
        matrix[first][second] = value(first, second)
        matrix[second][first] = matrix[first][second]
      }
    }
    return matrix
  }

  private static func product(
    _ first: [(term: Int, weight: Double)], _ second: [(term: Int, weight: Double)]
  ) -> Double {
    var (left, right) = (0, 0)
    var sum = 0.0
    while left < first.count, right < second.count {
      if first[left].term == second[right].term {
        sum += first[left].weight * second[right].weight
        left += 1
        right += 1
      } else if first[left].term < second[right].term {
        left += 1
      } else {
        right += 1
      }
    }
    return sum
  }
}

extension SegmentedText {
  /// What a part is about, to be counted: its words in small letters, and of neighbouring ideographs
  /// the pairs, as one alone says little.
  func terms(in part: Range<Int>) -> [String] {
    var terms: [String] = []
    var ideograph: TextSpan?
    for word in words(in: part) {
      let isIdeograph = word.text.unicodeScalars.allSatisfy {
        ScalarClasses(of: $0.value).contains(.ideograph) || ScalarSet.hiragana.contains($0.value)
      }
      if !isIdeograph {
        terms.append(word.text.lowercased())
      } else if let last = ideograph, last.end == word.start {
        terms.append(last.text + word.text)
      }
      ideograph = isIdeograph ? word : nil
    }
    return terms
  }
}
