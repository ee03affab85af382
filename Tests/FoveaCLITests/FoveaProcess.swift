import Foundation
import FoveaTestSupport

/// The built command `fovea`, run as a process of its own.
final class FoveaProcess: Sendable {
  /// What a process left behind.
  struct Outcome: Sendable {
    /// The exit code; for a process that a signal ended, 128 and the signal's number.
    let code: Int32
    let output: String
    let errors: String

    /// The one JSON object on standard output.
    func object() throws -> [String: Any] {
      let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
      guard let object = object as? [String: Any] else { throw CocoaError(.coderReadCorrupt) }
      return object
    }
  }

  /// The command beside the test bundle, in whichever configuration that was built.
  static let executable: URL? = {
    let places =
      [(try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))]
      .compactMap { $0 } + CommandLine.arguments
    return places.map { URL(filePath: $0).deletingLastPathComponent().appending(path: "fovea") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  private let process: SpawnedProcess
  private let folder: TemporaryFolder

  /// Starts the command in a folder. No file may grow beyond `fileLimit` bytes, and it may take no more
  /// than `memoryLimit` bytes of address space; `terminal` is a file
  /// that stands for the terminal on standard error.
  init(
    _ arguments: [String], in directory: URL? = nil, environment: [String: String] = [:],
    fileLimit: Int? = nil, memoryLimit: Int? = nil, terminal: FileHandle? = nil,
    input: URL? = nil
  ) throws {
    guard let executable = Self.executable else { throw CocoaError(.fileNoSuchFile) }
    folder = try TemporaryFolder()
    // Blocks of 512 bytes, as POSIX says, and kilobytes.
    let limits = [
      fileLimit.map { "ulimit -f \($0 / 512); " }, memoryLimit.map { "ulimit -v \($0 / 1024); " },
    ].compactMap { $0 }
    let (program, words) =
      limits.isEmpty
      ? (executable, arguments)
      : (
        URL(filePath: "/bin/sh"),
        ["-c", "\(limits.joined())exec \"$@\"", "sh", executable.path] + arguments
      )
    for name in ["output", "errors"] { try folder.write("", name) }
    process = try SpawnedProcess(
      program, words,
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
      in: directory, input: input, output: FileHandle(forWritingTo: folder.file("output")),
      errors: terminal ?? FileHandle(forWritingTo: folder.file("errors")))
  }

  /// Sends a signal; a process that has ended is left alone.
  func send(_ signal: Int32) {
    process.send(signal)
  }

  /// The process number.
  var identifier: Int32 { process.identifier }

  var isRunning: Bool { process.isRunning }

  /// What it has said so far on standard error.
  var errorsSoFar: String { Self.text(folder.file("errors")) }

  /// Waits until `condition` holds; false when the process ended first.
  func wait(until condition: () -> Bool) async throws -> Bool {
    while process.isRunning {
      if condition() { return true }
      try await Task.sleep(for: .microseconds(300))
    }
    return false
  }

  /// Waits for the end.
  func outcome() async -> Outcome {
    Outcome(
      code: await process.end().code,
      output: Self.text(folder.file("output")), errors: Self.text(folder.file("errors")))
  }

  private static func text(_ url: URL) -> String {
    (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// Runs the command to its end.
func fovea(
  arguments: [String], in directory: URL? = nil, environment: [String: String] = [:],
  fileLimit: Int? = nil, memoryLimit: Int? = nil
) async throws -> FoveaProcess.Outcome {
  try await FoveaProcess(
    arguments, in: directory, environment: environment, fileLimit: fileLimit,
    memoryLimit: memoryLimit
  ).outcome()
}

/// Runs the command to its end, with a file on standard input.
func fovea(
  _ arguments: String..., in directory: URL? = nil, environment: [String: String] = [:],
  input: URL? = nil
) async throws -> FoveaProcess.Outcome {
  try await FoveaProcess(
    arguments, in: directory, environment: environment, input: input
  ).outcome()
}
