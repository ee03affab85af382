public import FoundationEssentials
package import FoveaArray
import FoveaData
public import FoveaNN

/// The files of a run. Each is whole at every moment: written under another name, synced, renamed.
///
///     config.json · weights.safetensors · metrics.csv · events.out.tfevents.* · report.html
///     checkpoints/last.safetensors · checkpoints/data.safetensors · highlights/method.json
public struct RunDirectory: Sendable {
  /// The folder.
  public let url: URL
  /// The families of networks that the run may name.
  public let networks: NetworkCatalog

  /// A folder that holds a run, or will.
  public init(_ url: URL, networks: NetworkCatalog = .builtIn) {
    self.url = url
    self.networks = networks
  }

  /// The folder's path as a person wrote it.
  public var path: String { url.relativePath }

  /// The trained classifier's weights.
  public var weightsURL: URL { url.appending(path: "weights.safetensors") }
  /// What training goes on from.
  public var checkpointURL: URL { url.appending(path: "checkpoints/last.safetensors") }
  /// The page that shows the run.
  public var reportURL: URL { url.appending(path: "report.html") }
  private var configurationURL: URL { url.appending(path: "config.json") }

  /// Whether there is a run to go on with.
  ///
  /// A run that was killed before it had its configuration is none: nothing of it is worth keeping.
  public var holdsRun: Bool {
    FileManager.default.fileExists(atPath: configurationURL.path)
  }

  // MARK: Whose it is

  /// Fails when there is something in the way of a new run.
  ///
  /// - Parameter overwrite: whether a run that is there may be replaced.
  /// - Throws: `InputError` that says what is there.
  public func checkIsFree(overwrite: Bool) throws {
    _ = try folder(.new(replacing: overwrite), verb: "train")
  }

  /// Makes the folder.
  ///
  /// - Parameter overwrite: whether a run that is there may be replaced: its own files, whatever else
  ///   lies in the folder stays.
  /// - Throws: `InputError` when there is something in the way, or the folder cannot be made.
  public func create(overwrite: Bool) throws {
    try open(folder(.new(replacing: overwrite), verb: "train")).close()
  }

  /// The folder to write into, once it is open.
  ///
  /// - Throws: `InputError` where it may not be written into.
  package func folder(
    _ purpose: OwnedFolder.Purpose, verb: String, isInside: Bool = false,
    inputs: @escaping @Sendable () -> InputFiles = { InputFiles() }
  ) throws -> OwnedFolder {
    _ = try url.checkedFilePath
    return try OwnedFolder(url, .run, purpose, verb: verb, isInside: isInside, inputs: inputs)
  }

  /// Opens the folder, with all that a run begins with.
  @discardableResult
  package func open(_ folder: OwnedFolder) throws -> OwnedFolder {
    try folder.open()
    try folder.makeFolder("checkpoints")
    return folder
  }

  // MARK: Configuration and weights

  /// The run's configuration.
  ///
  /// - Throws: `InputError` when the folder holds no run, or one of a newer Fovea.
  public func configuration() throws -> RunConfiguration {
    _ = try url.checkedFilePath
    guard let data = try? Data(contentsOf: configurationURL) else {
      guard !FileManager.default.fileExists(atPath: configurationURL.path) else {
        throw InputError(
          "cannot be read", at: configurationURL.relativePath,
          advice: "Check its permissions, and whether it is a file")
      }
      let exists = FileManager.default.fileExists(atPath: url.path)
      throw InputError(
        exists ? "holds no run: config.json is missing" : "does not exist", at: path,
        advice: "Give the folder that a training wrote, its \(.output)")
    }
    struct Version: Decodable { let schemaVersion: Int }
    if let version = try? JSONDecoder().decode(Version.self, from: data),
      version.schemaVersion > 1
    {
      throw InputError(
        "was written by a newer Fovea (form \(version.schemaVersion), this one reads 1)",
        at: configurationURL.relativePath, advice: "Update Fovea")
    }
    return try JSONText.decoded(
      RunConfiguration.self, from: data, as: "a run's configuration",
      at: configurationURL.relativePath, userInfo: networks.userInfo)
  }

  /// Stores the configuration.
  public func write(_ configuration: RunConfiguration) throws {
    try AtomicFile.write(JSONText.encoded(configuration), to: configurationURL)
  }

  /// The trained weights, checked against the network.
  ///
  /// - Throws: `InputError` when training has not ended yet, or the weights do not fit.
  public func weights(for model: some Module) throws -> Weights {
    _ = try url.checkedFilePath
    guard FileManager.default.fileExists(atPath: weightsURL.path) else {
      if let divergence = (try? configuration())?.divergence { throw divergence.error(at: path) }
      let isUnderWay = FileManager.default.fileExists(atPath: checkpointURL.path)
      throw InputError(
        isUnderWay
          ? "training has not ended: weights.safetensors is missing"
          : "holds no weights: weights.safetensors is missing",
        at: path, advice: isUnderWay ? "Go on with \(.resume)" : nil)
    }
    let weights = try Weights(contentsOf: weightsURL)
    try weights.check(against: model, at: weightsURL.relativePath)
    return weights
  }

  // MARK: History

  /// Stores the history as a table and for TensorBoard.
  public func write(history: [EpochRecord], startedAt: Double) throws {
    let rows = history.map { record -> [String] in
      let waited = record.waitedSeconds.map { "\($0)" } ?? ""
      return [
        "\(record.epoch)", "\(record.step)", "\(record.trainingLoss)",
        "\(record.trainingAccuracy)", record.validationLoss.map { "\($0)" } ?? "",
        record.validationAccuracy.map { "\($0)" } ?? "", "\(record.learningRate)",
        "\(record.seconds)", waited,
      ]
    }
    let columns = [
      "epoch", "step", "trainingLoss", "trainingAccuracy", "validationLoss", "validationAccuracy",
      "learningRate", "seconds", "waitedSeconds",
    ]
    try AtomicFile.write(
      CSVTable.encoded(columns: columns, rows: rows), to: url.appending(path: "metrics.csv"))
    try AtomicFile.write(
      EventFile.encoded(history, startedAt: startedAt),
      to: url.appending(path: EventFile.name(startedAt: startedAt)))
  }
}

extension RunDirectory: Hashable {
  /// Whether it is the same folder.
  public static func == (a: RunDirectory, b: RunDirectory) -> Bool { a.url == b.url }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(url) }
}

extension FolderKind {
  /// The folder of one training.
  package static let run = FolderKind(
    "run",
    [
      "config.json", "weights.safetensors", "metrics.csv", "events.out.tfevents.#.fovea",
      "report.html", "checkpoints/last.safetensors", "checkpoints/data.safetensors",
      "highlights/method.json",
    ], worthKeeping: ["config.json"],
    advice: "Choose another \(.output), add \(.overwrite) to replace it, or \(.resume) to go on",
    identity: { folder in (try? RunDirectory(folder).configuration())?.identity },
    recognizes: { folder, _ in (try? RunDirectory(folder).configuration()) != nil })
}
