public import FoveaData

/// What a run was: the file `config.json` of a run directory.
public struct RunConfiguration: Hashable, Sendable, Codable {
  /// What is known of the data that a run was trained on.
  public struct DataSummary: Hashable, Sendable, Codable {
    /// The path as it was given.
    public var path: String
    /// Examples that were trained on.
    public var trainingCount: Int
    /// Examples that were set aside for validation.
    public var validationCount: Int
    /// How many of those each class has; `nil` in runs from before this was kept, and for transcripts.
    public var validationClassCounts: [Int]?
    /// Examples of the test part, if there is one.
    public var testCount: Int?
    /// Examples that could not be read, left out.
    public var broken: BrokenExamples
    /// A number that names and labels of the examples give; it changes when the data change.
    public var fingerprint: String
    /// The same of what the examples hold; `nil` in runs from before contents were compared.
    public var contentDigest: String?
    /// What the check of the data warned of before training.
    public var warnings: [String]?

    /// A summary with these numbers.
    public init(
      path: String, trainingCount: Int, validationCount: Int, testCount: Int?,
      broken: BrokenExamples, fingerprint: String
    ) {
      self.path = path
      self.trainingCount = trainingCount
      self.validationCount = validationCount
      self.testCount = testCount
      self.broken = broken
      self.fingerprint = fingerprint
    }
  }

  /// The version of this file's form.
  public var schemaVersion = 1
  /// The version of Fovea that wrote it.
  public var foveaVersion = foveaVersionText
  /// The classifier.
  public var classifier: ClassifierDescription
  /// How it was trained.
  public var training: TrainingSettings
  /// What it was trained on.
  public var data: DataSummary
  /// The run whose weights it started from, if any.
  public var startedFrom: String?
  /// Which run it is, as its checkpoints say too; `nil` in runs from before they did.
  public var identity: String?
  /// The identity of the comparison that it belongs to, if any.
  public var study: String?
  /// The words of the command that began it; `nil` for a run that was begun from Swift.
  public var command: [String]?
  /// How many pictures its report explains at most, 0 for none; `nil` for as many as usual.
  public var explainedCount: Int?
  /// What was learned from texts without labels, `masked` or `causal`; `nil` for a classifier.
  public var objective: String?
  /// Threads that it is trained with, wherever it goes on: other numbers of them add up in another order.
  /// `nil` in runs of before this was kept.
  public var trainingThreads: Int?
  /// The epoch whose weights the run keeps; `nil` until training has ended.
  public var keptEpoch: EpochRecord?
  /// Where training came to numbers that are not finite; `nil` where it did not.
  public var divergence: Divergence?

  /// A configuration with these parts.
  public init(
    classifier: ClassifierDescription, training: TrainingSettings, data: DataSummary,
    startedFrom: String? = nil
  ) {
    self.classifier = classifier
    self.training = training
    self.data = data
    self.startedFrom = startedFrom
  }

  /// Reads a configuration that fits together; there is no other way to one from a file.
  ///
  /// - Throws: `InputError` that names what cannot be, or does not agree.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    schemaVersion = try container.decode(Int.self, forKey: .schemaVersion)
    foveaVersion = try container.decode(String.self, forKey: .foveaVersion)
    classifier = try container.decode(ClassifierDescription.self, forKey: .classifier)
    training = try container.decode(TrainingSettings.self, forKey: .training)
    data = try container.decode(DataSummary.self, forKey: .data)
    startedFrom = try container.decodeIfPresent(String.self, forKey: .startedFrom)
    command = try container.decodeIfPresent([String].self, forKey: .command)
    explainedCount = try container.decodeIfPresent(Int.self, forKey: .explainedCount)
    objective = try container.decodeIfPresent(String.self, forKey: .objective)
    keptEpoch = try container.decodeIfPresent(EpochRecord.self, forKey: .keptEpoch)
    identity = try container.decodeIfPresent(String.self, forKey: .identity)
    study = try container.decodeIfPresent(String.self, forKey: .study)
    trainingThreads = try container.decodeIfPresent(Int.self, forKey: .trainingThreads)
    divergence = try container.decodeIfPresent(Divergence.self, forKey: .divergence)
    try check()
  }
}

/// The version of the package.
public let foveaVersionText = "0.1.0"
