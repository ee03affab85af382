import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaInference
import FoveaMetrics
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import FoveaTrain
import Synchronization
import Testing

/// Trainings whose numbers are no longer finite: what is kept of them, and what is said.
@Suite(.serialized) struct DivergenceTests {
  private static func training(
    rate: Float, _ change: (inout TrainingSettings) -> Void = { _ in }
  ) throws -> ClassifierTraining {
    var settings = MadeTraining.settings
    settings.epochs = 4
    settings.learningRate = rate
    change(&settings)
    return try ClassifierTraining(
      MadeTraining.pictures(MadeTraining.dataset(40)), template: MadeTraining.template,
      settings: settings)
  }

  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout TrainingSettings) -> Void
  }

  static let ways = [
    Way(testDescription: "adam") { _ in },
    Way(testDescription: "sgd without a limit of gradients") {
      ($0.optimizer, $0.gradientClip) = (.sgd, 0)
    },
    Way(testDescription: "adamw, the last epoch kept") {
      ($0.optimizer, $0.keepsBest) = (.adamw, false)
    },
    Way(testDescription: "sgd, nothing set aside") {
      ($0.optimizer, $0.validationSplit) = (.sgd, 0)
    },
  ]

  /// Goes well for an epoch and is then gone on with at a rate that nothing survives: from the epoch's end,
  /// and from the middle of the next.
  @Test(arguments: ways) func theWeightsOfTheEpochBeforeAreKept(_ way: Way) async throws {
    let good = try Self.training(rate: 0.01, way.change)
    let bad = try Self.training(rate: 1e30, way.change)
    let batches = try good.trainingFeed.batchCount
    var kept: [Weights] = []
    for stop in [batches, batches + 2] {
      let checkpoint = try #require(try await good.cancelled(afterBatches: stop))
      let first = try await good.cancelled(afterBatches: batches)
      let events = Mutex<[Divergence]>([])
      let (outcome, checkpoints) = try await bad.trained(from: checkpoint) { event in
        if case .diverged(let divergence) = event { events.withLock { $0.append(divergence) } }
      }
      let divergence = try #require(outcome.divergence)
      #expect(divergence.epoch == 2 && divergence.keptEpoch == 1)
      #expect(divergence.step > stop && divergence.step <= 2 * batches)
      #expect(events.withLock { $0 } == [divergence])
      #expect(outcome.history.map(\.epoch) == [1])
      #expect(outcome.weights.isFinite && outcome.weights == first?.weights)
      // What is stored is finite too, and says the same again when it is gone on with.
      let last = try #require(checkpoints.last)
      #expect(last.state.divergence == divergence && last.state.isFinished)
      #expect(last.weights.isFinite && last.optimizer.isFinite)
      let again = try await bad.trained(from: last).outcome
      #expect(again.weights == outcome.weights && again.divergence == divergence)
      kept.append(outcome.weights)
    }
    #expect(kept[0] == kept[1])
  }

  @Test(arguments: ways) func withoutAnEpochThereIsNothingToKeep(_ way: Way) async throws {
    let training = try Self.training(rate: 1e38, way.change)
    let saved = Mutex<Checkpoint?>(nil)
    let error = await #expect(throws: InputError.self) {
      try await training.run(
        startedAt: 0, save: { checkpoint in saved.withLock { $0 = checkpoint } })
    }
    #expect(error?.problem.hasPrefix("training diverged in epoch 1: ") == true)
    #expect(error?.problem.contains("no epoch had ended before") == true)
    #expect(error?.advice == "Give a smaller learning rate")
    let checkpoint = try #require(saved.withLock { $0 })
    #expect(checkpoint.weights == training.startWeights && checkpoint.state.isFinished)
    let again = await #expect(throws: InputError.self) {
      try await training.trained(from: checkpoint)
    }
    #expect(again == error)
  }

  /// A run directory says what happened, whoever asks for its weights.
  @Test func aRunSaysThatItDiverged() async throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.file("run"))
    let training = try Self.training(rate: 1e38)
    try directory.create(overwrite: false)
    let run = try ClassifierRun(training, in: directory, dataPath: "made")
    await #expect(throws: InputError.self) { try await run.execute() }
    #expect(try directory.configuration().divergence?.epoch == 1)
    let error = #expect(throws: InputError.self) { try TrainedClassifier(directory) }
    #expect(error?.problem.hasPrefix("training diverged in epoch 1") == true)
    let resumed = try ClassifierRun(resuming: directory, data: training.data)
    let again = await #expect(throws: InputError.self) { try await resumed.execute() }
    #expect(again?.problem == error?.problem)
    #expect(try directory.configuration().divergence?.epoch == 1)
  }

  /// What a run was begun on is what it goes on with.
  @Test func theNumberOfThreadsIsKept() async throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.file("run"))
    var training = try Self.training(rate: 0.01)
    training.threads = 3
    try directory.create(overwrite: false)
    let run = try ClassifierRun(training, in: directory, dataPath: "made")
    let outcome = try await run.execute().outcome
    let configuration = try directory.configuration()
    #expect(configuration.trainingThreads == 3 && configuration.training.threads == nil)
    let resumed = try ClassifierRun(resuming: directory, data: training.data)
    #expect(resumed.training.threads == 3)
    training.threads = nil
    let usual = RunDirectory(folder.file("usual"))
    try usual.create(overwrite: false)
    _ = try ClassifierRun(training, in: usual, dataPath: "made")
    #expect(try usual.configuration().trainingThreads ?? 0 >= 1)
    #expect(outcome.divergence == nil && configuration.divergence == nil)
  }

  /// Of a new run nothing is said of how it began.
  @Test func moreThreadsThanProcessorsAreSaid() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.file("run"))
    var training = try Self.training(rate: 0.01)
    training.threads = 999
    try directory.create(overwrite: false)
    let run = try ClassifierRun(training, in: directory, dataPath: "made")
    #expect(run.notes.count == 1 && run.notes[0].hasPrefix("999 threads on "))
    let resumed = try ClassifierRun(resuming: directory, data: training.data)
    #expect(
      resumed.notes.count == 1
        && resumed.notes[0].hasPrefix("The run was begun on 999 threads and "))
  }

  // MARK: Studies

  private static func study(_ folder: URL, rate: Float) throws -> ComparisonStudy {
    var settings = MadeTraining.settings
    settings.epochs = 1
    settings.learningRate = rate
    return try ComparisonStudy(
      MadeTraining.pictures(MadeTraining.dataset(60)), template: MadeTraining.template,
      settings: settings, seeds: [5, 6], folder: folder, dataPath: "made")
  }

  @Test func aStudyCountsThemAndGoesOn() async throws {
    let folder = try TemporaryFolder()
    let ended = Mutex(0)
    let outcome = try await Self.study(folder.file("study"), rate: 1e38).run { event in
      if case .ended(_, _, nil) = event { ended.withLock { $0 += 1 } }
    }
    #expect(ended.withLock { $0 } == 6)
    let result = outcome.result
    let diverged = try #require(result.diverged)
    #expect(diverged.count == 6 && diverged.allSatisfy { !$0.isScored && $0.epoch == 1 })
    #expect(result.verdict == .noProvenGain)
    #expect(result.explanation.hasPrefix("6 networks diverged"))
    #expect(result.caveat?.contains("augmented with seed 6") == true)
    let json = String(decoding: try JSONText.encoded(result), as: UTF8.self)
    #expect(json.contains("\"diverged\"") && !json.contains("nan") && !json.contains("inf"))
    let again = try await Self.study(folder.file("study"), rate: 1e38).run()
    #expect(again.result == result)
  }
}
