import FoundationEssentials
import Glibc

/// What a process may still take of the machine's memory.
package enum MachineMemory {
  /// Bytes that may be taken before the system ends or refuses the process: the least of what the machine
  /// has free (swap included), what the control group leaves, and what the limit on address space leaves.
  package static var availableBytes: Int {
    let machine = free(meminfo: text("/proc/meminfo") ?? "")
    let groups = controlGroups(text("/proc/self/cgroup") ?? "").compactMap { folder in
      left(
        limit: text("\(folder)/memory.max") ?? text("\(folder)/memory.limit_in_bytes"),
        used: text("\(folder)/memory.current") ?? text("\(folder)/memory.usage_in_bytes"),
        statistics: text("\(folder)/memory.stat") ?? "")
    }
    return ([machine, addressSpace].compactMap { $0 } + groups).min() ?? .max
  }

  /// Fails unless there is so much memory.
  ///
  /// - Parameter what: what takes it, as the subject of a sentence.
  /// - Throws: `InputError` with both numbers.
  package static func require(
    _ bytes: Int, for what: String, at place: String? = nil, advice: String
  ) throws {
    let available = availableBytes
    guard bytes > available else { return }
    throw InputError(
      "\(what) takes \(text(bytes: bytes)) of memory, and \(text(bytes: available)) are to be had",
      at: place, advice: advice)
  }

  /// `3.9 GB`; what is larger than any machine has is said so.
  private static func text(bytes: Int) -> String {
    bytes == .max ? "more than any machine's" : NumberText.prefixed(Double(bytes), unit: "B")
  }

  /// What Linux says that it could give, in bytes; swap counts, as it is slow, not missing.
  package static func free(meminfo: String) -> Int? {
    func kilobytes(_ name: String) -> Int? {
      for line in meminfo.split(separator: "\n") where line.hasPrefix("\(name):") {
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      }
      return nil
    }
    guard let available = kilobytes("MemAvailable") else { return nil }
    return SizeArithmetic.product([
      SizeArithmetic.sum([available, kilobytes("SwapFree") ?? 0]), 1024,
    ])
  }

  /// The folders in which a process's control group and those around it keep their limits.
  package static func controlGroups(_ description: String) -> [String] {
    description.split(separator: "\n").flatMap { line -> [String] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let root: String
      switch parts[1] {
      case "": root = "/sys/fs/cgroup"
      case let names where names.split(separator: ",").contains("memory"):
        root = "/sys/fs/cgroup/memory"
      default: return []
      }
      // Inside a container the path may be that of outside: then the root's own limit counts.
      var folders = [root]
      for part in parts[2].split(separator: "/") {
        folders.append("\(folders.last ?? root)/\(part)")
      }
      return folders
    }
  }

  /// What a control group leaves, of the text in its files; `nil` where it has no limit. Pages of files
  /// that nobody has used of late are given back when asked for.
  package static func left(limit: String?, used: String?, statistics: String) -> Int? {
    func number(_ text: String?) -> Int? {
      text.flatMap { Int($0.split(separator: "\n").first ?? "") }
    }
    guard let limit = number(limit), let used = number(used), limit < 1 << 60 else { return nil }
    let files = statistics.split(separator: "\n").first { $0.hasPrefix("inactive_file ") }
      .flatMap { Int($0.split(separator: " ").last ?? "") }
    return max(0, limit - used + (files ?? 0))
  }

  /// What the limit on address space leaves; `nil` where there is none.
  private static var addressSpace: Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < 1 << 60,
      let pages = text("/proc/self/statm")?.split(separator: " ").first.flatMap({ Int($0) })
    else { return nil }
    return max(0, Int(limit.rlim_cur) - pages * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// The text of one of the system's small files.
  private static func text(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}
