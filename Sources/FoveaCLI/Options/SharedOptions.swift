public import ArgumentParser
import FoundationEssentials
public import Fovea

/// What every verb understands about output.
struct OutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print one JSON object and nothing else.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress, no notes.")
  var quiet = false

  var console: Console { Console(isQuiet: quiet || json) }

  /// Prints a result: as JSON if asked for, else as lines for people.
  func printResult(_ value: some Encodable, _ lines: @autoclosure () -> [String]) throws {
    try printResult(value, styled: lines().map { StyledLine($0) })
  }

  /// Prints a result: as JSON if asked for, else as lines with parts in a style.
  func printResult(_ value: some Encodable, styled lines: @autoclosure () -> [StyledLine]) throws {
    if json {
      StandardOutput.json(text: try JSONText.result(value))
    } else {
      for line in lines() { StandardOutput.line(line) }
    }
  }
}

/// What is found out after training about where networks look.
struct HighlightsOption: ParsableArguments {
  /// How many pictures the report explains.
  enum Count: ExpressibleByArgument, CustomStringConvertible {
    case none, most(Int)

    init?(argument: String) {
      if argument == "none" {
        self = .none
      } else {
        guard let count = Int(argument), count >= 0 else { return nil }
        self = count == 0 ? .none : .most(count)
      }
    }

    var description: String {
      switch self {
      case .none: "none"
      case .most(let count): "\(count)"
      }
    }
  }

  @Option(
    help: ArgumentHelp(
      """
      Pictures: how many the report explains at most, after it was found out which way of highlighting does \
      best; none leaves both out, and explain then finds it out on the pictures that it is given. \
      (default: 24, or as many as take half a minute)
      """, valueName: "none|count"))
  var highlights: Count?

  /// What `--highlights none` was called.
  @Flag(help: .hidden)
  var noHighlights = false

  /// What was chosen, else what a run that goes on was begun with: 0 for none, `nil` for as many as usual.
  func count(goingOnWith stored: RunConfiguration?) -> Int? {
    areWanted ? highlights == nil ? stored?.explainedCount : count : 0
  }

  /// Whether there are any.
  var areWanted: Bool {
    if case .some(.none) = highlights { return false }
    return !noHighlights
  }

  /// How many, where somebody said so.
  var count: Int? {
    if case .most(let count) = highlights { return count }
    return nil
  }
}

/// Where labelled pictures are.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A folder with a folder of pictures, recordings or .txt files for each class, or with train/ "
        + "and test/; a CSV file; texts in .csv, .tsv or .jsonl; or a folder of idx files.",
      valueName: "data"),
    completion: .file())
  var data: String

  @OptionGroup(title: "Data") var columns: ColumnOptions

  func read(
    for purpose: LabelledSourceOptions.Purpose, test: String? = nil, task: LearningTask? = nil,
    by category: String? = nil
  ) throws -> LabelledData {
    try columns.read(data, for: purpose, test: test, task: task, by: category)
  }
}

/// What the data are, and how a table names its columns.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: """
      pictures, sounds or texts: what is told apart; transcribe: hear the words that a table names. \
      (default: what the names of the files and columns say)
      """)
  var task: TaskArgument?

  enum TaskArgument: String, ExpressibleByArgument, CaseIterable {
    case pictures, sounds, texts, transcribe

    var medium: Medium {
      switch self {
      case .pictures: .picture
      case .sounds, .transcribe: .sound
      case .texts: .text
      }
    }

    var learningTask: LearningTask { self == .transcribe ? .transcribe : .classify }
  }

  @Option(help: "Tables of texts: the column of the texts. (default: text)")
  var textColumn: String?

  @OptionGroup var table: TableOptions

  /// Reads the data at a path, tested on those at another path if given.
  ///
  /// - Parameters:
  ///   - known: the task where the network tells it.
  ///   - category: the column that results are told apart by.
  func read(
    _ data: String, for purpose: LabelledSourceOptions.Purpose, test: String? = nil,
    task known: LearningTask? = nil, by category: String? = nil
  ) throws -> LabelledData {
    let learningTask = task?.learningTask ?? known ?? .classify
    var options = table.options(for: purpose)
    options.medium = task?.medium ?? (learningTask == .transcribe ? .sound : nil)
    options.task = learningTask
    options.textColumn = textColumn
    options.categoryColumn = category
    return try options.read(data, test: test)
  }
}

/// How a table of files names its columns.
struct TableOptions: ParsableArguments {
  @Option(
    name: [.customLong("image-column"), .customLong("file-column")],
    help: "CSV: the column of the files' paths.")
  var imageColumn: String?

  @Option(help: "CSV: the column of labels, or of transcripts.")
  var labelColumn: String?

  @Option(help: "CSV: the column that says train, valid or test.")
  var splitColumn: String?

  @Option(
    help: """
      CSV: the column of groups, such as patients or speakers: a split keeps them whole, and intervals are over \
      them.
      """)
  var groupColumn: String?

  @Option(
    name: [.customLong("images"), .customLong("files")],
    help: "CSV: the folder that paths start from.", completion: .directory)
  var images: String?

  /// What is said of a source so far.
  func options(for purpose: LabelledSourceOptions.Purpose) -> LabelledSourceOptions {
    LabelledSourceOptions(
      imageColumn: imageColumn, labelColumn: labelColumn, splitColumn: splitColumn,
      groupColumn: groupColumn, imagesFolder: images.map { URL(filePath: $0) }, purpose: purpose)
  }
}

extension LabelledSourceOptions {
  /// The data at a path, tested on those at another path if given.
  func read(_ data: String, test: String?) throws -> LabelledData {
    let data = try LabelledSource.read(URL(filePath: data), options: self)
    guard let test else { return data }
    var testOptions = self
    testOptions.purpose = .evaluation
    testOptions.medium = medium ?? data.medium
    let tested = try LabelledSource.read(URL(filePath: test), options: testOptions)
    return try data.tested(on: tested.test ?? tested.training)
  }
}

/// How pictures are read.
struct PictureOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: "auto, a number of pixels, or two like 96x64 (width first).")
  var imageSize = "auto"

  @Option(help: "rgb or grey.")
  var channels = ChannelsArgument.rgb

  @Option(help: "exact (stretched) or crop (shorter side, then the middle).")
  var resize = ResizeArgument.exact

  @Flag(help: "Go on when more than a tenth of the files are broken.")
  var allowBroken = false

  enum ChannelsArgument: String, ExpressibleByArgument, CaseIterable { case rgb, grey }
  enum ResizeArgument: String, ExpressibleByArgument, CaseIterable { case exact, crop }

  func options() throws -> PreparedData.Options {
    var options = PreparedData.Options()
    options.size = try UsageError.checking { try PictureSize(parsing: imageSize) }
    options.channels = channels == .rgb ? .rgb : .grey
    options.mode = resize == .exact ? .exact : .shorterSide
    options.allowsBroken = allowBroken
    return options
  }
}

extension TrainingSettings.OptimizerName: ExpressibleByArgument {}
extension TrainingSettings.ScheduleName: ExpressibleByArgument {}

/// How it is trained; `train` and `compare` share it.
struct TrainingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Passes over the training examples, at most.")
  var epochs = 30

  @Option(parsing: .unconditional, help: "Examples in a batch.")
  var batchSize = TrainingSettings().batchSize

  @Option(help: "sgd, adam or adamw.")
  var optimizer = TrainingSettings().optimizer

  @Option(parsing: .unconditional, help: "The highest learning rate.")
  var learningRate = TrainingSettings().learningRate

  @Option(parsing: .unconditional, help: "How much weights shrink.")
  var weightDecay = TrainingSettings().weightDecay

  @Option(help: "constant, cosine or warmup.")
  var schedule = TrainingSettings().schedule

  @Option(
    parsing: .unconditional, help: "The largest norm of all gradients together; 0 for no limit.")
  var gradientClip: Float = 1

  @Option(parsing: .unconditional, help: "The share of the target that goes to all classes alike.")
  var labelSmoothing: Float = 0

  @Flag(help: "Let rare classes count more.")
  var classWeights = false

  @Option(
    help: """
      usual (shift,brightness for pictures, none for others), none, or words like flip,shift,crop,brightness,contrast for pictures, and \
      speed,gain,shift,noise:20,mask for recordings (noise with its signal-to-noise ratio in dB).
      """)
  var augment = TrainingSettings().augmentation

  @Option(
    parsing: .unconditional,
    help: "The share of the training examples that is set aside for validation.")
  var validationSplit = 0.1

  @Option(help: "Everything random follows from it.")
  var seed: UInt64 = 1

  @Option(parsing: .unconditional, help: "all, or a number of threads.")
  var threads = "all"

  func settings() throws -> TrainingSettings {
    var settings = TrainingSettings()
    settings.epochs = epochs
    settings.batchSize = batchSize
    settings.optimizer = optimizer
    settings.learningRate = learningRate
    settings.weightDecay = weightDecay
    settings.schedule = schedule
    settings.gradientClip = gradientClip
    settings.labelSmoothing = labelSmoothing
    settings.weighsClasses = classWeights
    // Whose words they are shows when the data are known.
    if augment == TrainingSettings.usualAugmentation {
      settings.augmentation = augment
    } else if let sounds = try? SoundAugmentation(parsing: augment) {
      settings.augmentation = sounds.description
    } else if augment.contains("noise:") {
      settings.augmentation = try UsageError.checking {
        try SoundAugmentation(parsing: augment).description
      }
    } else {
      settings.augmentation = try UsageError.checking {
        try PictureAugmentation(parsing: augment).description
      }
    }
    settings.validationSplit = validationSplit
    settings.seed = seed
    settings.threads = try threadCount(threads)
    try UsageError.checking { try settings.check() }
    return settings
  }
}

/// The number that `--threads` means; `nil` for all.
func threadCount(_ text: String) throws -> Int? {
  if text == "all" { return nil }
  guard let count = Int(text), (1...ThreadCount.most).contains(count) else {
    throw UsageError(
      error: InputError(
        "--threads cannot be \(text)",
        advice: "Give all, or a number of threads from 1 to \(ThreadCount.most)"))
  }
  return count
}
