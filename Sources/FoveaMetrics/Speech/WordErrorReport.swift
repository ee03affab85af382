import FoveaArray

/// How well words are heard, over utterances.
///
///     rate = errors / words said
///
/// The errors of one utterance go together, and those of one speaker: the interval is of a ratio of sums over
/// utterances, or over groups of them (`RatioInterval`). How errors divide into kinds is not unique: their
/// sum is the smallest there is, but `a b` heard as `b c` is as well two substitutions as a deletion and an
/// insertion. `WordAlignment` says which way is taken.
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
  /// How many groups of utterances that belong together there are; absent where they have none.
  public let groupCount: Int?
  /// The 95 % interval of the rate over utterances of the kind; absent with a single one, or a single
  /// group.
  public let interval: ConfidenceInterval?
  /// The share of utterances without an error.
  public let utteranceAccuracy: Double
  /// Its 95 % interval: Wilson's, or that of a share over groups.
  public let utteranceAccuracyInterval: ConfidenceInterval
  /// Each word of the vocabulary.
  public let words: [WordResult]

  /// The report on utterances: what was said and heard, as indices into the `vocabulary`.
  ///
  /// Without an utterance, or a word, there is no rate: a programmer's mistake, which traps.
  ///
  /// - Parameter groups: what each utterance belongs to, such as a speaker; `nil` an utterance by itself.
  public init(
    vocabulary: [String], said: [[Int]], heard: [[Int]], groups: [String?]? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      said.count == heard.count && said.contains { !$0.isEmpty }
        && (groups?.count ?? said.count) == said.count,
      "word errors: \(said.count) and \(heard.count) utterances, "
        + "\(groups?.count ?? said.count) groups", file: file, line: line)
    for word in (said + heard).joined() {
      vocabulary.requireElement(at: word, "word", file: file, line: line)
    }
    let alignments = zip(said, heard).map { WordAlignment(said: $0, heard: $1) }
    let errors = alignments.map(\.errors)
    utteranceCount = errors.count
    let total = errors.reduce(WordErrors(words: 0), +)
    self.errors = total
    rate = Double(total.count) / Double(total.words)
    let units = ItemGroups(groups ?? said.map { _ in nil })
    groupCount = groups?.contains { $0 != nil } == true ? units.count : nil
    interval = RatioInterval.rate(
      units.sums(errors.map(\.count)), of: units.sums(errors.map(\.words)))
    let right = errors.map { $0.count == 0 ? 1 : 0 }
    utteranceAccuracy = Double(right.reduce(0, +)) / Double(errors.count)
    utteranceAccuracyInterval = RatioInterval.share(
      units.sums(right), of: units.sums(right.map { _ in 1 }))
    words = Self.results(vocabulary, alignments)
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
