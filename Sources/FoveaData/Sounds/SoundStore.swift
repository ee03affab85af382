public import FoveaArray

/// A dataset's recordings as features of one kind: held decoded where they fit, decoded again on
/// demand where they do not.
///
/// Opening a store reads every recording once, on two threads; what it finds does not depend on
/// them.
public struct SoundStore: ExampleStore {
  /// How recordings are read and kept.
  public struct Options: Sendable {
    /// Samples a second that recordings are brought to; that of most of them, up to 16,000, where
    /// not given.
    public var sampleRate: Int?
    /// How recordings become features.
    public var spectrogram = SpectrogramSettings()
    /// Seconds of a recording that are looked at, at most; all of the longest recording, up to 10
    /// seconds, where not given.
    public var clipSeconds: Double?
    /// The most seconds that can be looked at together: a day, of which no sample rate makes more frames
    /// than can be counted.
    package static let longestClip = 86_400.0
    /// Whether shorter recordings are filled up to one length.
    public var isFixedLength = false
    /// Bytes of decoded recordings that may be held.
    public var cacheLimit = 2_000_000_000
    /// Whether to go on when more than a tenth of the recordings are broken.
    public var allowBroken = false

    /// The defaults.
    public init() {}
  }

  /// What is stored.
  public let dataset: LabelledDataset
  /// How recordings are prepared.
  public let input: SoundInput
  /// The recordings that can be read, in ascending order.
  public let usable: [Int]
  /// The others.
  public let broken: BrokenExamples
  /// What was found while reading, as sentences for people.
  public let notes: [String]
  /// Whether all recordings are held decoded.
  public let isCached: Bool

  /// By example, what its file's bytes give.
  public var contentDigests: [UInt64] { entries.map { $0?.digest ?? 0 } }

  private let entries: [Entry?]
  /// How recordings were to be read, and what is known of each; `nil` where the form was given.
  private var suiting: (options: Options, facts: [SoundFacts?])?

  /// How recordings are prepared.
  public var modelInput: ModelInput { .sound(input) }

  /// What is known of a recording.
  struct Entry: Sendable {
    var samples: [Float]
    var features: [Float]
    let frameCount: Int
    let sums: FeatureSums
    let facts: SoundStoreFacts
    let digest: UInt64
  }

  /// Reads all recordings of `dataset`, in a form that suits them.
  ///
  /// - Throws: `InputError` when options cannot be, or too many recordings are broken;
  ///   `CancellationError`.
  public init(
    _ dataset: LabelledDataset, options: Options = Options(), progress: ReadingProgress? = nil
  ) throws {
    let facts = try Parallel.map(dataset.examples.count) { index in
      try? dataset.examples[index].soundFacts()
    }
    try self.init(
      dataset,
      try Self.suitableInput(
        for: dataset, among: Array(dataset.examples.indices), facts, options),
      isFormGiven: false, options, progress)
    suiting = (options, facts)
  }

  /// The same recordings in the rate and length that suit those with these indices, where none were asked
  /// for.
  ///
  /// - Throws: `InputError` when too many recordings are broken; `CancellationError`.
  package func suited(to indices: [Int]) throws -> SoundStore {
    guard let (options, facts) = suiting else { return self }
    let input = try Self.suitableInput(for: dataset, among: indices, facts, options)
    return input == self.input
      ? self : try SoundStore(dataset, input, isFormGiven: false, options, nil)
  }

  /// Reads all recordings of `dataset` in the form that another store or a model has; what the
  /// options say of the form does not count.
  ///
  /// - Throws: `InputError` when too many recordings are broken; `CancellationError`.
  public init(
    _ dataset: LabelledDataset, input: SoundInput, options: Options = Options(),
    progress: ReadingProgress? = nil
  ) throws {
    try self.init(dataset, input, isFormGiven: true, options, progress)
  }

  /// - Parameter isFormGiven: whether the form cannot be chosen any more, and nobody is advised to.
  private init(
    _ dataset: LabelledDataset, _ input: SoundInput, isFormGiven: Bool, _ options: Options,
    _ progress: ReadingProgress?
  ) throws {
    let held = 4 * (input.mostSamples + input.mostFrames * input.featureCount)
    let isCached = dataset.examples.count * held <= options.cacheLimit
    let results = try Parallel.map(dataset.examples.count, progress: progress) { index in
      Result { () throws -> Entry in
        let (sound, facts) = try input.recording(of: dataset.examples[index])
        let features = input.features(of: sound)
        try dataset.examples[index].checkRoom(
          frames: features.count / input.featureCount, isCut: facts.isCut,
          isFormGiven: isFormGiven)
        return Entry(
          samples: isCached ? sound.samples : [], features: isCached ? features : [],
          frameCount: features.count / input.featureCount,
          sums: FeatureSums(features, count: input.featureCount), facts: facts,
          digest: try dataset.examples[index].soundDigest())
      }
    }
    self.dataset = dataset
    self.input = input
    self.isCached = isCached
    entries = results.map { try? $0.get() }
    usable = entries.indices.filter { [entries] in entries[$0] != nil }
    broken = BrokenExamples(
      zip(dataset.examples, results).compactMap { example, result in
        guard case .failure(let error) = result else { return nil }
        return (example, error as? InputError ?? InputError("cannot be read: \(error)"))
      }, total: results.count, of: .sound)
    try broken.check(dataset, allowBroken: options.allowBroken)
    let classes = Set(usable.map { dataset.examples[$0].label })
    guard
      classes.count > 1 || dataset.task == .transcribe
        || dataset.countsByClass.count(where: { $0 > 0 }) < 2
    else {
      throw InputError(
        "only recordings of \(dataset.classes[dataset.examples[usable[0]].label]) can be read, "
          + "those of all other classes are broken",
        at: dataset.name)
    }
    notes = SoundStoreFacts.notes(
      usable.compactMap { [entries] index in
        entries[index].map { (dataset.examples[index].name, $0.facts) }
      }, input, at: dataset.name, isFormGiven: isFormGiven)
  }

  /// The form that suits some examples of a dataset: the sample rate of most of their recordings, up to
  /// 16,000, and the length of the longest.
  private static func suitableInput(
    for dataset: LabelledDataset, among indices: [Int], _ facts: [SoundFacts?], _ options: Options
  ) throws -> SoundInput {
    let rates = Dictionary(grouping: indices.compactMap { facts[$0]?.sampleRate }) { $0 }
      .mapValues(\.count)
    let usual = rates.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    let rate = options.sampleRate ?? min(usual ?? 16_000, 16_000)
    if let seconds = options.clipSeconds {
      guard seconds > 0, seconds <= Options.longestClip else {
        throw InputError(
          "clips of \(seconds) s cannot be",
          advice: "Give a number above 0, up to \(NumberText.count(Int(Options.longestClip)))")
      }
    }
    let stated = facts.map { $0?.seconds }
    let seconds: Double
    if let given = options.clipSeconds {
      // The longest window that there is refuses what is longer.
      seconds = min(given, SoundLimits().seconds)
    } else if dataset.task == .transcribe {
      // Of a transcript no word may be cut off, also where others to come are longer.
      seconds = 2 * (try dataset.longestSeconds(among: indices, stated, most: 30))
    } else {
      seconds = try dataset.longestSeconds(among: indices, stated, most: 10)
    }
    _ = try SoundInput(sampleRate: rate, spectrogram: options.spectrogram, mostFrames: 1)
    let step = options.spectrogram.stepSize(rate)
    var frames = 1 + Int(seconds * Double(rate)) / step
    // Networks for maps halve them up to four times.
    if options.isFixedLength { frames = (frames + 15) / 16 * 16 }
    return try SoundInput(
      sampleRate: rate, spectrogram: options.spectrogram, mostFrames: frames,
      isFixedLength: options.isFixedLength)
  }

  /// Frames of the recording with this index, without filling; 0 for a broken one.
  public func frameCount(
    at index: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Int {
    entries.requireElement(at: index, "example", file: file, line: line)
    return entries[index]?.frameCount ?? 0
  }

  /// The features of the recording with this index, `[frames, features]`, changed by an
  /// augmentation.
  ///
  /// - Throws: `InputError` that names it when it is broken, or has vanished since.
  public func features(
    at index: Int, augmentation: SoundAugmentation = .none, key: RandomKey = RandomKey(seed: 0)
  ) throws -> [Float] {
    try dataset.checkExamples([index])
    var features = entries[index]?.features ?? []
    if augmentation.changesSamples || features.isEmpty {
      let sound = try sound(at: index)
      features = try changed(sound, by: augmentation, key: key)
      if augmentation.kinds.contains(.speed), !hasRoom(features, for: dataset.examples[index]) {
        features = try changed(sound, by: augmentation.withoutSpeed, key: key)
      }
    }
    return augmentation.masked(features, count: input.spectrogram.bandCount, key: key)
  }

  private func changed(
    _ sound: Sound, by augmentation: SoundAugmentation, key: RandomKey
  ) throws -> [Float] {
    input.features(
      of: Sound(
        sampleRate: sound.sampleRate,
        made: try augmentation.changed(sound.samples, key: key)))
  }

  /// Whether all words of a transcript can be heard in these features.
  private func hasRoom(_ features: [Float], for example: LabelledExample) -> Bool {
    let frames = features.count / input.featureCount
    return
      (try? example.checkRoom(
        frames: frames, isCut: frames > input.mostFrames, isFormGiven: true)) != nil
  }

  /// The recording with this index, in the network's sample rate.
  ///
  /// - Throws: `InputError` that names it when it is broken, or has vanished since.
  public func sound(at index: Int) throws -> Sound {
    try dataset.checkExamples([index])
    if let samples = entries[index]?.samples, !samples.isEmpty {
      return Sound(sampleRate: input.sampleRate, made: samples)
    }
    return try input.recording(of: dataset.examples[index]).0
  }

  /// The spectrogram: time from left to right, low bands below, loud ones bright.
  public func appearance(at index: Int) throws -> ExampleAppearance {
    .picture(input.picture(of: try features(at: index)))
  }

  /// Mean and deviation of each feature over the recordings with these indices.
  public func statistics(of indices: [Int]) -> ChannelStatistics {
    for index in indices { entries.requireElement(at: index, "example") }
    return FeatureSums.statistics(
      indices.compactMap { entries[$0]?.sums }, count: input.featureCount)
  }

  /// Recordings shuffled anew for each epoch, those of similar length together.
  public func trainingFeed(
    of indices: [Int], batchSize: Int, augmentation: String, key: RandomKey
  ) throws -> any BatchFeed {
    SoundFeed(
      training: self, indices: indices, batchSize: batchSize,
      augmentation: try SoundAugmentation(parsing: augmentation), key: key)
  }

  /// Recordings in the order of their indices.
  public func evaluationFeed(of indices: [Int], batchSize: Int) -> any BatchFeed {
    SoundFeed(evaluating: self, indices: indices, batchSize: batchSize)
  }
}

extension LabelledExample {
  /// What the content of a recording gives.
  ///
  /// - Throws: `InputError` that names the example where its file cannot be read any more.
  fileprivate func soundDigest() throws -> UInt64 {
    try named {
      switch content {
      case .file(let url): return try ContentDigest.of(fileAt: url)
      case .sound(let sound): return ContentDigest.of(sound.samples)
      case .picture, .text: throw content.refused(as: .sound)
      }
    }
  }
}
