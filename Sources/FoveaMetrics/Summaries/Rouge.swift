/// How much of a summary written by a person is in one that was made.
///
/// Words are runs of a–z and 0–9 in small letters, so the measure is for English. Lin 2004; equal to
/// the `rouge-score` package.
public struct Rouge: Hashable, Sendable, Codable {
  /// How much agrees, within 0…1.
  public struct Score: Hashable, Sendable, Codable {
    /// The share of the made summary that is in the written one.
    public let precision: Double
    /// The share of the written summary that is in the made one.
    public let recall: Double

    /// 2 P R / (P + R)
    public var f1: Double {
      precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    init(common: Int, made: Int, written: Int) {
      precision = Double(common) / Double(max(made, 1))
      recall = Double(common) / Double(max(written, 1))
    }
  }

  /// Single words.
  public let one: Score
  /// Pairs of neighbouring words.
  public let two: Score
  /// The longest sequence of words that is in both in the same order.
  public let longest: Score

  /// Compares a summary that was made with one that was written.
  ///
  /// - Parameter stemming: whether words are compared without their endings.
  public init(_ summary: String, against reference: String, stemming: Bool = true) {
    let made = Self.words(summary, stemming: stemming)
    let written = Self.words(reference, stemming: stemming)
    one = Self.grams(made, written, count: 1)
    two = Self.grams(made, written, count: 2)
    longest =
      made.isEmpty || written.isEmpty
      ? Score(common: 0, made: 0, written: 0)
      : Score(
        common: Self.longestCommon(made, written), made: made.count, written: written.count)
  }

  /// The words that are compared.
  package static func words(_ text: String, stemming: Bool) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    func end() {
      guard !word.isEmpty else { return }
      let text = String(decoding: word, as: UTF8.self)
      words.append(stemming && word.count > 3 ? PorterStemmer.stem(text) : text)
      word.removeAll(keepingCapacity: true)
    }
    for byte in text.lowercased().utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        word.append(byte)
      default: end()
      }
    }
    end()
    return words
  }

  private static func grams(_ made: [String], _ written: [String], count: Int) -> Score {
    func counts(_ words: [String]) -> [ArraySlice<String>: Int] {
      guard words.count >= count else { return [:] }
      return (0...(words.count - count)).reduce(into: [:]) { counts, start in
        counts[words[start..<(start + count)], default: 0] += 1
      }
    }
    let (first, second) = (counts(made), counts(written))
    let common = second.map { min($0.value, first[$0.key] ?? 0) }.reduce(0, +)
    return Score(
      common: common, made: first.values.reduce(0, +), written: second.values.reduce(0, +))
  }

  private static func longestCommon(_ first: [String], _ second: [String]) -> Int {
    var row = [Int](repeating: 0, count: second.count + 1)
    for word in first {
      var diagonal = 0
      for index in second.indices {
        let above = row[index + 1]
        row[index + 1] = word == second[index] ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return row[second.count]
  }
}
