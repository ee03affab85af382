import FoundationEssentials
import Fovea
import FoveaData
import FoveaTestSupport
import Synchronization
import Testing

/// What `train` says on its way from the first file to the report.
@Suite(.serialized) struct TrainingEventTests {
  private static func parameters() -> ImageClassifier.ModelParameters {
    var parameters = ImageClassifier.ModelParameters()
    parameters.imageSize = .pixels(width: 12, height: 12)
    parameters.network.widths = [4, 8]
    parameters.network.hidden = 8
    parameters.training.epochs = 1
    parameters.training.threads = 1
    return parameters
  }

  /// The kinds of events in their order, each once for as often as it came in a row, and the steps of the
  /// highlights.
  private func events(
    _ parameters: ImageClassifier.ModelParameters
  ) async throws -> (classifier: ImageClassifier, kinds: [String], steps: [(done: Int, of: Int)]) {
    let options = try SceneOptions(
      count: 24, contrast: 0.8, noise: 0.05, distractors: 0...1, seed: 1)
    let kinds = Mutex<[String]>([])
    let steps = Mutex<[(done: Int, of: Int)]>([])
    let explained = { @Sendable (done: Int, total: Int) -> String in
      steps.withLock { $0.append((done, total)) }
      return "explaining"
    }
    let classifier = try await ImageClassifier.train(
      trainingData: .pictures(SceneSet(options, testCount: 6).data()), parameters: parameters
    ) { event in
      if case .note = event { return }
      let kind =
        switch event {
        case .note: "note"
        case .reading: "reading"
        case .checking: "checking"
        case .began(let estimate):
          estimate.seconds.lowerBound > 0 ? "began" : "began in no time"
        case .batch: "batch"
        case .epoch: "epoch"
        case .stoppedEarly, .diverged: "stopped"
        case .evaluating(let count): "evaluating \(count)"
        case .explaining(let done, let total):
          explained(done, total)
        case .writingReport: "report"
        }
      kinds.withLock { if $0.last != kind { $0.append(kind) } }
    }
    return (classifier, kinds.withLock { $0 }, steps.withLock { $0 })
  }

  @Test func everyPhaseIsTold() async throws {
    let (classifier, kinds, steps) = try await events(Self.parameters())
    #expect(
      kinds == [
        "reading", "checking", "began", "batch", "epoch", "evaluating 6", "explaining", "report",
      ])
    #expect(classifier.highlightStudy != nil)
    let last = try #require(steps.last)
    #expect(last.done == last.of && steps.allSatisfy { $0.of == last.of })
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.done <= $1.done })
    #expect(steps.first?.done == 0 && steps.count > 6)
  }

  @Test func highlightsArePutOffUntilTheyAreAskedFor() async throws {
    var parameters = Self.parameters()
    parameters.explains = false
    let (classifier, kinds, steps) = try await events(parameters)
    #expect(steps.isEmpty && kinds.last == "report")
    #expect(classifier.highlightStudy == nil && classifier.defaultMethod == .gradCAM)
    let options = try SceneOptions(
      count: 8, contrast: 0.8, noise: 0.05, distractors: 0...1, seed: 2)
    let item = try #require(try SceneSet(options, testCount: 0).data().training.examples.first)
    guard case .picture(let picture) = item.content else { return }
    #expect(try await classifier.explanation(of: picture).method == .gradCAM)
  }

  @Test func aNetworkThatForgetsWhatItLearnedIsNamed() throws {
    let note = try #require(
      TrainingRun.gapNote(training: 0.833, inference: 0.452, of: "432 pictures"))
    #expect(
      note.contains("had 83.3 % right of what it was trained on")
        && note.contains("45.2 % right of 432 pictures"))
    #expect(TrainingRun.gapNote(training: 0.9, inference: 0.81, of: "9 pictures") == nil)
    #expect(TrainingRun.gapNote(training: 0.8, inference: 0.95, of: "9 pictures") == nil)
  }
}
