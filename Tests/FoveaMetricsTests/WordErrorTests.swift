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

  @Test func theReportAddsUtterancesUp() throws {
    let report = WordErrorReport(
      vocabulary: ["one", "two", "three"], said: [[0, 1], [2], [0, 0, 1]],
      heard: [[0, 1], [1, 2], [0, 2, 1]])
    #expect(report.errors.words == 6 && report.errors.count == 2)
    #expect(report.errors.substitutions == 1 && report.errors.insertions == 1)
    #expect(abs(report.rate - 2.0 / 6) < 1e-12)
    #expect(report.utteranceAccuracy == 1.0 / 3)
    let interval = try #require(report.interval)
    #expect(interval.lower < report.rate && report.rate < interval.upper)
    #expect(report.words.map(\.said) == [3, 2, 1])
    #expect(report.words.map(\.substituted) == [1, 0, 0])
    #expect(report.words[0].mostlyHeardAs == "three" && report.words[1].mostlyHeardAs == nil)
    #expect(report.words.map(\.heardInError) == [0, 1, 1])
  }

  @Test func oneUtteranceOrOneSpeakerHasNoInterval() {
    let one = WordErrorReport(vocabulary: ["a", "b"], said: [[0, 1]], heard: [[0, 0]])
    #expect(one.rate == 0.5 && one.interval == nil && one.groupCount == nil)
    let speaker = WordErrorReport(
      vocabulary: ["a", "b"], said: [[0, 1], [1]], heard: [[0, 0], [1]], groups: ["x", "x"])
    #expect(speaker.interval == nil && speaker.groupCount == 1)
    #expect(speaker.utteranceAccuracyInterval == ConfidenceInterval(0, 1))
  }

  @Test func withoutAnErrorTheIntervalHasAWidth() throws {
    let said = [[Int]](repeating: [0, 1], count: 50)
    let report = WordErrorReport(vocabulary: ["a", "b"], said: said, heard: said)
    let interval = try #require(report.interval)
    #expect(report.rate == 0 && interval.lower == 0)
    // t₍₄₉₎² over the 100 words: 2.00958² / 100.
    #expect(abs(interval.upper - 0.040384) < 1e-5)
  }
}
