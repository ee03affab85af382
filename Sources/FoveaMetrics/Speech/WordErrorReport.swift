public import FoveaArray

/// How well words are heard, over utterances.
///
///     rate = errors / words said
///
/// The interval comes from drawing whole utterances again, as the errors of one go together
/// (Bisani and Ney 2004, "Bootstrap estimates for confidence intervals in ASR performance
/// evaluation").
public struct WordErrorReport: Hashable, Sendable, Codable {
  /// What became of one word.
  public struct WordResult: Hashable, Sendable, Codable {
    /// The word.
    public let word: String
    /// How often it was said.
    public let said: Int
    /// How often it was heard as another.
    public let substituted: Int
    /// How often it was not heard.
    public let deleted: Int
    /// How often it was heard where nothing, or another word, was said.
    public let heardInError: Int
    /// What it was heard as most often, where it was heard as another.
    public let mostlyHeardAs: String?
  }

  /// How many utterances there are.
  public let utteranceCount: Int
  /// The errors of all together.
  public let errors: WordErrors
  /// Errors over words said; more than 1 where much is heard that was not said.
  public let rate: Double
  /// The 95 % interval of the rate over utterances of the kind.
  public let interval: ConfidenceInterval
  /// The share of utterances without an error.
  public let utteranceAccuracy: Double
  /// Its 95 % interval (Wilson).
  public let utteranceAccuracyInterval: ConfidenceInterval
  /// Each word of the vocabulary.
  public let words: [WordResult]

  /// The report on utterances: what was said and heard, as indices into the `vocabulary`.
  ///
  /// Without an utterance, or a word, there is no rate: a programmer's mistake, which traps.
  public init(
    vocabulary: [String], said: [[Int]], heard: [[Int]], samples: Int = 2000,
    key: RandomKey = RandomKey(seed: 1), file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      said.count == heard.count && said.contains { !$0.isEmpty } && samples >= 1,
      "word errors: \(samples) samples of \(said.count) and \(heard.count) utterances", file: file,
      line: line)
    for word in (said + heard).joined() {
      vocabulary.requireElement(at: word, "word", file: file, line: line)
    }
    let alignments = zip(said, heard).map { WordAlignment(said: $0, heard: $1) }
    let errors = alignments.map(\.errors)
    utteranceCount = errors.count
    let total = errors.reduce(WordErrors(words: 0), +)
    self.errors = total
    rate = Double(total.count) / Double(total.words)
    interval = Self.interval(errors, samples: samples, key: key)
    let right = errors.count { $0.count == 0 }
    utteranceAccuracy = Double(right) / Double(errors.count)
    utteranceAccuracyInterval = .wilson(successes: right, trials: errors.count)
    words = Self.results(vocabulary, alignments)
  }

  /// Percentiles of the rates of samples of utterances drawn with replacement.
  private static func interval(
    _ errors: [WordErrors], samples: Int, key: RandomKey
  ) -> ConfidenceInterval {
    let rates = (0..<samples).map { sample in
      var (count, words) = (0, 0)
      for draw in errors.indices {
        let drawn = errors[
          key.integer(below: errors.count, at: UInt64(sample * errors.count + draw))]
        count += drawn.count
        words += drawn.words
      }
      return Double(count) / Double(max(words, 1))
    }.sorted()
    if errors.allSatisfy({ $0.count == 0 }) {
      // Drawing faultless utterances again shows none with faults: what the next one may be is
      // Wilson's bound on utterances, each with one wrong word.
      let words = errors.reduce(0) { $0 + $1.words }
      let share = ConfidenceInterval.wilson(successes: 0, trials: errors.count).upper
      return ConfidenceInterval(0, share * Double(errors.count) / Double(words))
    }
    func percentile(_ share: Double) -> Double {
      rates[min(samples - 1, max(0, Int((share * Double(samples)).rounded(.down))))]
    }
    return ConfidenceInterval(percentile(0.025), percentile(0.975))
  }

  private static func results(
    _ vocabulary: [String], _ alignments: [WordAlignment<Int>]
  ) -> [WordResult] {
    var said = [Int](repeating: 0, count: vocabulary.count)
    var deleted = said
    var wrong = said
    var heardAs = [[Int: Int]](repeating: [:], count: vocabulary.count)
    for step in alignments.flatMap(\.steps) {
      switch step {
      case .match(let word): said[word] += 1
      case .substitution(let word, let heard):
        said[word] += 1
        wrong[heard] += 1
        heardAs[word][heard, default: 0] += 1
      case .deletion(let word):
        said[word] += 1
        deleted[word] += 1
      case .insertion(let heard): wrong[heard] += 1
      }
    }
    return vocabulary.indices.map { word in
      // Of equally frequent ones the first, whatever the order of hashing.
      let most = heardAs[word].max { ($0.value, -$0.key) < ($1.value, -$1.key) }
      return WordResult(
        word: vocabulary[word], said: said[word],
        substituted: heardAs[word].values.reduce(0, +), deleted: deleted[word],
        heardInError: wrong[word], mostlyHeardAs: most.map { vocabulary[$0.key] })
    }
  }
}
