import Glibc

/// What this process takes of the machine's memory.
package enum ProcessMemory {
  /// The most bytes that were in memory at once since the process began: what GNU `time` calls the
  /// maximum resident set size.
  package static var peakBytes: Int {
    var usage = rusage()
    guard unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    return usage.ru_maxrss * 1024
  }
}

extension Double {
  /// The natural logarithm.
  var logarithm: Double { log(self) }
}
