/// What one pass over the training pictures gave.
public struct EpochRecord: Hashable, Sendable, Codable {
  /// Counted from 1.
  public var epoch: Int
  /// Steps taken since the run began.
  public var step: Int
  /// The mean loss over the training pictures, as they were seen.
  public var trainingLoss: Double
  /// The share of training pictures that were right, as they were seen.
  public var trainingAccuracy: Double
  /// The mean cross-entropy over the validation pictures.
  public var validationLoss: Double?
  /// The share of validation pictures that were right.
  public var validationAccuracy: Double?
  /// The learning rate of the last step.
  public var learningRate: Double
  /// How long the epoch took, validation included.
  public var seconds: Double
  /// How much of that training waited for batches; `nil` in runs of before this was measured.
  public var waitedSeconds: Double?
  /// When it ended, in seconds since 1970.
  public var endedAt: Double

  /// A record with these numbers.
  public init(
    epoch: Int, step: Int, trainingLoss: Double, trainingAccuracy: Double,
    validationLoss: Double? = nil, validationAccuracy: Double? = nil, learningRate: Double,
    seconds: Double, waitedSeconds: Double? = nil, endedAt: Double
  ) {
    self.epoch = epoch
    self.step = step
    self.trainingLoss = trainingLoss
    self.trainingAccuracy = trainingAccuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.learningRate = learningRate
    self.seconds = seconds
    self.waitedSeconds = waitedSeconds
    self.endedAt = endedAt
  }

  /// Whether all results are numbers.
  package var isFinite: Bool {
    [trainingLoss, validationLoss ?? 0, validationAccuracy ?? 0].allSatisfy(\.isFinite)
  }

  /// Whether this epoch's validation result is better than another's: more accurate, or as
  /// accurate with a lower loss.
  public func isBetter(than other: EpochRecord?) -> Bool {
    guard let accuracy = validationAccuracy, let loss = validationLoss else { return false }
    guard let other, let otherAccuracy = other.validationAccuracy,
      let otherLoss = other.validationLoss
    else { return true }
    return (accuracy, -loss) > (otherAccuracy, -otherLoss)
  }
}
