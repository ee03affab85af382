public import ArgumentParser
public import Fovea
import FoveaArray

/// Which network.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: """
      The network: \(NetworkDescription.mapNames.joined(separator: ", ")) for pictures and \
      recordings; \(NetworkDescription.sequenceNames.joined(separator: ", ")) for recordings and \
      texts; \(NetworkDescription.transcriberNames.joined(separator: ", ")) hear words. \
      (default: \(NetworkTemplate().name), lstm for recordings, transformer for texts, lstm-ctc for \
      transcripts)
      """)
  var model: String?

  @OptionGroup var architecture: ArchitectureOptions

  /// The network that was chosen, as `ArchitectureOptions.template`.
  func template(
    from source: NetworkDescription? = nil, for task: ColumnOptions.TaskArgument?
  ) throws -> NetworkTemplate {
    try architecture.template(
      model ?? (source == nil ? task.flatMap { Self.usual[$0] } : nil), from: source)
  }

  /// Refuses options that cannot be whatever the data are, before they are read: where no network was
  /// named, those that fit none.
  func check(from source: NetworkDescription? = nil) throws {
    let names = model.map { [$0] } ?? source.map { [$0.name] } ?? NetworkDescription.names
    var refusal: (any Error)?
    for name in names {
      do {
        _ = try architecture.template(name, from: source)
        return
      } catch {
        // What is wrong with the first network is what a person would expect to read.
        refusal = refusal ?? error
      }
    }
    if let refusal { throw refusal }
  }

  private static let usual: [ColumnOptions.TaskArgument: String] = [
    .sounds: "lstm", .texts: "transformer", .transcribe: "lstm-ctc",
  ]

  /// The task where the network that was named tells it.
  var task: LearningTask? {
    model.flatMap { NetworkDescription.transcriberNames.contains($0) ? .transcribe : nil }
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
    help: """
      cnn: outputs of the first dense layer; lstm, gru, lstm-ctc, gru-ctc: numbers in a state of \
      each direction. (default: \(Self.usual.hidden), with ctc \(Self.usual("lstm-ctc").hidden))
      """)
  var hidden: Int?

  @Flag(
    help: """
      lstm, gru: read frames from the first to the last alone, so that predict --stream hears them one \
      by one.
      """)
  var forwardOnly = false

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
    help: """
      Numbers in the vector of a patch of vit (default: \(Self.usual.tokenWidth)), of a frame of \
      transformer (default: \(Self.usual("transformer").tokenWidth)), or of a text's token.
      """)
  var tokenWidth: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Heads of multi-head attention of vit (default: \(Self.usual.heads)) or transformer \
      (default: \(Self.usual("transformer").heads)).
      """)
  var heads: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Layers of vit (default: \(Self.usual.layers)) or transformer (default: \
      \(Self.usual("transformer").layers)).
      """)
  var layerCount: Int?

  @Option(
    help: "transformer: whether layers normalise before or after each part. (default: before)")
  var norm: NormPlacement?

  enum NormPlacement: String, ExpressibleByArgument, CaseIterable { case before, after }

  private static let usual = NetworkTemplate()

  private static var usualAttention: String {
    NetworkDescription.names.compactMap { name in
      (try? NetworkTemplate(named: name)).map { "\(name) \($0.attention)" }
    }.joined(separator: ", ")
  }

  private static func usual(_ name: String) -> NetworkTemplate {
    (try? NetworkTemplate(named: name)) ?? NetworkTemplate()
  }

  private static func widths(of name: String) -> NumberList { NumberList(usual(name).widths) }

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
    if forwardOnly { template.readsForward = true }
    if let head { template.head = head }
    if let depth { template.depth = depth }
    if let patchSize { template.patch = patchSize }
    if let tokenWidth { template.tokenWidth = tokenWidth }
    if let heads { template.heads = heads }
    if let layerCount { template.layers = layerCount }
    if let norm { template.normalizesAfter = norm == .after }
    try UsageError.checking {
      // Any shape of data will do to see whether the options go together.
      if template.readsSequences {
        _ = try SoundModel(
          template.description(features: 40, frames: 16, classes: 2),
          input: SoundInputLayer(
            features: 40, mean: [Float](repeating: 0, count: 40),
            deviation: [Float](repeating: 1, count: 40)), frames: 16)
        return
      }
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
      ("--widths", widths != nil, ["cnn", "resnet"]),
      ("--hidden", hidden != nil, ["cnn", "lstm", "gru", "lstm-ctc", "gru-ctc"]),
      ("--forward-only", forwardOnly, ["lstm", "gru"]),
      ("--head", head != nil, ["cnn"]), ("--depth", depth != nil, ["resnet"]),
      ("--patch-size", patchSize != nil, ["vit"]),
      (
        "--token-width", tokenWidth != nil,
        ["vit", "transformer-ctc"] + NetworkDescription.sequenceNames
      ),
      (
        "--heads", heads != nil,
        ["vit", "transformer"] + NetworkDescription.transcriberNames
      ),
      ("--layer-count", layerCount != nil, ["vit", "transformer", "transformer-ctc"]),
      ("--norm", norm != nil, ["transformer"]),
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
