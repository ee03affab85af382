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
  /// By what epochs are compared, less is better: of classes the validation loss once probabilities are
  /// calibrated, weighted as in training; of words the share heard wrong; of sentences what the chosen ones
  /// do not gain. Where it is `nil`, as in runs of before it was kept, the validation loss.
  public var validationScore: Double?
  /// The temperature that calibrates the probabilities of classes on the validation part.
  public var temperature: Double?
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
    validationLoss: Double? = nil, validationAccuracy: Double? = nil,
    validationScore: Double? = nil, temperature: Double? = nil, learningRate: Double,
    seconds: Double, waitedSeconds: Double? = nil, endedAt: Double
  ) {
    self.epoch = epoch
    self.step = step
    self.trainingLoss = trainingLoss
    self.trainingAccuracy = trainingAccuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.validationScore = validationScore
    self.temperature = temperature
    self.learningRate = learningRate
    self.seconds = seconds
    self.waitedSeconds = waitedSeconds
    self.endedAt = endedAt
  }

  /// Whether all results are numbers.
  package var isFinite: Bool {
    [trainingLoss, validationLoss ?? 0, validationAccuracy ?? 0, validationScore ?? 0]
      .allSatisfy(\.isFinite) && (temperature ?? 1) > 0
  }

  /// Whether this epoch's validation result is better than another's, or as good and later: a measure that
  /// every example moves has less noise than a share of right answers.
  public func isBetter(than other: EpochRecord?) -> Bool {
    guard let own = validationScore ?? validationLoss else { return false }
    guard let other, let best = other.validationScore ?? other.validationLoss else { return true }
    return own < best || own == best && epoch > other.epoch
  }
}
