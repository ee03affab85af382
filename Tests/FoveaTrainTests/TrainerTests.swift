import FoveaArray
import FoveaData
import FoveaInference
import FoveaKernels
import FoveaNN
import FoveaRuns
import FoveaTrain
import Synchronization
import Testing

@Suite(.serialized) struct TrainerTests {
  @Test func whatCanBeLearnedIsLearned() async throws {
    let pictures = try MadeTraining.pictures(
      MadeTraining.dataset(90), test: MadeTraining.dataset(60, seed: 2, name: "test"))
    var settings = MadeTraining.settings
    settings.epochs = 8
    let training = try ClassifierTraining(
      pictures, template: MadeTraining.template, settings: settings)
    let (outcome, checkpoints) = try await training.trained()
    let test = try #require(pictures.test)
    let evaluation = try await PredictionEngine(training.model, weights: outcome.weights)
      .evaluation(on: test.evaluationFeed(of: test.usable, batchSize: 7))
    // Chance is a third.
    #expect(evaluation.accuracy > 0.9)
    #expect(outcome.history.map(\.epoch) == Array(1...outcome.history.count))
    let batches = try training.trainingFeed.batchCount
    #expect(outcome.history.last?.step == batches * outcome.history.count)
    // A slow machine saves within an epoch too.
    #expect(checkpoints.filter { $0.state.nextBatch == 0 }.count == outcome.history.count)
    #expect(checkpoints.last?.state.isFinished == true)
    #expect(checkpoints.last?.state.history == outcome.history)
  }

  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout TrainingSettings) -> Void
  }

  static let ways = [
    Way(testDescription: "adam") { _ in },
    Way(testDescription: "sgd, cosine, augmented, weighted classes") {
      $0.optimizer = .sgd
      $0.schedule = .cosine
      $0.augmentation = "flip,shift"
      $0.weighsClasses = true
    },
    Way(testDescription: "adamw, warm-up, smoothed labels, no validation") {
      $0.optimizer = .adamw
      $0.weightDecay = 0.1
      $0.schedule = .warmup
      $0.labelSmoothing = 0.1
      $0.validationSplit = 0
    },
  ]

  /// Cancelled in the first batch, within an epoch, at an epoch's end, and twice in one epoch.
  @Test(arguments: ways) func whatWasCancelledGoesOnToTheSameBits(_ way: Way) async throws {
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(60))
    var settings = MadeTraining.settings
    way.change(&settings)
    let training = try ClassifierTraining(
      pictures, template: MadeTraining.template, settings: settings)
    let whole = try await training.trained().outcome
    let batches = try training.trainingFeed.batchCount
    for stops in [[1], [batches + 3], [batches], [2, 2, batches]] {
      var checkpoint: Checkpoint?
      for stop in stops {
        checkpoint = try await training.cancelled(afterBatches: stop, from: checkpoint)
        try #require(checkpoint != nil, "was not cancelled")
      }
      // What is kept is the batch that was done, not the epoch before.
      #expect(checkpoint?.state.step == stops.reduce(0, +))
      let resumed = try await training.trained(from: checkpoint).outcome
      #expect(resumed.weights == whole.weights, "stopped after \(stops) batches")
      #expect(resumed.history.map(\.trainingLoss) == whole.history.map(\.trainingLoss))
      #expect(resumed.history.map(\.validationLoss) == whole.history.map(\.validationLoss))
      #expect(resumed.best?.epoch == whole.best?.epoch)
    }
  }

  @Test func theSeedDecides() async throws {
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(40))
    func weights(_ change: (inout TrainingSettings) -> Void = { _ in }) async throws -> Weights {
      var settings = MadeTraining.settings
      settings.epochs = 1
      settings.augmentation = "flip,shift,brightness"
      change(&settings)
      return try await ClassifierTraining(
        pictures, template: MadeTraining.template, settings: settings
      ).trained().outcome.weights
    }
    let first = try await weights()
    #expect(try await weights() == first)
    #expect(try await weights { $0.seed = 6 } != first)
    #expect(try await weights { $0.augmentation = "none" } != first)
    #expect(try await weights { $0.augmentation = "flip,shift" } != first)
  }

  @Test func earlyStoppingBringsTheBestWeightsBack() async throws {
    // Labels that have nothing to do with the pictures: validation cannot get better for ever.
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(60, isRandom: true))
    var settings = MadeTraining.settings
    settings.epochs = 60
    settings.patience = 2
    let training = try ClassifierTraining(
      pictures, template: MadeTraining.template, settings: settings)
    let stopped = Mutex<[Int]>([])
    let (outcome, checkpoints) = try await training.trained { event in
      if case .stoppedEarly(let epochs) = event { stopped.withLock { $0.append(epochs) } }
    }
    let best = try #require(outcome.best)
    #expect(outcome.history.count < 60 && outcome.history.count == best.epoch + 2)
    #expect(stopped.withLock { $0 } == [2])
    #expect(outcome.history.allSatisfy { !$0.isBetter(than: best) })
    // The weights are those that gave the best epoch's numbers, and not the last ones.
    let feed = try #require(training.validationFeed)
    let evaluation = try await PredictionEngine(training.model, weights: outcome.weights)
      .evaluation(on: feed)
    #expect(evaluation.accuracy == best.validationAccuracy)
    #expect(evaluation.loss == best.validationLoss)
    #expect(checkpoints.last?.weights != outcome.weights)
    #expect(checkpoints.last?.bestWeights == outcome.weights)
  }

  @Test func patienceZeroTrainsAllEpochsAndKeepsTheLast() async throws {
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(30, isRandom: true))
    var settings = MadeTraining.settings
    settings.epochs = 9
    settings.patience = 0
    settings.keepsBest = false
    let (outcome, checkpoints) = try await ClassifierTraining(
      pictures, template: MadeTraining.template, settings: settings
    ).trained()
    #expect(outcome.history.count == 9)
    #expect(checkpoints.last?.weights == outcome.weights)
  }

  @Test func withoutValidationEverythingIsTrainedOn() async throws {
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(30))
    var settings = MadeTraining.settings
    settings.epochs = 7
    settings.patience = 1
    settings.validationSplit = 0
    let training = try ClassifierTraining(
      pictures, template: MadeTraining.template, settings: settings)
    #expect(training.split.kept == Array(0..<30) && training.validationFeed == nil)
    let (outcome, checkpoints) = try await training.trained()
    #expect(outcome.history.count == 7 && outcome.best == nil)
    #expect(outcome.history.allSatisfy { $0.validationLoss == nil && $0.validationAccuracy == nil })
    #expect(checkpoints.last?.weights == outcome.weights)
  }

  @Test func classWeightsWeighTheLossAsDocumented() async throws {
    // Twelve of one class, three of another, one of the last.
    let dataset = MadeTraining.dataset(MadeTraining.dataset(16)) { index, _ in
      index < 12 ? 0 : index < 15 ? 1 : 2
    }
    let pictures = try MadeTraining.pictures(dataset)
    var settings = MadeTraining.settings
    settings.epochs = 1
    settings.batchSize = 16
    settings.validationSplit = 0
    settings.weighsClasses = true
    let training = try ClassifierTraining(
      pictures, template: MadeTraining.template, settings: settings)
    // One batch of everything, so the epoch's loss is that of the start weights.
    let loss = try await training.trained().outcome.history[0].trainingLoss
    let start = try await PredictionEngine(training.model, weights: training.startWeights)
      .evaluation(
        on: pictures.training.evaluationFeed(of: Array(0..<16), batchSize: 16))
    // n / (k nₖ) with n = 16 and k = 3.
    let weights = [16.0 / 36, 16.0 / 9, 16.0 / 3]
    var sum = 0.0
    var total = 0.0
    for (label, row) in zip(start.labels, start.probabilities) {
      sum -= weights[label] * logOf(Double(row[label]))
      total += weights[label]
    }
    #expect(abs(loss - sum / total) < 1e-5)
    // Without weights it is another one.
    #expect(abs(loss - start.loss) > 1e-3)
  }

  @Test func itSaysBeforehandHowLongItTakes() async throws {
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(24))
    let training = try ClassifierTraining(
      pictures, template: MadeTraining.template, settings: MadeTraining.settings)
    let events = Mutex<[String]>([])
    _ = try await training.trained { event in
      events.withLock { events in
        switch event {
        case .began(let estimate):
          let seconds = estimate.seconds
          events.append(seconds.lowerBound > 0 && seconds.upperBound.isFinite ? "began" : "?")
        case .batch(let progress):
          let isSound =
            progress.secondsLeft >= 0 && progress.examplesPerSecond > 0 && progress.loss.isFinite
            && (0...1).contains(progress.accuracy)
            && (1...progress.batches).contains(progress.batch)
          events.append(isSound ? "batch" : "?")
        case .epoch: events.append("epoch")
        case .note: events.append("note")
        default: events.append("?")
        }
      }
    }
    let epoch = Array(repeating: "batch", count: try training.trainingFeed.batchCount) + ["epoch"]
    #expect(events.withLock { $0 } == ["began"] + epoch + epoch + epoch)
  }
}
