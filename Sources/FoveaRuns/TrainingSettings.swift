import FoveaArray

/// How a network is trained: everything that a run's result depends on beside data and network.
public struct TrainingSettings: Hashable, Sendable, Codable {
  /// How gradients change parameters.
  public enum OptimizerName: String, Hashable, Sendable, Codable, CaseIterable {
    /// Stochastic gradient descent with momentum 0.9.
    case sgd
    /// Adam with β₁ = 0.9 and β₂ = 0.999.
    case adam
    /// Adam with decoupled weight decay.
    case adamw
  }

  /// How the learning rate changes.
  public enum ScheduleName: String, Hashable, Sendable, Codable, CaseIterable {
    /// It does not.
    case constant
    /// Half a cosine, down to 0.
    case cosine
    /// A linear rise over the first twentieth of the steps, then half a cosine.
    case warmup
  }

  /// Passes over the training pictures, at most.
  public var epochs = 30
  /// Pictures in a batch.
  public var batchSize = 32
  /// How gradients change parameters.
  public var optimizer = OptimizerName.adamw
  /// The highest learning rate.
  public var learningRate: Float = 0.002
  /// How much weights shrink.
  public var weightDecay: Float = 0.01
  /// How the learning rate changes.
  public var schedule = ScheduleName.warmup
  /// The largest norm of all gradients together; 0 for no limit.
  public var gradientClip: Float = 1
  /// The share of the target that goes to all classes alike.
  public var labelSmoothing: Float = 0
  /// Whether rare classes count more: by the inverse of their frequency.
  public var weighsClasses = false
  /// How training examples are changed: `none`, words like `flip,shift`, or `usual` for what does well on
  /// small sets of the medium; a run stores the words that it stands for.
  public var augmentation = Self.usualAugmentation

  /// The word that stands for what does well on small sets.
  package static let usualAugmentation = "usual"
  /// Epochs without a better validation result after which training stops; 0 for never.
  public var patience = 10
  /// Whether the weights of the best validation epoch are kept, rather than the last ones.
  public var keepsBest = true
  /// The share of the training pictures that is set aside for validation.
  public var validationSplit = 0.1
  /// Everything random follows from it.
  public var seed: UInt64 = 1
  /// Threads, from 1 to 1,024; `nil` for all processors.
  public var threads: Int?
  /// Parameters whose paths begin so stay as they are.
  public var frozen: [String] = []

  /// The most epochs, and the most examples in a batch.
  package static let epochLimit = 1_000_000
  package static let batchLimit = 131_072

  /// The defaults: what did well over ten small sets, see `docs/defaults.md`.
  public init() {}

  /// Fails for values that cannot be.
  ///
  /// - Throws: `InputError` that names the setting.
  public func check() throws {
    func require(_ condition: Bool, _ what: String, _ value: String, _ advice: String) throws {
      if !condition { throw InputError("\(what) cannot be \(value)", advice: advice) }
    }
    try require(epochs >= 1, "the number of epochs", "\(epochs)", "Give 1 or more")
    try require(batchSize >= 1, "the batch size", "\(batchSize)", "Give 1 or more")
    try require(
      epochs <= Self.epochLimit, "the number of epochs", "\(epochs)",
      "Give \(NumberText.count(Self.epochLimit)) at most")
    try require(
      batchSize <= Self.batchLimit, "the batch size", "\(batchSize)",
      "Give \(NumberText.count(Self.batchLimit)) at most")
    try require(
      learningRate > 0 && learningRate.isFinite, "the learning rate", "\(learningRate)",
      "Give a positive number, such as 0.001")
    try require(
      weightDecay >= 0 && weightDecay.isFinite, "the weight decay", "\(weightDecay)",
      "Give 0 or more")
    try require(
      gradientClip >= 0 && gradientClip.isFinite, "the gradient clip", "\(gradientClip)",
      "Give 0 (no limit) or more")
    try require(
      labelSmoothing >= 0 && labelSmoothing < 1, "the label smoothing", "\(labelSmoothing)",
      "Give a number from 0 to below 1")
    try require(patience >= 0, "the patience", "\(patience)", "Give 0 (never stop) or more")
    try require(
      patience <= Self.epochLimit, "the patience", "\(patience)",
      "Give \(NumberText.count(Self.epochLimit)) at most")
    try require(
      validationSplit >= 0 && validationSplit < 1, "the validation split", "\(validationSplit)",
      "Give a number from 0 to below 1")
    try ThreadCount.check(threads)
  }
}
