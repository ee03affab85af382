import FoveaArray
package import FoveaData
package import FoveaRuns

/// A data set that has been read: pictures in one shape, with what was found.
package struct PreparedPictures: Sendable {
  /// How pictures are read.
  package struct Options: Sendable {
    package var size = PictureSize.automatic
    package var channels = PictureChannels.rgb
    package var mode = PictureResizer.Mode.exact
    package var limits = PictureLimits()
    package var allowsBroken = false

    package init() {}
  }

  /// What can be trained on, validation included.
  package let training: PictureStore
  /// What is for testing only.
  package let test: PictureStore?

  /// Reads all pictures.
  ///
  /// - Parameter input: the shape that a trained model has; the options' size and channels do not
  ///   count then.
  /// - Throws: `InputError` when sizes cannot be, or too many pictures are broken.
  package init(
    _ data: PictureData, options: Options, input: PictureInput? = nil,
    progress: ReadingProgress? = nil
  ) throws {
    let storeOptions = PictureStore.Options(
      size: options.size, channels: options.channels, mode: options.mode, limits: options.limits,
      allowBroken: options.allowsBroken)
    let total = data.training.examples.count + (data.test?.examples.count ?? 0)
    let first = data.training.examples.count
    let training: PictureStore
    if let input {
      training = try PictureStore(
        data.training, input: input, options: storeOptions,
        progress: { done, _ in progress?(done, total) })
    } else {
      training = try PictureStore(
        data.training, options: storeOptions, progress: { done, _ in progress?(done, total) })
    }
    self.training = training
    test = try data.test.map {
      try PictureStore(
        $0, input: training.input, options: storeOptions,
        progress: { done, _ in progress?(first + done, total) })
    }
  }

  package init(training: PictureStore, test: PictureStore?) {
    self.training = training
    self.test = test
  }

  /// The classes in the order of labels.
  package var classes: [String] { training.dataset.classes }

  /// A number that names and labels give.
  package var fingerprint: String {
    var key = RandomKey(seed: 0)
    for store in [training] + (test.map { [$0] } ?? []) {
      for index in store.usable {
        let example = store.dataset.examples[index]
        key = key.folding(example.name).folding(example.label)
      }
    }
    return String(key.value, radix: 16)
  }

  /// Which pictures are trained on and which validate, for some settings.
  package func split(_ settings: TrainingSettings) throws -> StratifiedSplit {
    try split(settings, among: training.usable)
  }

  /// The same among some of the pictures.
  package func split(
    _ settings: TrainingSettings, among indices: [Int]
  ) throws -> StratifiedSplit {
    try StratifiedSplit.validation(
      of: training.dataset, among: indices, fraction: settings.validationSplit,
      key: RandomKey(seed: settings.seed))
  }
}
