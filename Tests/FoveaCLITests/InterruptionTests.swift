import Foundation
import FoveaArray
import FoveaData
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import Testing

/// Whatever ends a training, the run directory is whole, and `--resume` ends with the weights of a
/// run that was never interrupted.
@Suite(.serialized) struct InterruptionTests {
  /// The pictures and the uninterrupted run, made once.
  private struct Reference: Sendable {
    let folder: TemporaryFolder
    let weights: Data
    let seconds: Double

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      try MadeFolder.scenes(folder, "scenes", count: 120)
      let start = ContinuousClock.now
      let outcome = try await fovea(arguments: InterruptionTests.command("whole"), in: folder.url)
      try #require(outcome.code == 0, "\(outcome.errors)")
      let time = (ContinuousClock.now - start).components
      return Reference(
        folder: folder, weights: try Data(contentsOf: folder.file("whole/weights.safetensors")),
        seconds: Double(time.seconds) + Double(time.attoseconds) * 1e-18)
    }
  }

  private static func command(_ run: String) -> [String] {
    [
      "train", "scenes", "--output", run, "--image-size", "24", "--batch-size", "8", "--epochs",
      "6", "--augment", "flip,shift", "--class-weights", "--schedule", "cosine", "--patience", "0",
      "--skip-check",
    ]
  }

  /// Every file of a run can be read whole; gives what it has.
  @discardableResult
  private func expectWhole(_ folder: URL, _ comment: Comment) throws -> TrainingState? {
    let run = RunDirectory(folder)
    guard run.holdsRun else { return nil }
    let configuration = try run.configuration()
    let model = try configuration.classifier.model()
    let checkpoint = try Checkpoint(contentsOf: run.checkpointURL)
    try checkpoint.weights.check(against: model)
    let files = FileManager.default
    if files.fileExists(atPath: run.weightsURL.path) { _ = try run.weights(for: model) }
    let table = folder.appending(path: "metrics.csv")
    if files.fileExists(atPath: table.path) {
      let rows = try CSVTable(contentsOf: table).records.count
      // The table is written after the checkpoint, so at most one epoch behind it.
      #expect(
        (checkpoint.state.completedEpochs - 1...checkpoint.state.completedEpochs).contains(rows),
        comment)
    }
    return checkpoint.state
  }

  @Test func killedAtRandomTimes() async throws {
    let reference = try await Reference.shared.value
    let key = RandomKey(seed: 20)
    let folder = reference.folder
    var states: [Int] = []
    for attempt in 0..<8 {
      // The first command, again and again: it begins the run, then goes on with it.
      let process = try FoveaProcess(Self.command("killed") + ["--resume"], in: folder.url)
      let fraction = Double(key.folding(attempt).value >> 11) * 0x1p-53
      try await Task.sleep(for: .seconds(reference.seconds * (0.1 + 0.7 * fraction)))
      process.send(SIGKILL)
      let outcome = await process.outcome()
      guard outcome.code == 128 + SIGKILL else {
        #expect(outcome.code == 0, "\(outcome.errors)")
        break
      }
      if let state = try expectWhole(folder.file("killed"), "after kill \(attempt + 1)") {
        states.append(state.step)
      }
    }
    // What was done once is never lost.
    #expect(states == states.sorted())
    let outcome = try await fovea(
      arguments: Self.command("killed") + ["--resume"], in: folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      try Data(contentsOf: folder.file("killed/weights.safetensors")) == reference.weights)
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.file("killed").path)
    #expect(names.allSatisfy { !$0.hasSuffix(".partial") })
  }

  /// At the moments that a random time seldom meets: while a file is half written.
  @Test(arguments: [
    "checkpoints", "checkpoints/last.safetensors.", "config.json.",
    "metrics.csv.", "weights.safetensors.",
  ])
  func killedWhileAFileIsWritten(_ name: String) async throws {
    let reference = try await Reference.shared.value
    let folder = reference.folder
    let run = "half-\(name.replacingOccurrences(of: "/", with: "-"))"
    let inner = folder.file(run).appending(path: name)
    let process = try FoveaProcess(Self.command(run), in: folder.url)
    let isThere = try await process.wait {
      guard name.hasSuffix(".") else { return FileManager.default.fileExists(atPath: inner.path) }
      let place = inner.deletingLastPathComponent()
      let names = try? FileManager.default.contentsOfDirectory(atPath: place.path)
      return names?.contains { $0.hasPrefix(inner.lastPathComponent) && $0.hasSuffix(".partial") }
        ?? false
    }
    process.send(SIGKILL)
    let outcome = await process.outcome()
    // A file of a kilobyte may be there and gone between two looks.
    if isThere { #expect(outcome.code == 128 + SIGKILL || outcome.code == 0) }
    try expectWhole(folder.file(run), "killed at \(name)")
    let resumed = try await fovea(arguments: Self.command(run) + ["--resume"], in: folder.url)
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try Data(contentsOf: folder.file("\(run)/weights.safetensors")) == reference.weights)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func interrupted(_ signal: Int32) async throws {
    let reference = try await Reference.shared.value
    let folder = reference.folder
    let run = "interrupted by \(signal)"
    let process = try FoveaProcess(Self.command(run), in: folder.url)
    let hasBegun = try await process.wait { process.errorsSoFar.contains("epoch 2:") }
    try #require(hasBegun)
    process.send(signal)
    let outcome = await process.outcome()
    #expect(outcome.code == 130)
    #expect(outcome.output == "")
    let again = Self.command(run).map { $0 == run ? "'\(run)'" : $0 }.joined(separator: " ")
    #expect(
      outcome.errors.hasSuffix(
        "Stopped. Everything is kept; go on with: fovea \(again) --resume\n"))
    let state = try expectWhole(folder.file(run), "after \(signal)")
    #expect(state?.isFinished == false && (state?.step ?? 0) >= 2 * 14)
    let early = try await fovea("evaluate", run, "scenes", in: folder.url)
    #expect(early.code == 1)
    #expect(early.errors.contains("training has not ended: weights.safetensors is missing"))
    let resumed = try await fovea(arguments: Self.command(run) + ["--resume"], in: folder.url)
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try Data(contentsOf: folder.file("\(run)/weights.safetensors")) == reference.weights)
  }

  @Test func interruptedBeforeTrainingNothingIsWritten() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.scenes(folder, "scenes", count: 600)
    let process = try FoveaProcess(
      ["train", "scenes", "-o", "run", "--epochs", "1"], in: folder.url)
    try #require(try await process.wait { process.errorsSoFar.contains("Reading 600 pictures") })
    process.send(SIGINT)
    let outcome = await process.outcome()
    #expect(outcome.code == 130)
    #expect(
      outcome.errors.hasSuffix(
        "Stopped before training began; nothing was written. Begin again with: "
          + "fovea train scenes -o run --epochs 1\n"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("run").path))
  }

  @Test func aFullDiskIsAnErrorAndTheCheckpointBeforeIsWhole() async throws {
    let reference = try await Reference.shared.value
    let folder = reference.folder
    // Room for the start, not for the optimiser's arrays that an epoch adds.
    let outcome = try await fovea(
      arguments: Self.command("full"), in: folder.url, fileLimit: reference.weights.count * 3 / 2)
    #expect(outcome.code == 1)
    #expect(
      outcome.errors.hasSuffix(
        "fovea: full/checkpoints/last.safetensors: cannot be written: File too large. The "
          + "checkpoint before is whole; --resume goes on from it\n"))
    let state = try expectWhole(folder.file("full"), "on a full disk")
    #expect(state?.step == 0)
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.file("full").path)
    #expect(names.allSatisfy { !$0.hasSuffix(".partial") })
    let resumed = try await fovea(arguments: Self.command("full") + ["--resume"], in: folder.url)
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try Data(contentsOf: folder.file("full/weights.safetensors")) == reference.weights)
  }

  /// A disk of its own, where the system lets us have one.
  @Test func aDiskThatIsReallyFull() async throws {
    let reference = try await Reference.shared.value
    let folder = try TemporaryFolder()
    try folder.write("", "disk/.keep")
    let disk = folder.file("disk").path
    let size = reference.weights.count * 5 / 2
    guard shell("mount -t tmpfs -o size=\(size) none '\(disk)'") else {
      print("aDiskThatIsReallyFull: skipped, as no file system can be mounted here")
      return
    }
    defer { _ = shell("umount '\(disk)'") }
    let scenes = reference.folder.file("scenes").path
    var command = Self.command("disk/run")
    command[1] = scenes
    let outcome = try await fovea(arguments: command, in: folder.url)
    #expect(outcome.code == 1)
    #expect(
      outcome.errors.contains(
        "disk/run/checkpoints/last.safetensors: cannot be written: No space left on device. Free "
          + "some disk space and try again. The checkpoint before is whole; --resume goes on from"))
    try expectWhole(folder.file("disk/run"), "on a full disk")
    #expect(shell("mount -o remount,size=100M '\(disk)'"))
    let resumed = try await fovea(arguments: command + ["--resume"], in: folder.url)
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(
      try Data(contentsOf: folder.file("disk/run/weights.safetensors")) == reference.weights)
  }

  private func shell(_ command: String) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "\(command) 2> /dev/null"]
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
