/// The words that were said beside those that were heard, with the fewest changes between them.
///
///     errors = substitutions + deletions + insertions
///
/// The number of errors is unique, its split into kinds is not: of the ways with the fewest errors the one
/// is taken that keeps words in step longest from the end, substitutions before deletions before insertions.
/// Levenshtein 1966, found as Wagner and Fischer did, 1974.
public struct WordAlignment<Word: Hashable & Sendable>: Hashable, Sendable {
  /// One step from what was said to what was heard.
  public enum Step: Hashable, Sendable {
    /// Heard as it was said.
    case match(Word)
    /// Heard as another word.
    case substitution(said: Word, heard: Word)
    /// Said, not heard.
    case deletion(Word)
    /// Heard, not said.
    case insertion(Word)
  }

  /// The steps in the order of time.
  public let steps: [Step]
  /// How often each happens.
  public let errors: WordErrors

  /// The alignment of what was `heard` with what was `said`.
  public init(said: [Word], heard: [Word]) {
    // cost[i][j]: the fewest errors between the first i words said and the first j heard.
    var cost = [[Int]](repeating: Array(0...heard.count), count: said.count + 1)
    for i in 1..<(said.count + 1) {
      cost[i][0] = i
      for j in 1..<(heard.count + 1) {
        cost[i][j] = min(
          cost[i - 1][j - 1] + (said[i - 1] == heard[j - 1] ? 0 : 1), cost[i - 1][j] + 1,
          cost[i][j - 1] + 1)
      }
    }
    var steps: [Step] = []
    var errors = WordErrors(words: said.count)
    var (i, j) = (said.count, heard.count)
    while i > 0 || j > 0 {
      if i > 0, j > 0, cost[i][j] == cost[i - 1][j - 1] + (said[i - 1] == heard[j - 1] ? 0 : 1) {
        if said[i - 1] == heard[j - 1] {
          steps.append(.match(said[i - 1]))
        } else {
          steps.append(.substitution(said: said[i - 1], heard: heard[j - 1]))
          errors.substitutions += 1
        }
        (i, j) = (i - 1, j - 1)
      } else if i > 0, cost[i][j] == cost[i - 1][j] + 1 {
        steps.append(.deletion(said[i - 1]))
        errors.deletions += 1
        i -= 1
      } else {
        steps.append(.insertion(heard[j - 1]))
        errors.insertions += 1
        j -= 1
      }
    }
    self.steps = steps.reversed()
    self.errors = errors
  }
}

/// How many words of an utterance were heard wrong, and how.
public struct WordErrors: Hashable, Sendable, Codable {
  /// Words that were said.
  public var words: Int
  /// Words heard as others.
  public var substitutions = 0
  /// Words said and not heard.
  public var deletions = 0
  /// Words heard and not said.
  public var insertions = 0

  /// No error among so many words.
  public init(words: Int) { self.words = words }

  /// All together; more than `words` where much is heard that was not said.
  public var count: Int { substitutions + deletions + insertions }

  /// Those of two utterances together.
  public static func + (left: WordErrors, right: WordErrors) -> WordErrors {
    var sum = left
    sum.words += right.words
    sum.substitutions += right.substitutions
    sum.deletions += right.deletions
    sum.insertions += right.insertions
    return sum
  }
}
