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

    init(state: TrainingState, startedAt: Double, run: String?) {
      self.state = state
      self.startedAt = startedAt
      self.run = run
    }

    /// Reads what a training can have come to.
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      state = try container.decode(TrainingState.self, forKey: .state)
      startedAt = try container.decode(Double.self, forKey: .startedAt)
      run = try container.decodeIfPresent(String.self, forKey: .run)
      try NumberCheck.require("startedAt", startedAt, in: NumberCheck.dates)
      try state.check()
    }
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `InputError` when the file is missing or malformed, or holds numbers that no training can
  ///   have come to; the array is named.
  public init(contentsOf url: URL) throws {
    let file = try Safetensors(contentsOf: url)
    guard let text = file.metadata["training"] else {
      throw InputError("is not a checkpoint: the training state is missing", at: url.relativePath)
    }
    let header = try JSONText.decoded(
      Header.self, from: Data(text.utf8), as: "a checkpoint", at: url.relativePath)
    state = header.state
    startedAt = header.startedAt
    run = header.run
    func arrays(_ prefix: String, upTo largest: Float) throws -> Weights {
      var arrays: [String: HostArray] = [:]
      for entry in file.entries where entry.name.hasPrefix(prefix) {
        arrays[String(entry.name.dropFirst(prefix.count))] = try file.numbers(
          entry.name, upTo: largest)
      }
      return Weights(arrays)
    }
    weights = try arrays("weights.", upTo: Weights.largestMagnitude)
    // Squares of gradients are summed here: large, and harmless as long as they are numbers.
    optimizer = try arrays("optimizer.", upTo: .greatestFiniteMagnitude)
    let best = try arrays("best.", upTo: Weights.largestMagnitude)
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
