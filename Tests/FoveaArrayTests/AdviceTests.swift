import Foundation
import FoveaArray
import Testing

/// What to do about a problem, worded for whoever reads it.
@Suite struct AdviceTests {
  private let error = InputError(
    "the loss is no longer a number", at: "runs/a", row: 3,
    advice: "Give a smaller \(.learningRate), or \(2) \(.seeds)")

  @Test func eachReaderHasNamesOfTheirOwn() {
    #expect(
      error.text(naming: { "--\($0.rawValue)" })
        == "runs/a, row 3: the loss is no longer a number. "
        + "Give a smaller --learningRate, or 2 --seeds")
    #expect(
      error.description == "runs/a, row 3: the loss is no longer a number. "
        + "Give a smaller training.learningRate, or 2 seeds")
  }

  @Test func adviceTakesPartsOfOtherAdvice() {
    let first: Advice = "Free some space"
    let both: Advice = "\(first). Then go on with \(.resume)"
    #expect(both.text(naming: \.rawValue) == "Free some space. Then go on with resume")
    #expect(both == "Free some space. Then go on with \(.resume)" as Advice)
    #expect(both != "Free some space. Then go on with resuming: true" as Advice)
    #expect(Set([both, "\("Free some space"). Then go on with \(.resume)"]).count == 1)
  }

  @Test func loggingTheLocalizedTextLosesNothing() {
    let any: any Error = error
    #expect(any.localizedDescription == error.description)
    #expect((any as? any LocalizedError)?.failureReason == "the loss is no longer a number")
    #expect(
      (any as? any LocalizedError)?.recoverySuggestion
        == "Give a smaller training.learningRate, or 2 seeds")
  }
}
