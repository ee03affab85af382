import FoundationEssentials
import FoveaArray
import Glibc

/// Reads mutants one after the other, and leaves behind which of them it was at.
struct Child {
  /// Limits on one mutant.
  static let seconds: UInt32 = 20
  static let bytes = 2 << 30

  /// How a child that found something ends, besides by a signal.
  enum Code {
    static let tooMuchMemory: Int32 = 3
    static let fault: Int32 = 4
  }

  let kind: Kind
  let run: UInt64
  let numbers: Range<Int>
  let seeds: URL
  let place: URL

  /// The number of the mutant that a child was at.
  static func lastNumber(_ place: URL) -> Int? {
    (try? String(contentsOf: place.appending(path: "number"), encoding: .utf8)).flatMap {
      $0.split(separator: " ").last.flatMap { Int($0) }
    }
  }

  func execute() async throws {
    // A limit on addresses turns what would take the machine's memory into a failed allocation.
    var limit = rlimit(rlim_cur: rlim_t(Self.bytes * 2), rlim_max: rlim_t(Self.bytes * 2))
    setrlimit(__rlimit_resource_t(9), &limit)
    let found = try KindSeeds(kind, in: seeds)
    var copies: [Int: URL] = [:]
    let state = open(place.appending(path: "number").path, O_WRONLY | O_CREAT, 0o600)
    for number in numbers {
      let digits = String(number)
      let text = Array((String(repeating: " ", count: 12 - digits.count) + digits).utf8)
      _ = pwrite(state, text, text.count, 0)
      alarm(Self.seconds)
      let (seed, bytes) = kind.mutant(number, seeds: found.bytes, run: run)
      let url = try laidOut(found.urls[seed], &copies, seed)
      try Data(bytes).write(to: kind.target.map { url.appending(path: $0) } ?? url)
      do {
        try await kind.read(url)
      } catch is InputError {
        // As it should be.
      } catch {
        print("\(error)")
        fflush(nil)
        exit(Code.fault)
      }
      var usage = rusage()
      getrusage(__rusage_who_t(0), &usage)
      if 1024 * Int(usage.ru_maxrss) > Self.bytes { exit(Code.tooMuchMemory) }
    }
    alarm(0)
  }

  /// Where a seed's mutants are read: its folder is copied once, beside what it was made with.
  private func laidOut(_ seed: URL, _ copies: inout [Int: URL], _ index: Int) throws -> URL {
    let url = place.appending(path: seed.lastPathComponent)
    guard kind.target != nil else { return url }
    let isChangedByReading = kind.name == "checkpoint" || kind.name == "resumed-config"
    if copies[index] == nil || isChangedByReading {
      try? FileManager.default.removeItem(at: url)
      try FileManager.default.copyItem(at: seed, to: url)
      for name in ["pictures", "sounds"] {
        let beside = place.appending(path: name)
        let source = seed.deletingLastPathComponent().appending(path: name)
        if !FileManager.default.fileExists(atPath: beside.path),
          FileManager.default.fileExists(atPath: source.path)
        {
          try FileManager.default.copyItem(at: source, to: beside)
        }
      }
      copies[index] = url
    }
    return url
  }
}
