import FoveaArray
import FoveaMetrics
import Testing

struct WordErrorTests {
  private func errors(_ said: [Int], _ heard: [Int]) -> [Int] {
    let errors = WordAlignment(said: said, heard: heard).errors
    return [errors.substitutions, errors.deletions, errors.insertions]
  }

  @Test func errorsAreCountedByKind() {
    #expect(errors([1, 2, 3], [1, 2, 3]) == [0, 0, 0])
    #expect(errors([1, 2, 3], [1, 9, 3]) == [1, 0, 0])
    #expect(errors([1, 2, 3], [1, 3]) == [0, 1, 0])
    #expect(errors([1, 2, 3], [1, 2, 2, 3]) == [0, 0, 1])
    #expect(errors([], [4, 4]) == [0, 0, 2])
    #expect(errors([4, 4], []) == [0, 2, 0])
    #expect(errors([1, 2, 3, 4], [2, 3, 5]) == [1, 1, 0])
  }

  @Test func theStepsTellBothSides() {
    let alignment = WordAlignment(said: ["a", "b", "c"], heard: ["a", "c", "c", "d"])
    let said = alignment.steps.compactMap { step -> String? in
      switch step {
      case .match(let word), .deletion(let word), .substitution(let word, _): word
      case .insertion: nil
      }
    }
    let heard = alignment.steps.compactMap { step -> String? in
      switch step {
      case .match(let word), .insertion(let word), .substitution(_, let word): word
      case .deletion: nil
      }
    }
    #expect(said == ["a", "b", "c"] && heard == ["a", "c", "c", "d"])
    #expect(alignment.errors.count == 2)
  }

  /// No way has fewer errors: held against all ways for short strings.
  @Test func theCountIsTheFewestThereAre() {
    func fewest(_ said: ArraySlice<Int>, _ heard: ArraySlice<Int>) -> Int {
      guard let first = said.first else { return heard.count }
      guard let other = heard.first else { return said.count }
      return min(
        fewest(said.dropFirst(), heard.dropFirst()) + (first == other ? 0 : 1),
        fewest(said.dropFirst(), heard) + 1, fewest(said, heard.dropFirst()) + 1)
    }
    for number in 0..<200 {
      let said = (0..<(number % 5)).map { (number * 7 + $0 * 5) % 3 }
      let heard = (0..<(number / 5 % 6)).map { (number * 3 + $0 * $0) % 3 }
      #expect(WordAlignment(said: said, heard: heard).errors.count == fewest(said[...], heard[...]))
    }
  }

  @Test func theReportAddsUtterancesUp() {
    let report = WordErrorReport(
      vocabulary: ["one", "two", "three"], said: [[0, 1], [2], [0, 0, 1]],
      heard: [[0, 1], [1, 2], [0, 2, 1]])
    #expect(report.errors.words == 6 && report.errors.count == 2)
    #expect(report.errors.substitutions == 1 && report.errors.insertions == 1)
    #expect(abs(report.rate - 2.0 / 6) < 1e-12)
    #expect(report.utteranceAccuracy == 1.0 / 3)
    #expect(report.interval.lower <= report.rate && report.rate <= report.interval.upper)
    #expect(report.interval.lower < report.interval.upper)
    #expect(report.words.map(\.said) == [3, 2, 1])
    #expect(report.words.map(\.substituted) == [1, 0, 0])
    #expect(report.words[0].mostlyHeardAs == "three" && report.words[1].mostlyHeardAs == nil)
    #expect(report.words.map(\.heardInError) == [0, 1, 1])
  }

  @Test func withoutAnErrorTheIntervalHasAWidth() {
    let said = [[Int]](repeating: [0, 1], count: 50)
    let report = WordErrorReport(vocabulary: ["a", "b"], said: said, heard: said)
    #expect(report.rate == 0 && report.interval.lower == 0)
    // Wilson's bound for none of 50 is 7.1 %, and half of an utterance's words are wrong.
    #expect(abs(report.interval.upper - 0.0713 / 2) < 1e-3)
  }

  /// The interval holds the rate of the whole that utterances are drawn from about as often as it says.
  @Test func theIntervalCoversTheTruth() {
    let key = RandomKey(seed: 5)
    var covered = 0
    for study in 0..<200 {
      let draws = key.folding(study)
      let said = (0..<60).map { _ in [0, 1, 0, 1] }
      // Half of the utterances are hard: a word in two is wrong there, and none elsewhere.
      let heard = said.enumerated().map { index, words in
        draws.uniform(at: UInt64(index)) < 0.5
          ? words
          : words.enumerated().map { place, word in
            draws.folding(index).uniform(at: UInt64(place)) < 0.5 ? 1 - word : word
          }
      }
      let interval = WordErrorReport(
        vocabulary: ["a", "b"], said: said, heard: heard, samples: 500
      ).interval
      // Substitutions of neighbours can be taken for fewer insertions and deletions, so the truth is
      // that of a large sample.
      if interval.lower <= Self.truth, Self.truth <= interval.upper { covered += 1 }
    }
    #expect(covered >= 180 && covered <= 200)
  }

  /// The rate over all hard and easy utterances: half are hard, and of the 16 ways to hear four words
  /// all are alike.
  private static let truth: Double = {
    let said = [0, 1, 0, 1]
    let counts = (0..<16).map { bits in
      let heard = said.enumerated().map { bits >> $0.offset & 1 == 1 ? 1 - $0.element : $0.element }
      return WordAlignment(said: said, heard: heard).errors.count
    }
    return Double(counts.reduce(0, +)) / 16 / 4 / 2
  }()
}
