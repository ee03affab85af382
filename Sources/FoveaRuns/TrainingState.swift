/// Where a training run stands, beside its weights: what it takes to go on as if nothing had been
/// interrupted.
public struct TrainingState: Hashable, Sendable, Codable {
  /// Epochs that are complete.
  public var completedEpochs = 0
  /// The next batch of the epoch under way.
  public var nextBatch = 0
  /// Steps taken.
  public var step = 0
  /// The sum of losses over the pictures seen in the epoch under way.
  public var lossSum = 0.0
  /// How many of them were right.
  public var correct = 0.0
  /// How many were seen.
  public var seen = 0
  /// Seconds spent in the epoch under way.
  public var seconds = 0.0
  /// How much of that was spent waiting for batches.
  public var waitedSeconds: Double?
  /// The epochs so far.
  public var history: [EpochRecord] = []
  /// The best epoch by its validation result, if there is one.
  public var best: EpochRecord?
  /// Whether training is over.
  public var isFinished = false
  /// Where it came to numbers that are not finite, if that is why it is over.
  public var divergence: Divergence?

  /// The beginning.
  public init() {}
}
