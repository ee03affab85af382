public import FoundationEssentials
public import FoveaNN

/// All that training needs to go on: one file, so that its parts always belong together.
public struct Checkpoint: Sendable {
  /// Where training stands.
  public var state: TrainingState
  /// When the run began, in seconds since 1970.
  public var startedAt: Double
  /// The identity of the run that it belongs to; `nil` from before runs had one.
  public var run: String?
  /// The network's weights.
  public var weights: Weights
  /// The optimiser's arrays.
  public var optimizer: Weights
  /// The weights of the best epoch, if there is one.
  public var bestWeights: Weights?

  /// A checkpoint with these parts.
  public init(
    state: TrainingState, startedAt: Double, weights: Weights, optimizer: Weights,
    bestWeights: Weights?
  ) {
    self.state = state
    self.startedAt = startedAt
    self.weights = weights
    self.optimizer = optimizer
    self.bestWeights = bestWeights
  }

  private struct Header: Codable {
    var state: TrainingState
    var startedAt: Double
    var run: String?
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `InputError` when the file is missing or malformed.
  public init(contentsOf url: URL) throws {
    let file = try Safetensors(contentsOf: url)
    guard let text = file.metadata["training"] else {
      throw InputError("is not a checkpoint: the training state is missing", at: url.relativePath)
    }
    do {
      let header = try JSONDecoder().decode(Header.self, from: Data(text.utf8))
      state = header.state
      startedAt = header.startedAt
      run = header.run
    } catch {
      throw InputError(
        "is not a checkpoint: \(JSONText.reason(error))", at: url.relativePath)
    }
    func arrays(_ prefix: String) throws -> Weights {
      var arrays: [String: HostArray] = [:]
      for entry in file.entries where entry.name.hasPrefix(prefix) {
        arrays[String(entry.name.dropFirst(prefix.count))] = try file.array(entry.name)
      }
      return Weights(arrays)
    }
    weights = try arrays("weights.")
    optimizer = try arrays("optimizer.")
    let best = try arrays("best.")
    bestWeights = best.arrays.isEmpty ? nil : best
  }

  /// Writes the checkpoint so that the file is whole at every moment.
  ///
  /// - Throws: `InputError` when it cannot be written; the checkpoint before it is untouched.
  public func write(to url: URL) throws {
    var arrays: [String: HostArray] = [:]
    for (path, array) in weights.arrays { arrays["weights.\(path)"] = array }
    for (path, array) in optimizer.arrays { arrays["optimizer.\(path)"] = array }
    for (path, array) in bestWeights?.arrays ?? [:] { arrays["best.\(path)"] = array }
    let header = try JSONEncoder().encode(Header(state: state, startedAt: startedAt, run: run))
    try Safetensors.write(
      arrays, metadata: ["training": String(decoding: header, as: UTF8.self)], to: url)
  }
}
