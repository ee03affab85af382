import Foundation
import FoveaTestSupport
import Testing

/// Every call with bad input, each in a process of its own: `Tests/BadInput` has the calls.
///
/// A signal ends no more than that process, and its standard error shows what somebody would see.
struct BadInputTests {
  /// What a process left behind.
  private struct Outcome: Sendable {
    let output: String
    let errors: String
    let signal: Int32?
    let isLate: Bool
  }

  private static let executable: URL? = {
    let places =
      [try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")]
      .compactMap { $0 } + CommandLine.arguments
    return places.map {
      URL(filePath: $0).deletingLastPathComponent().appending(path: "FoveaBadInput")
    }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  /// Runs the program for so many seconds at most.
  private static func run(_ arguments: [String], seconds: Int = 10) async throws -> Outcome {
    let folder = try TemporaryFolder()
    for name in ["output", "errors"] { try folder.write("", name) }
    let process = try SpawnedProcess(
      URL(filePath: "/usr/bin/env"),
      ["timeout", "--signal=KILL", "\(seconds)", try #require(executable).path] + arguments,
      environment: ProcessInfo.processInfo.environment.merging(
        ["SWIFT_BACKTRACE": "enable=no", "OMP_WAIT_POLICY": "passive"]
      ) { $1 },
      output: FileHandle(forWritingTo: folder.file("output")),
      errors: FileHandle(forWritingTo: folder.file("errors")))
    // `timeout` passes the signal on by dying of it, or says 128 and its number.
    let code = await process.end().code
    let signal = code > 128 ? code - 128 : nil
    func text(_ name: String) -> String {
      (try? String(contentsOf: folder.file(name), encoding: .utf8)) ?? ""
    }
    return Outcome(
      output: text("output"), errors: text("errors"), signal: signal,
      isLate: signal == SIGKILL)
  }

  /// What is wrong with an outcome; `nil` where it is as it should be.
  private static func fault(_ outcome: Outcome, expected: String) -> String? {
    if outcome.isLate { return "it did not end in time" }
    let traps = expected.hasPrefix("trapping")
    guard traps else {
      if let signal = outcome.signal { return "signal \(signal): \(outcome.errors)" }
      let start = expected == "accepting" ? "accepted" : "threw: "
      return outcome.output.hasPrefix(start) && outcome.output.count > start.count
        ? nil : "\(outcome.output)\(outcome.errors)"
    }
    guard outcome.signal != nil else { return "no trap, but \(outcome.output)" }
    // `BadInput/GraphProbes.swift:12: Fatal error: matmul: …`
    guard
      let trap = outcome.errors.split(separator: "\n").first(where: { $0.contains("Fatal error: ") }
      ),
      let place = trap.split(separator: ":").first, place.hasSuffix(".swift"),
      !trap.hasSuffix("Fatal error: ")
    else { return "a trap without a word: \(outcome.errors)" }
    return expected == "trapping" && !place.hasPrefix("FoveaBadInput/")
      ? "the line named is not the caller's: \(trap)" : nil
  }

  @Test func everyBadInputIsAnsweredInWords() async throws {
    let folder = try TemporaryFolder()
    let runs = folder.file("runs").path
    let prepared = try await Self.run(["--prepare", runs], seconds: 120)
    #expect(prepared.signal == nil && prepared.output.isEmpty, "\(prepared)")
    let probes = try await Self.run(["--list"]).output.split(separator: "\n").map {
      $0.split(separator: "\t").map(String.init)
    }
    #expect(probes.count >= 147 && Set(probes.map { $0[1] }).count == probes.count)
    try await withThrowingTaskGroup(of: (String, String?).self) { group in
      var waiting = probes[...]
      func start() {
        guard let probe = waiting.popFirst() else { return }
        group.addTask {
          let outcome = try await Self.run([probe[1], runs])
          return (probe[1], Self.fault(outcome, expected: probe[0]))
        }
      }
      for _ in 0..<4 { start() }
      while let (name, fault) = try await group.next() {
        #expect(fault == nil, "\(name)")
        start()
      }
    }
  }
}
