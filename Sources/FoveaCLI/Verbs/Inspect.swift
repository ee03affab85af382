import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows a network: layers, parameters, the graph, and the plan that runs.",
    discussion: """
      fovea inspect runs/flowers
      fovea inspect cnn --image-size 96 --classes 5 --mode infer --plan

      Without --layers, --graph or --plan all three are shown. Options of the network describe a
      model that is named; a run brings its own.
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's folder, or a model (\(NetworkCatalog.builtIn.names.joined(separator: ", "))).",
      valueName: "run-or-model"),
    completion: .directory)
  var target: String

  @Option(parsing: .unconditional, help: "Examples in a batch; that of the run, or 64.")
  var batch: Int?

  @Option(help: "train or infer.")
  var mode = NetworkInspection.Mode.train

  @Flag(help: "Show layers and parameters.")
  var layers = false

  @Flag(help: "Show the graph as it was written down.")
  var graph = false

  @Flag(help: "Show the plan: kernels in order, with layouts.")
  var plan = false

  @Option(parsing: .unconditional, help: "A number of pixels, or two like 96x64 (width first).")
  var imageSize = "32"

  @Option(help: "rgb or grey.")
  var channels = PictureOptions.ChannelsArgument.rgb

  @Option(parsing: .unconditional, help: "Number of classes.")
  var classes = 10

  @OptionGroup(title: "Network") var architecture: ArchitectureOptions

  @Option(parsing: .unconditional, help: "all, or a number of threads.")
  var threads = "all"

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    var parts: NetworkInspection.Parts = []
    if layers { parts.insert(.layers) }
    if graph { parts.insert(.graph) }
    if plan { parts.insert(.plan) }
    var (classifier, settings) = try subject()
    settings.threads = try threadCount(threads)
    let inspection = try NetworkInspection(
      classifier, settings: settings, mode: mode, batch: batch ?? settings.batchSize,
      parts: parts.isEmpty ? .all : parts)
    try output.printResult(inspection, InspectionText.lines(inspection, task: classifier.task))
  }

  /// The classifier of a run, or one that the options describe.
  private func subject() throws -> (ClassifierDescription, TrainingSettings) {
    let url = URL(filePath: target)
    guard let family = NetworkCatalog.builtIn[target] else {
      guard FileManager.default.fileExists(atPath: url.path) else {
        throw InputError(
          "is neither a run nor a model", at: target,
          advice: "Give the folder of a run, or one of "
            + NetworkCatalog.builtIn.names.joined(separator: ", "))
      }
      let configuration = try RunDirectory(url).configuration()
      return (configuration.classifier, configuration.training)
    }
    let start = NetworkDescription(family)
    if start.readsSequences {
      let input = try SoundInput(sampleRate: 16_000, mostFrames: 100)
      let network = try architecture.applied(to: start).fitted(
        to: .sound(input), classes: classes)
      let statistics = ChannelStatistics(
        mean: [Float](repeating: 0, count: input.featureCount),
        deviation: [Float](repeating: 1, count: input.featureCount))
      return (
        ClassifierDescription(
          network: network, input: .sound(input), normalization: statistics,
          classes: (0..<max(classes, 0)).map { "\($0)" }), TrainingSettings()
      )
    }
    guard case .pixels(let width, let height) = try PictureSize(parsing: imageSize) else {
      throw InputError(
        "--image-size auto needs pictures", advice: "Give a number of pixels, such as 96")
    }
    let channels: PictureChannels = self.channels == .rgb ? .rgb : .grey
    let network = try architecture.applied(to: start).fitted(
      to: .map(height: height, width: width, channels: channels.rawValue), classes: classes)
    let statistics = ChannelStatistics(
      mean: [Float](repeating: 0.5, count: channels.rawValue),
      deviation: [Float](repeating: 0.25, count: channels.rawValue))
    return (
      ClassifierDescription(
        network: network,
        input: .picture(try PictureInput(width: width, height: height, channels: channels)),
        normalization: statistics, classes: (0..<max(classes, 0)).map { "\($0)" }),
      TrainingSettings()
    )
  }
}

extension NetworkInspection.Mode: ExpressibleByArgument {}
