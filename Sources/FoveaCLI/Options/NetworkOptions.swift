import ArgumentParser
import Fovea
import FoveaArray

/// Which network.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: """
      The network: \(Self.names(of: .maps)) for pictures and recordings; \
      \(Self.names(of: .sequences)) for recordings and texts; \(Self.names(of: .steps)) hear words. \
      (default: \(NetworkDescription.usual(for: .picture).name), \
      \(NetworkDescription.usual(for: .sound).name) for recordings, \
      \(NetworkDescription.usual(for: .text).name) for texts, \
      \(NetworkDescription.usual(for: .sound, .transcribe).name) for transcripts)
      """)
  var model: String?

  @OptionGroup var architecture: ArchitectureOptions

  private static func names(of kind: NetworkKind) -> String {
    NetworkCatalog.builtIn.names(of: kind).joined(separator: ", ")
  }

  /// The network that was chosen; what was not is as in the network it starts from, or as usual for the
  /// data.
  func template(
    from source: NetworkDescription? = nil, for dataset: LabelledDataset
  ) throws -> NetworkDescription {
    try architecture.applied(
      to: start(from: source) ?? .usual(for: dataset.medium, dataset.task))
  }

  /// Refuses options that cannot be whatever the data are, before they are read: where no network was
  /// named, those that fit none.
  func check(from source: NetworkDescription? = nil) throws {
    let starts =
      try start(from: source).map { [$0] }
      ?? NetworkCatalog.builtIn.families.map { NetworkDescription($0) }
    var refusal: (any Error)?
    for start in starts {
      do {
        _ = try architecture.applied(to: start)
        return
      } catch {
        // What is wrong with the first network is what a person would expect to read.
        refusal = refusal ?? error
      }
    }
    if let refusal { throw refusal }
  }

  /// The network that the options begin with; `nil` where the data are to say it.
  private func start(from source: NetworkDescription?) throws -> NetworkDescription? {
    guard let model, model != source?.name else { return source }
    return try UsageError.checking { try NetworkDescription(named: model) }
  }

  /// The task where the network that was named tells it.
  var task: LearningTask? {
    model.flatMap { NetworkCatalog.builtIn[$0] }?.kind == .steps ? .transcribe : nil
  }
}

/// What can be chosen of a network: the settings of all families. What they are, how they are read and which
/// network has them is known to the families; an option's name is its setting's.
struct ArchitectureOptions: ParsableArguments {
  @Option(
    help: """
      The attention it carries: \(AttentionCatalog.builtIn.names.joined(separator: ", ")). \
      (default: that of the network: \(Self.usualAttention))
      """)
  var attention: String?

  @Option(parsing: .unconditional, help: help(\.attentionAfter))
  var attentionAfter: Int?

  @Option(parsing: .unconditional, help: help(\.kernelSizes))
  var kernelSizes: SettingArgument<[Int]>?

  @Option(parsing: .unconditional, help: help(\.widths))
  var widths: SettingArgument<[Int]>?

  @Option(parsing: .unconditional, help: help(\.hidden))
  var hidden: Int?

  @Flag(help: help(\.readsForward))
  var forwardOnly = false

  @Option(help: help(\.head))
  var head: SettingArgument<CNN.Head>?

  @Option(parsing: .unconditional, help: help(\.depth))
  var depth: Int?

  @Option(parsing: .unconditional, help: help(\.patch))
  var patchSize: Int?

  @Option(parsing: .unconditional, help: help(\.tokenWidth))
  var tokenWidth: Int?

  @Option(parsing: .unconditional, help: help(\.heads))
  var heads: Int?

  @Option(parsing: .unconditional, help: help(\.layers))
  var layerCount: Int?

  @Option(help: help(\.norm))
  var norm: SettingArgument<TransformerLayer.Norm>?

  private static var usualAttention: String {
    NetworkCatalog.builtIn.families.map { "\($0.name) \(NetworkDescription($0).attention)" }
      .joined(separator: ", ")
  }

  private static func help<Value>(
    _ name: KeyPath<SettingNames, SettingName<Value>>
  ) -> ArgumentHelp {
    ArgumentHelp(
      NetworkCatalog.builtIn.help(on: SettingNames()[keyPath: name].name, naming: \.option))
  }

  /// The settings that were given, by their names.
  private var given: [(name: String, value: any SettingValue)] {
    func one<Value>(
      _ name: KeyPath<SettingNames, SettingName<Value>>, _ value: Value?
    ) -> (String, (any SettingValue)?) { (SettingNames()[keyPath: name].name, value) }
    let all: [(String, (any SettingValue)?)] = [
      one(\.attention, attention), one(\.attentionAfter, attentionAfter),
      one(\.kernelSizes, kernelSizes?.value), one(\.widths, widths?.value), one(\.hidden, hidden),
      one(\.readsForward, forwardOnly ? true : nil), one(\.head, head?.value),
      one(\.depth, depth), one(\.patch, patchSize), one(\.tokenWidth, tokenWidth),
      one(\.heads, heads), one(\.layers, layerCount), one(\.norm, norm?.value),
    ]
    return all.compactMap { name, value in value.map { (name, $0) } }
  }

  /// A network with the settings that were given.
  ///
  /// - Throws: `UsageError` for settings that it does not have, or that cannot be, before any data is
  ///   read.
  func applied(to network: NetworkDescription) throws -> NetworkDescription {
    let given = given
    return try UsageError.checking {
      for (name, _) in given where network[setting: name] == nil {
        let names = NetworkCatalog.builtIn.names(having: name).joined(separator: " and ")
        throw InputError(
          "model \(network.name) has no --\(name)", advice: "It is an option of \(names)")
      }
      var network = network
      for (name, value) in given { network[setting: name] = value }
      try network.checkSettings()
      return network
    }
  }
}

/// A setting's value as it is written.
struct SettingArgument<Value: SettingValue>: ExpressibleByArgument {
  let value: Value

  init?(argument: String) {
    guard let value = Value(settingText: argument) else { return nil }
    self.value = value
  }

  static var allValueStrings: [String] { Value.choices }
}
