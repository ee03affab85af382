import FoveaArray
package import FoveaData
package import FoveaNN
package import FoveaRuns

/// A data set that has been read: examples in one form, with what was found.
package struct PreparedData: Sendable {
  /// How examples are read: what each medium needs.
  package struct Options: Sendable {
    package var size = PictureSize.automatic
    package var channels = PictureChannels.rgb
    package var mode = PictureResizer.Mode.exact
    package var limits = PictureLimits()
    package var sound = SoundStore.Options()
    package var text = TextStore.Options()
    package var allowsBroken = false

    package init() {}

    /// What networks that hear words read together where nobody chose it: 40 ms, less than any word
    /// takes, and a quarter of the steps.
    private static let framesTogether = 4

    /// The same for a network: those that read maps need recordings of one length.
    package func suiting(_ network: NetworkDescription) -> Options {
      var options = self
      options.sound.isFixedLength = !network.readsSequences
      if network.transcribes, options.sound.spectrogram.framesTogether == nil {
        options.sound.spectrogram.framesTogether = Self.framesTogether
      }
      return options
    }
  }

  /// What can be trained on, validation included.
  package let training: any ExampleStore
  /// What is for testing only.
  package let test: (any ExampleStore)?

  /// Reads all examples.
  ///
  /// - Parameters:
  ///   - input: the form that a trained model has; what the options say of it does not count then.
  ///   - part: of the examples that can be read, those that are trained on, where they are known: tokens of
  ///     texts, sizes of pictures and lengths of recordings follow from them alone.
  /// - Throws: `InputError` when options cannot be, or too many examples are broken.
  package init(
    _ data: LabelledData, options: Options, input: ModelInput? = nil,
    learningFrom part: ([Int]) throws -> [Int] = { $0 }, progress: ReadingProgress? = nil
  ) throws {
    let total = data.training.examples.count + (data.test?.examples.count ?? 0)
    let first = data.training.examples.count
    let all = try Self.store(
      data.training, options, input, learningFrom: part,
      progress: { done, _ in progress?(done, total) })
    let training = input == nil ? try Self.suited(all, to: part(all.usable)) : all
    self.training = training
    test = try data.test.map {
      try Self.store(
        $0, options, training.modelInput,
        progress: { done, _ in progress?(first + done, total) })
    }
  }

  /// The store for a dataset's medium: the one place that chooses.
  package static func store(
    _ dataset: LabelledDataset, _ options: Options, _ input: ModelInput?,
    learningFrom part: ([Int]) throws -> [Int] = { $0 }, progress: ReadingProgress? = nil
  ) throws -> any ExampleStore {
    if let input, input.medium != dataset.medium {
      throw InputError(
        "holds \(dataset.medium.nouns), and the network was trained on \(input.medium.nouns)",
        at: dataset.name)
    }
    switch dataset.medium {
    case .picture:
      let storeOptions = PictureStore.Options(
        size: options.size, channels: options.channels, mode: options.mode,
        limits: options.limits, allowBroken: options.allowsBroken)
      guard let input = try input?.picture else {
        return try PictureStore(dataset, options: storeOptions, progress: progress)
      }
      return try PictureStore(dataset, input: input, options: storeOptions, progress: progress)
    case .sound:
      var storeOptions = options.sound
      storeOptions.allowBroken = options.allowsBroken
      guard let input = try input?.sound else {
        return try SoundStore(dataset, options: storeOptions, progress: progress)
      }
      return try SoundStore(dataset, input: input, options: storeOptions, progress: progress)
    case .text:
      var storeOptions = options.text
      storeOptions.allowBroken = options.allowsBroken
      guard let input = try input?.text else {
        return try TextStore(
          dataset, options: storeOptions, learningFrom: part, progress: progress)
      }
      return try TextStore(dataset, input: input, options: storeOptions, progress: progress)
    }
  }

  package init(training: any ExampleStore, test: (any ExampleStore)?) {
    self.training = training
    self.test = test
  }

  /// The same examples with tokens that are learned from the texts that are trained on, and from no others:
  /// not from those that choose the epoch, and not from those that are tested on.
  package func learned(from part: [Int]) throws -> PreparedData {
    guard let texts = training as? TextStore else { return self }
    let learned = try texts.learned(from: part)
    guard learned.input != texts.input else { return self }
    return PreparedData(
      training: learned, test: try (test as? TextStore)?.read(as: learned.input))
  }

  /// The same examples in the size, rate and length that suit some of them: where one was asked for, or they
  /// suit all alike, nothing changes.
  package func suited(to part: [Int]) throws -> PreparedData {
    PreparedData(training: try Self.suited(training, to: part), test: test)
  }

  private static func suited(
    _ store: any ExampleStore, to part: [Int]
  ) throws -> any ExampleStore {
    switch store {
    case let pictures as PictureStore: try pictures.suited(to: part)
    case let sounds as SoundStore: try sounds.suited(to: part)
    default: store
    }
  }

  /// The classes in the order of labels.
  package var classes: [String] { training.dataset.classes }

  /// What the examples are.
  package var medium: Medium { training.dataset.medium }

  /// What was found while reading, broken examples included.
  package var notes: [String] {
    training.notes + (test?.notes ?? []) + training.broken.lines + (test?.broken.lines ?? [])
  }

  /// A number that names and labels give.
  package var fingerprint: String {
    var key = RandomKey(seed: 0)
    for store in stores {
      for index in store.usable {
        let example = store.dataset.examples[index]
        key = key.folding(example.name).folding(example.label)
      }
    }
    return String(key.value, radix: 16)
  }

  /// By example that can be read, what its content gives: those to train on, then those to test on.
  package var contentDigests: [UInt64] {
    stores.flatMap { store in
      let digests = store.contentDigests
      return store.usable.map { digests[$0] }
    }
  }

  /// What a training does with the same examples.
  func uses(by split: StratifiedSplit) -> [RunDirectory.Use] {
    let (kept, heldOut) = (Set(split.kept), Set(split.heldOut))
    return training.usable.map {
      kept.contains($0) ? .trainedOn : heldOut.contains($0) ? .chosenBy : .neither
    } + (test?.usable.map { _ in .neither } ?? [])
  }

  /// What to mind of exact copies among the examples, as sentences; often none.
  ///
  /// - Parameter setAside: how many are set aside for validation.
  package func copyWarnings(settingAside setAside: Int) -> [String] {
    ContentCopies.warnings(
      training: training, training.usable, test: test, test?.usable ?? [],
      settingAside: setAside)
  }

  /// The names of the same examples.
  package var usableNames: [String] {
    stores.flatMap { store in store.usable.map { store.dataset.examples[$0].name } }
  }

  /// A number that what the examples hold gives, and what is said in them.
  package var contentDigest: String {
    var key = RandomKey(seed: 0)
    for digest in contentDigests { key = key.folding(Int(truncatingIfNeeded: digest)) }
    for store in stores {
      for index in store.usable {
        for word in store.dataset.examples[index].words ?? [] { key = key.folding(word) }
      }
    }
    return String(key.value, radix: 16)
  }

  private var stores: [any ExampleStore] { [training] + (test.map { [$0] } ?? []) }

  /// Which examples are trained on and which validate, for some settings.
  package func split(_ settings: TrainingSettings) throws -> StratifiedSplit {
    try split(settings, among: training.usable)
  }

  /// The same among some of the examples.
  package func split(
    _ settings: TrainingSettings, among indices: [Int]
  ) throws -> StratifiedSplit {
    try StratifiedSplit.validation(of: training.dataset, among: indices, settings)
  }
}

extension StratifiedSplit {
  /// The validation part of a training with these settings.
  package static func validation(
    of dataset: LabelledDataset, among indices: [Int], _ settings: TrainingSettings
  ) throws -> StratifiedSplit {
    try validation(
      of: dataset, among: indices, fraction: settings.validationSplit,
      key: RandomKey(seed: settings.seed))
  }
}
