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
    if json {
      print(try JSONText.result(value))
    } else {
      for line in lines() { print(line) }
    }
  }
}

/// Where labelled pictures are.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A folder with a folder of pictures for each class, or with train/ and test/; a CSV file; "
        + "or a folder of idx files.",
      valueName: "data"),
    completion: .file())
  var data: String

  @OptionGroup(title: "Table") var columns: ColumnOptions

  func read(
    for purpose: PictureSourceOptions.Purpose, test: String? = nil
  ) throws -> PictureData { try columns.read(data, for: purpose, test: test) }
}

/// How a table names its columns.
struct ColumnOptions: ParsableArguments {
  @Option(help: "CSV: the column of picture paths.")
  var imageColumn: String?

  @Option(help: "CSV: the column of labels.")
  var labelColumn: String?

  @Option(help: "CSV: the column that says train, valid or test.")
  var splitColumn: String?

  @Option(help: "CSV: the column of groups that a split keeps whole, such as patients.")
  var groupColumn: String?

  @Option(help: "CSV: the folder that paths start from.", completion: .directory)
  var images: String?

  /// Reads the data at a path, tested on those at another path if given.
  func read(
    _ data: String, for purpose: PictureSourceOptions.Purpose, test: String? = nil
  ) throws -> PictureData {
    let options = PictureSourceOptions(
      imageColumn: imageColumn, labelColumn: labelColumn, splitColumn: splitColumn,
      groupColumn: groupColumn, imagesFolder: images.map { URL(filePath: $0) }, purpose: purpose)
    let data = try PictureSource.read(URL(filePath: data), options: options)
    guard let test else { return data }
    var testOptions = options
    testOptions.purpose = .evaluation
    let tested = try PictureSource.read(URL(filePath: test), options: testOptions)
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

  @Flag(help: "Go on when more than a tenth of the pictures are broken.")
  var allowBroken = false

  enum ChannelsArgument: String, ExpressibleByArgument, CaseIterable { case rgb, grey }
  enum ResizeArgument: String, ExpressibleByArgument, CaseIterable { case exact, crop }

  func options() throws -> PreparedPictures.Options {
    var options = PreparedPictures.Options()
    options.size = try UsageError.checking { try PictureSize(parsing: imageSize) }
    options.channels = channels == .rgb ? .rgb : .grey
    options.mode = resize == .exact ? .exact : .shorterSide
    options.allowsBroken = allowBroken
    return options
  }
}

/// Which network.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: """
      The network: \(NetworkDescription.names.joined(separator: ", ")). \
      (default: \(NetworkTemplate().name))
      """)
  var model: String?

  @OptionGroup var architecture: ArchitectureOptions

  /// The network that was chosen, as `ArchitectureOptions.template`.
  func template(from source: NetworkDescription? = nil) throws -> NetworkTemplate {
    try architecture.template(model, from: source)
  }
}

/// What can be chosen of a network.
struct ArchitectureOptions: ParsableArguments {
  @Option(
    help: """
      The attention it carries: \(AttentionCatalog.builtIn.names.joined(separator: ", ")). \
      (default: that of the network: \(Self.usualAttention))
      """)
  var attention: String?

  @Option(
    parsing: .unconditional,
    help: "cnn: after which pooling attention sits: 1 or 2. (default: \(Self.usual.attentionAfter))"
  )
  var attentionAfter: Int?

  @Option(
    parsing: .unconditional,
    help: """
      cnn: window sizes of the two convolutions, such as 5,3. \
      (default: \(NumberList(Self.usual.kernelSizes)))
      """)
  var kernelSizes: NumberList?

  @Option(
    parsing: .unconditional,
    help: """
      Output channels: of cnn's two convolutions (default: \(NumberList(Self.usual.widths))), of \
      resnet's three stages (default: \(Self.widths(of: "resnet"))).
      """)
  var widths: NumberList?

  @Option(
    parsing: .unconditional,
    help: "cnn: outputs of the first dense layer. (default: \(Self.usual.hidden))")
  var hidden: Int?

  @Option(
    help:
      "cnn: how the map becomes features: flatten or mean. (default: \(Self.usual.head.rawValue))")
  var head: CNN.Head?

  @Option(
    parsing: .unconditional,
    help: "resnet: how many layers, 6n + 2. (default: \(Self.usual.depth))")
  var depth: Int?

  @Option(
    parsing: .unconditional,
    help: "vit: rows and columns of a patch. (default: \(Self.usual.patch))")
  var patchSize: Int?

  @Option(
    parsing: .unconditional,
    help: "vit: numbers in the vector of a patch. (default: \(Self.usual.tokenWidth))")
  var tokenWidth: Int?

  @Option(
    parsing: .unconditional,
    help: "vit: heads of multi-head attention. (default: \(Self.usual.heads))")
  var heads: Int?

  @Option(
    parsing: .unconditional, help: "vit: how many layers. (default: \(Self.usual.layers))")
  var layerCount: Int?

  private static let usual = NetworkTemplate()

  private static var usualAttention: String {
    NetworkDescription.names.compactMap { name in
      (try? NetworkTemplate(named: name)).map { "\(name) \($0.attention)" }
    }.joined(separator: ", ")
  }

  private static func widths(of name: String) -> NumberList {
    NumberList((try? NetworkTemplate(named: name))?.widths ?? [])
  }

  /// The network that was chosen; what was not is as in the network it starts from, or as usual.
  ///
  /// - Throws: `UsageError` for options that cannot be, before any picture is read.
  func template(
    _ name: String?, from source: NetworkDescription? = nil
  ) throws -> NetworkTemplate {
    var template = source.map { NetworkTemplate($0) } ?? Self.usual
    if let name, name != template.name {
      template = try UsageError.checking { try NetworkTemplate(named: name) }
    }
    try UsageError.checking { try checkFit(template.name) }
    if let attention { template.attention = attention }
    if let attentionAfter { template.attentionAfter = attentionAfter }
    if let kernelSizes { template.kernelSizes = kernelSizes.numbers }
    if let widths { template.widths = widths.numbers }
    if let hidden { template.hidden = hidden }
    if let head { template.head = head }
    if let depth { template.depth = depth }
    if let patchSize { template.patch = patchSize }
    if let tokenWidth { template.tokenWidth = tokenWidth }
    if let heads { template.heads = heads }
    if let layerCount { template.layers = layerCount }
    try UsageError.checking {
      // Any shape of data will do to see whether the options go together.
      let side = template.name == "vit" ? 4 * max(template.patch, 1) : 16
      let network = try template.description(height: side, width: side, channels: 3, classes: 2)
      let input = PictureInputLayer(
        height: side, width: side, channels: 3, mean: [0, 0, 0], deviation: [1, 1, 1])
      _ = try PictureModel(network, input: input)
    }
    return template
  }

  /// Fails when an option was given that the network does not have.
  private func checkFit(_ network: String) throws {
    let given: [(option: String, isGiven: Bool, networks: [String])] = [
      ("--attention-after", attentionAfter != nil, ["cnn"]),
      ("--kernel-sizes", kernelSizes != nil, ["cnn"]),
      ("--widths", widths != nil, ["cnn", "resnet"]), ("--hidden", hidden != nil, ["cnn"]),
      ("--head", head != nil, ["cnn"]), ("--depth", depth != nil, ["resnet"]),
      ("--patch-size", patchSize != nil, ["vit"]), ("--token-width", tokenWidth != nil, ["vit"]),
      ("--heads", heads != nil, ["vit"]), ("--layer-count", layerCount != nil, ["vit"]),
    ]
    for (option, isGiven, networks) in given where isGiven && !networks.contains(network) {
      throw InputError(
        "model \(network) has no \(option)",
        advice: "It is an option of \(networks.joined(separator: " and "))")
    }
  }
}

/// Numbers with commas between.
struct NumberList: ExpressibleByArgument, CustomStringConvertible {
  let numbers: [Int]

  init(_ numbers: [Int]) { self.numbers = numbers }

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.allSatisfy({ $0 != nil }) else { return nil }
    self.numbers = numbers.compactMap { $0 }
  }

  var description: String { numbers.map(String.init).joined(separator: ",") }
  var defaultValueDescription: String { description }
}

extension CNN.Head: ExpressibleByArgument {}
extension TrainingSettings.OptimizerName: ExpressibleByArgument {}
extension TrainingSettings.ScheduleName: ExpressibleByArgument {}

/// How it is trained; `train` and `compare` share it.
struct TrainingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Passes over the training pictures, at most.")
  var epochs = 30

  @Option(parsing: .unconditional, help: "Pictures in a batch.")
  var batchSize = 64

  @Option(help: "sgd, adam or adamw.")
  var optimizer = TrainingSettings.OptimizerName.adam

  @Option(parsing: .unconditional, help: "The highest learning rate.")
  var learningRate: Float = 0.001

  @Option(parsing: .unconditional, help: "How much weights shrink.")
  var weightDecay: Float = 0

  @Option(help: "constant, cosine or warmup.")
  var schedule = TrainingSettings.ScheduleName.constant

  @Option(
    parsing: .unconditional, help: "The largest norm of all gradients together; 0 for no limit.")
  var gradientClip: Float = 1

  @Option(parsing: .unconditional, help: "The share of the target that goes to all classes alike.")
  var labelSmoothing: Float = 0

  @Flag(help: "Let rare classes count more.")
  var classWeights = false

  @Option(help: "none, or words like flip,shift,crop,brightness,contrast.")
  var augment = "none"

  @Option(
    parsing: .unconditional,
    help: "The share of the training pictures that is set aside for validation.")
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
    settings.augmentation = try UsageError.checking {
      try PictureAugmentation(parsing: augment).description
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
  guard let count = Int(text), count >= 1 else {
    throw UsageError(
      error: InputError(
        "--threads cannot be \(text)", advice: "Give all, or a number of threads from 1 up"))
  }
  return count
}
