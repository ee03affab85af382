import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray
import FoveaReport
import FoveaTrain

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures speed and memory, and holds training against recorded runs.",
    discussion: """
      fovea bench cnn --batch 64 --mode train
      fovea bench long-attention --batch 1 --size length=8192
      fovea bench gpt --batch 12 --roofline
      fovea bench roof
      fovea bench generate --size context=512
      fovea bench serve --size tasks=8 --size seconds=5
      fovea bench --sweep --chart growth.svg
      fovea bench --kernels
      fovea bench --feed photos --image-size 96
      fovea bench --spectrogram
      fovea bench --faithful photos --image-size 32 --size items=80 --size epochs=8
      fovea bench --golden cnn.safetensors

      Measure on an idle machine: a busy second core halves any figure taken on two.
      """)

  @Argument(
    help: "A workload (\(Workload.names.joined(separator: ", "))), generate, serve, or roof.")
  var workload: String?

  @Option(help: "Items in a batch.")
  var batch = 64

  @Option(help: "train or infer.")
  var mode = WorkloadBenchmark.Mode.train

  @Option(help: "Steps that are timed; the median counts. (default: 20; with --sweep 5)")
  var iterations: Int?

  @Option(help: "Threads; all processors where not given.")
  var threads: Int?

  @Option(
    name: .customLong("size"),
    help: ArgumentHelp(
      """
      A size of the workload away from its default: length (tokens), width, layers, heads, classes; of \
      generate also vocabulary and context; of serve tasks and seconds; of --faithful items that are \
      explained, examples that are trained on, and epochs.
      """,
      valueName: "name=number"))
  var sizes: [String] = []

  @Option(
    help: "A recorded run (safetensors) whose steps are trained again and compared.",
    completion: .file(extensions: ["safetensors"]))
  var golden: String?

  @Flag(help: "Print the time of each step of the plan, and a summary by op.")
  var steps = false

  @Flag(help: "Print FLOPs, bytes and times by op beside the machine's two ceilings.")
  var roofline = false

  @Flag(help: "Time training steps against batch, tokens, width and layers.")
  var sweep = false

  @Option(
    help: "Where --sweep draws its curves (SVG).", completion: .file(extensions: ["svg"]))
  var chart: String?

  @Flag(help: "Time each kernel of many convolutions beside the one that the rule chooses.")
  var kernels = false

  @Option(
    help: ArgumentHelp(
      "Measure how fast the pictures of a folder come as batches.", valueName: "folder"),
    completion: .directory)
  var feed: String?

  @Option(
    help: ArgumentHelp(
      "Measure how many highlights are called faithful on a network that is untrained, on one trained with "
        + "shuffled labels, and on one trained on these labelled examples; prints Markdown.",
      valueName: "data"),
    completion: .file())
  var faithful: String?

  @OptionGroup(title: "Data of --faithful") var columns: ColumnOptions

  @Option(help: "The network of --faithful, as for train.")
  var model: String?

  @Option(help: "The size that --feed and --faithful bring pictures to, as for train.")
  var imageSize = "auto"

  @Option(help: "How --feed changes pictures, as for train.")
  var augment = "crop,flip"

  @Flag(help: "Measure how fast an hour of sound becomes log-mel features.")
  var spectrogram = false

  @Flag(name: .shortAndLong, help: "Print one JSON object and nothing else.")
  var json = false

  func validate() throws {
    let tasks = [
      workload != nil, golden != nil, sweep, kernels, feed != nil, spectrogram,
      faithful != nil,
    ]
    guard tasks.count(where: { $0 }) == 1 else {
      throw ValidationError(
        """
        Give one of a workload, generate, serve, roof, --golden FILE, --sweep, --kernels, --feed FOLDER, \
        --spectrogram, --faithful DATA.
        """)
    }
    guard chart == nil || sweep else { throw ValidationError("--chart belongs to --sweep.") }
    _ = try sizeArguments()
  }

  /// `--size length=4096` as name and number.
  private func sizeArguments() throws -> [String: Int] {
    var arguments: [String: Int] = [:]
    for text in sizes {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, let number = Int(parts[1]),
        (1...NetworkLimits.length).contains(number)
      else {
        throw ValidationError(
          "--size must be like length=4096, up to \(NetworkLimits.length), not \(text).")
      }
      arguments[String(parts[0])] = number
    }
    return arguments
  }

  func run() async throws {
    if let golden {
      try print(ReferenceRun(contentsOf: URL(filePath: golden)).run(threads: threads)) { outcome in
        [
          """
          \(outcome.workload): largest relative deviation of the loss \
          \(outcome.largestRelativeLossDeviation), of the logits \(outcome.largestLogitDeviation)
          """
        ]
      }
    } else if sweep {
      try runSweep()
    } else if kernels {
      let console = Console(isQuiet: json)
      let result = try ConvolutionBenchmark.measure(threads: threads) { timings in
        if let first = timings.first { console.bar("timing \(first.shape.text)") }
      }
      console.endBar()
      try print(result, BenchText.lines)
    } else if let feed {
      let size = try UsageError.checking { try PictureSize(parsing: imageSize) }
      let augmentation = try UsageError.checking { try PictureAugmentation(parsing: augment) }
      try print(
        FeedBenchmark.measure(
          folder: URL(filePath: feed), size: size, batch: batch, augmentation: augmentation),
        BenchText.lines)
    } else if let faithful {
      try await runFaithful(faithful)
    } else if spectrogram {
      try print(
        SpectrogramBenchmark.measure(settings: SpectrogramSettings(), threads: threads ?? 2)
      ) { result in
        [
          """
          \(result.seconds) s of sound at \(result.sampleRate) Hz to \(result.features) features \
          a frame: \(NumberText.fixed(result.time, decimals: 3)) s on \(result.threads) threads
          """
        ]
      }
    } else if workload == "roof" {
      try print(MachineRoof.measure(threads: threads)) { roof in
        [
          """
          matrix product \(roof.gigaflopsPerSecond.rounded()) GFLOP/s, copy \
          \(roof.gigabytesPerSecond.rounded()) GB/s on \(roof.threads) threads \
          with \(roof.instructions)
          """
        ]
      }
    } else if workload == "serve" {
      let sizes = try sizeArguments()
      try await print(
        ServingBenchmark.measure(
          tasks: sizes["tasks"] ?? 2, seconds: Double(sizes["seconds"] ?? 5), threads: threads),
        BenchText.lines)
    } else if workload == "generate" {
      try await runGeneration()
    } else if let workload {
      try run(Workload(named: workload, arguments: sizeArguments()))
    }
  }

  private func run(_ workload: Workload) throws {
    let iterations = iterations ?? 20
    if steps || roofline {
      let profile = try WorkloadProfile.measure(
        workload, mode: mode, batch: batch, iterations: iterations, threads: threads)
      try print(profile, profileLines)
    } else {
      try print(
        WorkloadBenchmark.run(
          workload, mode: mode, batch: batch, iterations: iterations, threads: threads),
        BenchText.lines)
    }
  }

  private func profileLines(_ profile: WorkloadProfile) -> [String] {
    (steps ? BenchText.stepLines(profile) + [""] : []) + BenchText.rooflineLines(profile)
  }

  private func runGeneration() async throws {
    var options = GenerationBenchmark.smallestGPT2
    var context = 128
    for (name, size) in try sizeArguments() {
      switch name {
      case "vocabulary": options.vocabulary = size
      case "width": options.width = size
      case "heads": options.heads = size
      case "layers": options.layers = size
      case "context": context = size
      default:
        throw UsageError(
          error: InputError(
            "generate has no size called \(name)",
            advice: "It has vocabulary, width, heads, layers and context"))
      }
    }
    if steps || roofline {
      let profile = try GenerationBenchmark.profile(
        options, context: context, iterations: iterations ?? 20, threads: threads)
      try print(profile, profileLines)
    } else {
      try await print(
        GenerationBenchmark.measure(
          options, context: context, rounds: iterations ?? 5, threads: threads), BenchText.lines)
    }
  }

  private func runFaithful(_ path: String) async throws {
    let data = try columns.read(path, for: .training)
    var network = try NetworkOptions.parse(model.map { ["--model", $0] } ?? [])
    network.model = model
    var request = FaithfulnessBenchmark.Request(
      data, named: URL(filePath: path).lastPathComponent,
      try network.template(for: data.training))
    request.options.size = try UsageError.checking { try PictureSize(parsing: imageSize) }
    request.settings.validationSplit = 0.2
    request.settings.threads = threads
    let console = Console(isQuiet: json)
    for (name, size) in try sizeArguments() {
      switch name {
      case "items": request.itemCount = size
      case "examples": request.exampleCount = size
      case "epochs": request.settings.epochs = size
      default:
        throw UsageError(
          error: InputError(
            "--faithful has no size called \(name)",
            advice: "It has items, examples and epochs"))
      }
    }
    let result = try await FaithfulnessBenchmark.measure(request) { console.bar($0) }
    console.endBar()
    try print(result, \.lines)
  }

  private func runSweep() throws {
    let console = Console(isQuiet: json)
    let result = try GrowthSweep.measure(iterations: iterations ?? 5, threads: threads) { point in
      console.bar("\(point.workload), \(point.size) \(point.value)")
    }
    console.endBar()
    try print(result, BenchText.lines)
    guard let chart else { return }
    let curves = result.curves.map { curve in
      GrowthChart.Curve(
        "\(curve[0].workload) by \(curve[0].size)",
        curve.map { (1e-9 * Double($0.floatingPointOperations), $0.milliseconds) })
    }
    let drawing = GrowthChart("Time of a training step against its FLOPs", curves: curves)
    try AtomicFile.write(Data(drawing.file.utf8), to: URL(filePath: chart))
  }

  private func print<Result: Encodable>(_ result: Result, _ lines: (Result) -> [String]) throws {
    guard json else {
      StandardOutput.lines(lines(result))
      return
    }
    try StandardOutput.json(result)
  }
}

extension WorkloadBenchmark.Mode: ExpressibleByArgument {}
