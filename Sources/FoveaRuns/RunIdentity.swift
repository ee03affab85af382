import FoundationEssentials
import FoveaArray
package import FoveaNN

/// What ties the files of a run to each other and to its data.
extension RunDirectory {
  /// The identity that the folder's mark says.
  package var identity: String? { (try? FolderMark.read(url))?.identity }

  /// What training goes on from, checked against the run and its network; `nil` where there is nothing
  /// yet.
  ///
  /// - Throws: `InputError` when it is malformed, or is another run's.
  package func checkpoint(
    of configuration: RunConfiguration, for model: some Module
  ) throws -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: checkpointURL.path) else { return nil }
    let place = checkpointURL.relativePath
    let checkpoint = try Checkpoint(contentsOf: checkpointURL)
    // Runs that an older Fovea began have none until they go on.
    if let run = checkpoint.run, run != configuration.identity {
      throw InputError(
        "belongs to another run (\(run), this one is \(configuration.identity ?? "older"))",
        at: place,
        advice: "Put the run's own checkpoint back, or begin a new run in another folder")
    }
    try checkpoint.weights.check(against: model, at: place)
    try checkpoint.bestWeights?.check(against: model, at: place)
    let shapes = Dictionary(
      uniqueKeysWithValues: model.parameters.map { ($0.path, $0.parameter.shape) })
    for (name, array) in checkpoint.optimizer.arrays {
      // optimizer.KIND.PATH: what is kept of a parameter has its shape.
      let path = name.split(separator: ".", maxSplits: 2).last.map(String.init) ?? ""
      guard let shape = shapes[path], array.type == ArrayType(shape) else {
        throw InputError(
          "\(name) is \(array.type), which fits no parameter of the network", at: place)
      }
    }
    let (done, most) = (checkpoint.state.completedEpochs, configuration.training.epochs)
    guard checkpoint.state.isFinished ? done <= most : done < most else {
      throw InputError(
        "\(done) epochs are complete, and the run has \(most)", at: place,
        advice: "It belongs to another run")
    }
    return checkpoint
  }

  /// Stores a checkpoint of a run, with the run's identity.
  package func write(_ checkpoint: Checkpoint, of configuration: RunConfiguration) throws {
    var checkpoint = checkpoint
    checkpoint.run = configuration.identity
    try checkpoint.write(to: checkpointURL)
  }

  // MARK: Contents

  /// What every example held when the run began, by which one is named that changed.
  private var digestsURL: URL { url.appending(path: "checkpoints/data.safetensors") }

  /// What a run does with an example.
  package enum Use: Int32, Sendable { case trainedOn, chosenBy, neither }

  /// Stores the digest of every example, and what it is used for.
  package func write(digests: [UInt64], uses: [Use]) throws {
    let halves = digests.flatMap {
      [Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $0 >> 32)]
    }
    try Safetensors.write(
      [
        "digests": HostArray([digests.count, 2], halves),
        "uses": HostArray([uses.count], uses.map(\.rawValue)),
      ], metadata: [:], to: digestsURL)
  }

  /// By the digest of what they hold, the examples that the run was trained on and those by which its epoch
  /// was chosen; none where that is not known, as of runs of an older Fovea.
  package func usedExamples() -> [UInt64: Use] {
    guard let digests = storedDigests, let file = try? Safetensors(contentsOf: digestsURL),
      let uses = try? file.array("uses"), uses.elementType == .int32,
      uses.shape == [digests.count]
    else { return [:] }
    var used: [UInt64: Use] = [:]
    for (digest, raw) in zip(digests, uses.elements(of: Int32.self)) {
      guard let use = Use(rawValue: raw), use != .neither else { continue }
      // Of two examples that hold the same, one may have been trained on and the other not.
      if used[digest] != .trainedOn { used[digest] = use }
    }
    return used
  }

  /// The positions of the examples that hold something else than when the run began; none where that
  /// is not known of each.
  package func changed(among digests: [UInt64]) -> [Int] {
    guard let stored = storedDigests, stored.count == digests.count else { return [] }
    return digests.indices.filter { stored[$0] != digests[$0] }
  }

  private var storedDigests: [UInt64]? {
    guard let file = try? Safetensors(contentsOf: digestsURL),
      let halves = try? file.array("digests"), halves.shape.rank == 2, halves.shape[1] == 2,
      halves.elementType == .int32
    else { return nil }
    let stored = halves.elements(of: Int32.self)
    return (0..<stored.count / 2).map { index in
      UInt64(UInt32(bitPattern: stored[2 * index]))
        | UInt64(UInt32(bitPattern: stored[2 * index + 1])) << 32
    }
  }
}
