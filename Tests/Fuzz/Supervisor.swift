import FoundationEssentials
import FoveaArray
import Glibc

/// Lets children read the mutants of a kind, two at once, and names those that they did not survive.
struct Supervisor {
  let kind: Kind
  let run: UInt64
  let executable: String
  let seeds: URL
  let work: URL
  let kept: URL
  let batch: Int
  let mostFaults: Int

  /// Reads these mutants.
  ///
  /// - Returns: how many of them were not read as they should be.
  func faults(_ numbers: Range<Int>) throws -> Int {
    let found = try KindSeeds(kind, in: seeds)
    var waiting = stride(from: numbers.lowerBound, to: numbers.upperBound, by: batch).map {
      $0..<min($0 + batch, numbers.upperBound)
    }
    var running: [(child: Spawned, numbers: Range<Int>, place: URL)] = []
    var (faults, started) = (0, 0)
    while !waiting.isEmpty || !running.isEmpty {
      while running.count < 2, !waiting.isEmpty {
        let numbers = waiting.removeFirst()
        let place = work.appending(path: "child-\(started % 1000)")
        started += 1
        try OutputFolder.make(place)
        let child = try Spawned(
          executable,
          [
            "--child", "\(numbers.lowerBound)-\(numbers.upperBound)", "--kind", kind.name,
            "--seed", "\(run)", "--seeds", seeds.path, "--place", place.path,
          ], log: place.path + ".log")
        running.append((child, numbers, place))
      }
      // The older one first: both take about as long.
      let (child, numbers, place) = running.removeFirst()
      let status = child.wait()
      defer { try? FileManager.default.removeItem(at: place) }
      guard status.code != 0 else { continue }
      guard let number = Child.lastNumber(place), numbers.contains(number) else {
        throw Fault(description: "\(kind.name): a process ended before it began: \(log(place))")
      }
      faults += 1
      let (seed, bytes) = kind.mutant(number, seeds: found.bytes, run: run)
      let name = "\(kind.name)-\(run)-\(number)"
      try OutputFolder.make(kept)
      try Data(bytes).write(to: kept.appending(path: name))
      print(
        "FAULT  \(kind.name), mutant \(number) of seed \(run), from "
          + "\(found.urls[seed].lastPathComponent): \(Self.words(status)). \(log(place))")
      fflush(nil)
      if faults >= mostFaults { waiting = [] }
      if number + 1 < numbers.upperBound, faults < mostFaults {
        waiting.insert(number + 1..<numbers.upperBound, at: 0)
      }
    }
    return faults
  }

  private static func words(_ status: Spawned.Status) -> String {
    switch status.code {
    case 128 + SIGALRM: "takes over \(Child.seconds) s"
    case Child.Code.tooMuchMemory: "takes \(status.peakBytes >> 20) MiB"
    case Child.Code.fault: "is not read as it should be"
    case 129...: "ended by signal \(status.code - 128)"
    default: "ended with \(status.code)"
    }
  }

  /// The first line of what the child said.
  private func log(_ place: URL) -> String {
    let text = (try? String(contentsOf: URL(filePath: place.path + ".log"), encoding: .utf8)) ?? ""
    return TerminalText.printable(String(text.prefix { $0 != "\n" }.prefix(200)))
  }
}
