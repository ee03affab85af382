package import FoundationEssentials
import FoveaArray

/// What ties the files of a run to each other and to its data.
extension RunDirectory {
  /// The identity that the folder's mark says.
  package var identity: String? { (try? FolderMark.read(url))?.identity }

  /// The checkpoint of a run; `nil` where there is none yet.
  ///
  /// - Throws: `InputError` where it cannot be read, or is another run's.
  package func checkpoint(of configuration: RunConfiguration) throws -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: checkpointURL.path) else { return nil }
    let checkpoint = try Checkpoint(contentsOf: checkpointURL)
    // Runs that an older Fovea began have none until they go on.
    if let run = checkpoint.run, run != configuration.identity {
      throw InputError(
        "belongs to another run (\(run), this one is \(configuration.identity ?? "older"))",
        at: checkpointURL.relativePath,
        advice: "Put the run's own checkpoint back, or begin a new run in another folder")
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

  /// Stores the digest of every example.
  package func write(digests: [UInt64]) throws {
    let halves = digests.flatMap {
      [Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $0 >> 32)]
    }
    try Safetensors.write(
      ["digests": HostArray([digests.count, 2], halves)], metadata: [:], to: digestsURL)
  }

  /// The positions of the examples that hold something else than when the run began; none where that
  /// is not known of each.
  package func changed(among digests: [UInt64]) -> [Int] {
    guard let file = try? Safetensors(contentsOf: digestsURL),
      let halves = try? file.array("digests"), halves.shape == [digests.count, 2],
      halves.elementType == .int32
    else { return [] }
    let stored = halves.elements(of: Int32.self)
    return digests.indices.filter { index in
      stored[2 * index] != Int32(truncatingIfNeeded: digests[index])
        || stored[2 * index + 1] != Int32(truncatingIfNeeded: digests[index] >> 32)
    }
  }
}
