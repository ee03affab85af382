public import FoveaRuns

/// How far training is: told after every batch.
public struct TrainingProgress: Sendable {
  /// The epoch under way, counted from 1.
  public let epoch: Int
  /// How many there are at most.
  public let epochs: Int
  /// Batches of this epoch that are done.
  public let batch: Int
  /// Batches that an epoch has.
  public let batches: Int
  /// The mean loss over this epoch so far.
  public let loss: Double
  /// The share of examples that were right over this epoch so far.
  public let accuracy: Double
  /// Examples trained on a second, over this epoch so far.
  public let examplesPerSecond: Double
  /// Seconds of training until the last epoch would end, if training does not stop early: without
  /// validation, and without what follows.
  public let secondsLeft: Double
}

/// How long training takes, told before it begins.
public struct TrainingEstimate: Hashable, Sendable {
  /// Seconds that an epoch with its validation takes.
  public let epochSeconds: Double
  /// Epochs that come at least, before nothing getting better could stop it, and at most.
  public let epochs: ClosedRange<Int>
  /// Seconds that come before the first and once only: kernels are made for each shape.
  public let preparationSeconds: Double
  /// Seconds of what comes after the epochs: measuring, and finding out where the network looks.
  public let laterSeconds: Double

  package init(
    epochSeconds: Double, epochs: ClosedRange<Int>, preparationSeconds: Double,
    laterSeconds: Double
  ) {
    self.epochSeconds = epochSeconds
    self.epochs = epochs
    self.preparationSeconds = preparationSeconds
    self.laterSeconds = laterSeconds
  }

  /// How far a measurement of a few steps is from the time of many: a machine that does other work meanwhile
  /// is further off.
  private static let uncertainty = 1.3

  /// Seconds of all together: as many epochs as come at least, and as at most, with what a few steps cannot
  /// tell.
  public var seconds: ClosedRange<Double> {
    func all(_ epochs: Int) -> Double {
      preparationSeconds + Double(epochs) * epochSeconds + laterSeconds
    }
    return all(epochs.lowerBound) / Self.uncertainty...all(epochs.upperBound) * Self.uncertainty
  }
}

/// What happens while training, from the first file that is read to the report.
public enum TrainingEvent: Sendable {
  /// Something that a person should know, as a sentence: that there is no run to go on with, that one
  /// keeps the settings it began with, a class of a single example.
  case note(String)
  /// So many of all examples are read.
  case reading(done: Int, of: Int)
  /// So many of all examples are looked at for copies and other trouble.
  case checking(done: Int, of: Int)
  /// Training begins, or goes on: with all that follows it will take about so long.
  case began(TrainingEstimate)
  /// A batch is done.
  case batch(TrainingProgress)
  /// An epoch is done; whether its validation result is the best so far.
  case epoch(EpochRecord, isBest: Bool)
  /// Training stopped early, as nothing got better for so many epochs.
  case stoppedEarly(afterEpochs: Int)
  /// Training stopped, as numbers were no longer finite.
  case diverged(Divergence)
  /// The network is measured on so many examples of the test part, or of validation.
  case evaluating(count: Int)
  /// So many of all pictures are explained, to find out which way of highlighting does best and for the
  /// report.
  case explaining(done: Int, of: Int)
  /// The report is written.
  case writingReport
}
