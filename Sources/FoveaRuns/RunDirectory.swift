public import FoundationEssentials
import FoveaData
public import FoveaNN

/// The files of a run. Each is whole at every moment: written under another name, synced, renamed.
///
///     config.json · weights.safetensors · metrics.csv · events.out.tfevents.* · report.html
///     checkpoints/last.safetensors
public struct RunDirectory: Hashable, Sendable {
  /// The folder.
  public let url: URL

  /// A folder that holds a run, or will.
  public init(_ url: URL) { self.url = url }

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

  /// Fails when there is something in the way of a new run.
  ///
  /// - Parameter overwrite: whether a run that is there may be replaced.
  /// - Throws: `InputError` that says what is there.
  public func checkIsFree(overwrite: Bool) throws {
    _ = try url.checkedFilePath
    var isFolder = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { return }
    guard isFolder else {
      throw InputError("is a file, not a folder", at: path, advice: "Choose another --output")
    }
    let content = try FileManager.default.contentsOfDirectory(atPath: url.path)
    guard !content.isEmpty else { return }
    guard isOurs(content) else {
      throw InputError(
        "holds files that are no run", at: path,
        advice: "They are left alone; choose another --output")
    }
    guard overwrite || isAbandonedStart(content) else {
      throw InputError(
        "holds a run already", at: path,
        advice: "Choose another --output, add --overwrite to replace it, or --resume to go on")
    }
  }

  /// Makes the folder.
  ///
  /// - Parameters:
  ///   - overwrite: whether a run that is there may be replaced.
  ///   - inner: the folder that is made in it: that of a run's checkpoints, or of a study's runs.
  /// - Throws: `InputError` when there is something in the way, or the folder cannot be made.
  public func create(overwrite: Bool, holding inner: String = "checkpoints") throws {
    try checkIsFree(overwrite: overwrite)
    do {
      let files = FileManager.default
      if files.fileExists(atPath: url.path) {
        // First what makes it a run: half of an old one must never be gone on with.
        if holdsRun { try files.removeItem(at: configurationURL) }
        try files.removeItem(at: url)
      }
      try files.createDirectory(
        at: url.appending(path: inner), withIntermediateDirectories: true)
    } catch {
      throw InputError(
        "the folder cannot be made", at: path, advice: "Check the path and permissions")
    }
  }

  /// Whether a folder holds nothing but what runs and comparisons leave behind.
  private func isOurs(_ content: [String]) -> Bool {
    let names: Set = [
      "config.json", "checkpoints", "metrics.csv", "weights.safetensors", "report.html",
      "comparison.json", "results.csv", "runs", "highlights",
    ]
    return content.allSatisfy {
      names.contains($0) || $0.hasPrefix("events.out.tfevents.") || $0.hasSuffix(".partial")
    }
  }

  /// Whether a folder holds only what a run that was killed before it had its configuration leaves.
  private func isAbandonedStart(_ content: [String]) -> Bool {
    let inner = try? FileManager.default.contentsOfDirectory(
      atPath: checkpointURL.deletingLastPathComponent().path)
    return (content + (inner ?? [])).allSatisfy {
      $0 == "checkpoints" || $0 == checkpointURL.lastPathComponent || $0.hasSuffix(".partial")
    }
  }

  /// Removes what a process that was killed while it wrote has left.
  ///
  /// Only one process may write to a run at a time.
  package func removeLeftovers() {
    for folder in [url, checkpointURL.deletingLastPathComponent()] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for name in names where name.hasSuffix(".partial") {
        try? FileManager.default.removeItem(at: folder.appending(path: name))
      }
    }
  }

  // MARK: Configuration and weights

  /// The run's configuration.
  ///
  /// - Throws: `InputError` when the folder holds no run, or one of a newer Fovea.
  public func configuration() throws -> RunConfiguration {
    _ = try url.checkedFilePath
    guard let data = try? Data(contentsOf: configurationURL) else {
      let exists = FileManager.default.fileExists(atPath: url.path)
      throw InputError(
        exists ? "holds no run: config.json is missing" : "does not exist", at: path,
        advice: "Give the folder that was the --output of fovea train")
    }
    struct Version: Decodable { let schemaVersion: Int }
    if let version = try? JSONDecoder().decode(Version.self, from: data),
      version.schemaVersion > 1
    {
      throw InputError(
        "was written by a newer Fovea (form \(version.schemaVersion), this one reads 1)",
        at: configurationURL.relativePath, advice: "Update Fovea")
    }
    do {
      return try JSONDecoder().decode(RunConfiguration.self, from: data)
    } catch {
      throw InputError(
        "is not a run's configuration: \(JSONText.reason(error))",
        at: configurationURL.relativePath)
    }
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
      let isUnderWay = FileManager.default.fileExists(atPath: checkpointURL.path)
      throw InputError(
        isUnderWay
          ? "training has not ended: weights.safetensors is missing"
          : "holds no weights: weights.safetensors is missing",
        at: path, advice: isUnderWay ? "Go on with fovea train --resume" : nil)
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
