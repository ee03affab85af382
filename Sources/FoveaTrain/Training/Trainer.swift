package import FoveaData
import FoveaInference
package import FoveaKernels
import FoveaMetrics
package import FoveaNN
package import FoveaRuns

/// Trains a model epoch by epoch, and can stop and go on at any batch.
///
/// What happens in a step follows from the settings, the seed and the step's number alone, so a
/// run that goes on from a checkpoint ends with the same bits as one that was never interrupted.
@KernelActor
package final class Trainer {
  private let training: any BatchFeed
  private let validation: (any BatchFeed)?
  private let statistics: (any BatchFeed)?
  private let classWeights: [Float]?
  private let settings: TrainingSettings
  private let model: TrainingModel
  private let key: RandomKey
  private let startedAt: Double
  private let laterPasses: Double
  private let startWeights: Weights
  private var state: TrainingState
  /// What is left if training ends now: the weights of the best epoch, or of the last one where none is
  /// better than others. They are finite.
  private var keptWeights: Weights?

  /// A trainer at the beginning, or where a checkpoint left off.
  ///
  /// - Parameters:
  ///   - statistics: training examples as they are, shuffled, from which stored statistics are gathered anew
  ///     after each epoch.
  ///   - laterPasses: examples that the network meets after training, in passes forward: they count in how
  ///     long all will take.
  package init(
    _ model: any ClassificationModel, settings: TrainingSettings, training: any BatchFeed,
    validation: (any BatchFeed)?, statistics: (any BatchFeed)? = nil, classWeights: [Float]? = nil,
    startWeights: Weights,
    checkpoint: Checkpoint? = nil, startedAt: Double, laterPasses: Double = 0
  ) throws {
    self.training = training
    self.validation = validation
    self.statistics = statistics
    self.classWeights = classWeights
    self.settings = settings
    self.startedAt = checkpoint?.startedAt ?? startedAt
    key = RandomKey(seed: settings.seed)
    self.laterPasses = laterPasses
    self.startWeights = startWeights
    state = checkpoint?.state ?? TrainingState()
    let choosesBest = settings.keepsBest && validation != nil
    let isBetweenEpochs = state.nextBatch == 0 && state.completedEpochs > 0
    keptWeights =
      checkpoint?.bestWeights ?? (isBetweenEpochs && !choosesBest ? checkpoint?.weights : nil)
    guard state.nextBatch <= training.batchCount else {
      throw InputError(
        "the checkpoint stands at batch \(state.nextBatch) of \(training.batchCount)",
        advice: "It belongs to a training on other data")
    }
    self.model = try TrainingModel(
      model, settings: settings, classWeights: classWeights,
      weights: checkpoint?.weights ?? startWeights, optimizer: checkpoint?.optimizer ?? Weights())
    // The first plan decides how weights are stored: always the one for whole batches, so that a
    // resumed run computes with the same kernels.
    try self.model.prepare(batch: min(training.batchSize, training.exampleCount))
  }

  /// What training came to.
  package struct Outcome: Sendable {
    /// The weights that count: of the best epoch if that is kept, else the last ones.
    package var weights: Weights
    /// The epochs.
    package let history: [EpochRecord]
    /// The best epoch by its validation result, if there is one.
    package let best: EpochRecord?
    /// Where training came to numbers that are not finite, if it did.
    package let divergence: Divergence?
  }

  /// Numbers of the step or epoch under way are not finite.
  private struct Diverged: Error {
    let quantity: Divergence.Quantity
  }

  /// Trains to the end, or until numbers are no longer finite.
  ///
  /// - Parameters:
  ///   - save: stores a checkpoint; called after every epoch, every few minutes and when training
  ///     is cancelled.
  ///   - report: is told what happens.
  /// - Throws: `CancellationError` when the task is cancelled, after `save`; `InputError` where training
  ///   diverged before any epoch had ended, after `save` too.
  package func run(
    save: @Sendable (Checkpoint) throws -> Void = { _ in },
    report: @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> Outcome {
    if !state.isFinished { report(.began(try estimate())) }
    var lastSave = ContinuousClock.now
    while !state.isFinished {
      do {
        try await trainEpoch(save, report, &lastSave)
        try endEpoch(report)
      } catch let error as Diverged {
        diverge(error.quantity)
      } catch let error as CancellationError {
        try keep(save)
        throw error
      }
      try keep(save)
      lastSave = .now
    }
    if let divergence = state.divergence { report(.diverged(divergence)) }
    guard let keptWeights else {
      throw state.divergence?.error() ?? InputError("the checkpoint holds no weights to keep")
    }
    return Outcome(
      weights: keptWeights, history: state.history, best: state.best,
      divergence: state.divergence)
  }

  /// Ends training where it stands.
  private func diverge(_ quantity: Divergence.Quantity) {
    state.divergence = Divergence(
      epoch: state.completedEpochs + 1, step: state.step, quantity: quantity,
      keptEpoch: (choosesBest ? state.best : state.history.last)?.epoch)
    state.isFinished = true
  }

  /// Saves all that it takes to go on from here; weights that are not finite end training instead.
  private func keep(_ save: @Sendable (Checkpoint) throws -> Void) throws {
    var (weights, optimizer) = try (model.weights(), model.optimizerArrays())
    if state.divergence == nil, !(weights.isFinite && optimizer.isFinite) { diverge(.weights) }
    if state.divergence != nil {
      (weights, optimizer) = (keptWeights ?? startWeights, Weights())
    }
    // Where nothing is chosen, those of the last epoch are the weights themselves at its end.
    let isKept = !choosesBest && state.nextBatch == 0 && state.divergence == nil
    try save(
      Checkpoint(
        state: state, startedAt: startedAt, weights: weights, optimizer: optimizer,
        bestWeights: isKept ? nil : keptWeights))
  }

  /// Whether the epoch that is kept is chosen by its validation result.
  private var choosesBest: Bool { settings.keepsBest && validation != nil }

  // MARK: An epoch

  /// After this time an epoch under way is saved too.
  private static let saveInterval = Duration.seconds(120)

  /// Trains from the next batch to the end of the epoch.
  ///
  /// - Throws: `Diverged`; `CancellationError` when the task is cancelled, after the batch under way.
  private func trainEpoch(
    _ save: @Sendable (Checkpoint) throws -> Void, _ report: @Sendable (TrainingEvent) -> Void,
    _ lastSave: inout ContinuousClock.Instant
  ) async throws {
    let batches = try training.batches(epoch: state.completedEpochs, from: state.nextBatch)
    let total = training.batchCount * settings.epochs
    var mark = ContinuousClock.now
    func next() throws -> Batch? {
      let start = ContinuousClock.now
      defer {
        state.waitedSeconds = (state.waitedSeconds ?? 0) + (ContinuousClock.now - start).seconds
      }
      // What is prepared slowly must not keep the kernel thread from predictions, or from noticing
      // that the task was cancelled.
      KernelThread.wait { batches.isNextReady || Task.isCancelled }
      return Task.isCancelled ? nil : try batches.next()
    }
    while let batch = try next() {
      let count = batch.examples.count
      let result = try model.train(
        batch.arrays, batch: count,
        learningRate: settings.learningRate(step: state.step, of: total), step: state.step,
        key: key.folding("step").folding(state.step))
      state.step += 1
      guard result.loss.isFinite else { throw Diverged(quantity: .trainingLoss) }
      guard result.gradientNorm.isFinite else { throw Diverged(quantity: .gradient) }
      state.nextBatch += 1
      state.lossSum += Double(result.loss) * Double(count)
      state.correct += Double(result.correct)
      state.seen += count
      let now = ContinuousClock.now
      state.seconds += (now - mark).seconds
      mark = now
      report(.batch(progress))
      try Task.checkCancellation()
      if now - lastSave > Trainer.saveInterval {
        try keep(save)
        if state.divergence != nil { throw Diverged(quantity: .weights) }
        lastSave = now
      }
      // Predictions of the same process may run between two steps.
      await Task.yield()
    }
    try Task.checkCancellation()
  }

  private var progress: TrainingProgress {
    let seen = Double(max(state.seen, 1))
    let examplesLeft =
      Double((settings.epochs - state.completedEpochs) * training.exampleCount - state.seen)
    return TrainingProgress(
      epoch: state.completedEpochs + 1, epochs: settings.epochs, batch: state.nextBatch,
      batches: training.batchCount, loss: state.lossSum / seen, accuracy: state.correct / seen,
      examplesPerSecond: seen / max(state.seconds, 1e-9),
      secondsLeft: examplesLeft * state.seconds / seen)
  }

  /// Validates, writes the epoch down, and decides whether to go on.
  private func endEpoch(_ report: @Sendable (TrainingEvent) -> Void) throws {
    let start = ContinuousClock.now
    if let statistics, model.storesStatistics {
      try model.gatherStatistics(on: statistics, atMost: Self.statisticsExamples)
    }
    let weights = try model.weights()
    guard try weights.isFinite && model.optimizerArrays().isFinite else {
      throw Diverged(quantity: .weights)
    }
    let evaluation: Evaluation?
    do {
      evaluation = try validation.map {
        try Evaluation(model.predictor, on: $0, decoder: WordDecoder(beam: 1))
      }
    } catch is NonFiniteOutput {
      throw Diverged(quantity: .validation)
    }
    let total = training.batchCount * settings.epochs
    let temperature = evaluation.flatMap {
      Temperature(logits: $0.logits, labels: $0.labels, classWeights: classWeights)
    }
    let record = EpochRecord(
      epoch: state.completedEpochs + 1, step: state.step,
      trainingLoss: state.lossSum / Double(max(state.seen, 1)),
      trainingAccuracy: state.correct / Double(max(state.seen, 1)),
      validationLoss: evaluation?.loss, validationAccuracy: evaluation?.accuracy,
      validationScore: temperature?.loss ?? evaluation.map { $0.wordErrorRate ?? 1 - $0.accuracy },
      temperature: temperature?.value,
      learningRate: Double(settings.learningRate(step: state.step - 1, of: total)),
      seconds: state.seconds + (ContinuousClock.now - start).seconds,
      waitedSeconds: state.waitedSeconds,
      endedAt: secondsSince1970())
    let isBest = record.isBetter(than: state.best)
    if isBest { state.best = record }
    if isBest || !choosesBest { keptWeights = weights }
    state.history.append(record)
    state.completedEpochs += 1
    state.nextBatch = 0
    state.lossSum = 0
    state.correct = 0
    state.seen = 0
    state.seconds = 0
    state.waitedSeconds = nil
    report(.epoch(record, isBest: isBest))
    let sinceBest = record.epoch - (state.best?.epoch ?? record.epoch)
    if state.completedEpochs >= settings.epochs {
      state.isFinished = true
    } else if settings.patience > 0, validation != nil, sinceBest >= settings.patience {
      state.isFinished = true
      report(.stoppedEarly(afterEpochs: settings.patience))
    }
  }

  /// Examples from which statistics are gathered.
  private static let statisticsExamples = 1024

  // MARK: How long it will take

  /// How long the epochs left and what comes after would take, from a few steps on copies of the weights.
  private func estimate() throws -> TrainingEstimate {
    let copy = try TrainingModel(
      model.description, settings: settings, weights: model.weights())
    let sampled = try sampledBatches()
    var (training, forward, making, examples) = (0.0, 0.0, 0.0, 0)
    for batch in sampled.batches {
      let count = batch.examples.count
      func step() throws {
        _ = try copy.train(
          batch.arrays, batch: count, learningRate: 0, step: 0, key: key.folding("estimate"))
      }
      func pass() throws { _ = try copy.predictor.logits(batch.arrays, batch: count) }
      let first = try Stopwatch.seconds(step)
      let stepSeconds = try Stopwatch.median(seconds: 0.03, step)
      making += max(first - stepSeconds, 0)
      training += stepSeconds
      forward += try Stopwatch.median(seconds: 0.02, pass)
      examples += count
    }
    guard examples > 0 else {
      return TrainingEstimate(
        epochSeconds: 0, epochs: 0...0, preparationSeconds: 0, laterSeconds: 0)
    }
    training = max(training / Double(examples), sampled.secondsPerExample)
    forward /= Double(examples)
    let left = settings.epochs - state.completedEpochs
    let isStopped = settings.patience > 0 && validation != nil
    let sinceBest = state.completedEpochs - (state.best?.epoch ?? 0)
    let least =
      isStopped ? max(settings.patience + (state.best == nil ? 1 : 0) - sinceBest, 1) : left
    let gathered =
      statistics != nil && model.storesStatistics
      ? min(self.training.exampleCount, Self.statisticsExamples) : 0
    return TrainingEstimate(
      epochSeconds: training * Double(self.training.exampleCount)
        + forward * Double((validation?.exampleCount ?? 0) + gathered),
      epochs: min(least, left)...left,
      preparationSeconds: making / Double(sampled.batches.count) * Double(sampled.shapes),
      laterSeconds: forward * laterPasses)
  }

  /// Some batches of an epoch, of different shapes where it has such, how long one is waited for, and how many
  /// shapes the epoch probably has.
  private func sampledBatches() throws -> (
    batches: [Batch], secondsPerExample: Double, shapes: Int
  ) {
    let batches = try training.batches(epoch: state.completedEpochs, from: 0)
    var found: [String: Batch] = [:]
    var (seconds, examples, seen) = (0.0, 0, 0)
    // Of long batches fewer: each is waited for.
    while seen < 8, seconds < 1 {
      let start = ContinuousClock.now
      guard let batch = try batches.next() else { break }
      // The first also waits for what comes before all of them.
      if seen > 0 {
        seconds += (ContinuousClock.now - start).seconds
        examples += batch.examples.count
      }
      seen += 1
      let shape = batch.arrays.sorted { $0.key < $1.key }.map { "\($0.value.shape)" }.joined()
      if found[shape] == nil { found[shape] = batch }
    }
    let some = found.sorted { $0.key < $1.key }.prefix(3).map(\.value)
    return (
      some, examples > 0 ? seconds / Double(examples) : 0,
      // One more for the rest of an epoch, and as many to validate.
      found.count + 1 + (validation == nil ? 0 : found.count)
    )
  }
}
