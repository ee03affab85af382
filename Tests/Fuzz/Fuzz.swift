import FoundationEssentials
import FoveaArray
import Glibc

/// Reads many damaged files of every kind, and fails where one ends the process, takes over 20 seconds
/// or over 2 GB, or gives numbers that are none.
///
///     FoveaFuzz                      20,000 mutants of each kind
///     FoveaFuzz --count 500          as many as FUZZ_COUNT says, where nothing else does
///     FoveaFuzz --kind png,wav       only these
///     FoveaFuzz --kind png --only 17 one mutant, in a process of its own
///     FoveaFuzz --seed 2             other mutants
@main struct Fuzz {
  private var count = 20_000
  private var seed: UInt64 = 1
  private var kinds = Kind.all
  private var only: Int?
  private var arguments: [String: String] = [:]

  /// Mutants that a process reads before the next one starts.
  private static let batch = 100
  /// Faults of a kind after which no more of it are read.
  private static let mostFaults = 20

  static func main() async {
    do {
      exit(try await Fuzz().execute() ? 0 : 1)
    } catch {
      print("fuzz: \(error)")
      exit(2)
    }
  }

  private init() throws {
    var words = CommandLine.arguments.dropFirst()
    while let name = words.popFirst() {
      guard name.hasPrefix("--"), let value = words.popFirst() else {
        throw Fault(description: "\(name) is no option with a value")
      }
      arguments[name] = value
    }
    let wanted = arguments["--count"] ?? getenv("FUZZ_COUNT").map { String(cString: $0) }
    if let wanted {
      guard let number = Int(wanted), number > 0 else {
        throw Fault(description: "\(wanted) is no number of mutants")
      }
      count = number
    }
    seed = arguments["--seed"].flatMap { UInt64($0) } ?? 1
    only = arguments["--only"].flatMap { Int($0) }
    if let names = arguments["--kind"]?.split(separator: ",") {
      kinds = try names.map { name in
        guard let kind = Kind.all.first(where: { $0.name == name }) else {
          throw Fault(
            description: "there is no kind \(name): \(Kind.all.map(\.name).joined(separator: ", "))"
          )
        }
        return kind
      }
    }
  }

  private func execute() async throws -> Bool {
    if let numbers = arguments["--child"]?.split(separator: "-").compactMap({ Int($0) }) {
      try await Child(
        kind: kinds[0], run: seed, numbers: numbers[0]..<numbers[1],
        seeds: URL(filePath: arguments["--seeds"] ?? ""),
        place: URL(filePath: arguments["--place"] ?? "")
      ).execute()
      return true
    }
    let work = FileManager.default.temporaryDirectory.appending(path: "fovea-fuzz-\(getpid())")
    defer { try? FileManager.default.removeItem(at: work) }
    let executable = URL(
      filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    let seeds = work.appending(path: "seeds")
    try OutputFolder.make(seeds)
    try Seeds(
      seeds, command: executable.deletingLastPathComponent().appending(path: "fovea")
    ).make(for: kinds)
    let kept = executable.deletingLastPathComponent().appending(path: "fuzz")
    var faults = 0
    for kind in kinds {
      let start = ContinuousClock.now
      let numbers = only.map { $0..<($0 + 1) } ?? 0..<count
      let found = try Supervisor(
        kind: kind, run: seed, executable: executable.path, seeds: seeds, work: work, kept: kept,
        batch: Self.batch, mostFaults: Self.mostFaults
      ).faults(numbers)
      let time = NumberText.duration((ContinuousClock.now - start).seconds)
      print("\(kind.name): \(numbers.count) mutants, \(found) faults (\(time))")
      fflush(nil)
      faults += found
    }
    print(faults == 0 ? "No faults." : "\(faults) faults; the files are in \(kept.path)")
    return faults == 0
  }
}
