import CKernels

/// How many threads kernels run on, and how they wait for each other.
package enum KernelTeam {
  /// The number that OpenMP chooses: the processors, or what `OMP_NUM_THREADS` says.
  package static let defaultThreads = Int(fovea_threads())

  /// Processors that the process may use.
  package static let processors = Int(fovea_processors())

  /// The most threads that are started, however many are asked for: beyond, each loop wakes more
  /// threads than there is work, and a training no longer ends.
  package static let mostThreads = max(64, 4 * processors)

  /// Sets the team of the calling thread: what it compiles and runs from now on uses it.
  package static func use(threads: Int) {
    // Asked once before any thread's own number is set, which OpenMP would report from then on.
    _ = defaultThreads
    fovea_set_threads(Int32(threads))
  }

  /// Looks now and then whether the calling thread's team gets the processors that it wants, and
  /// lets it sleep rather than spin where it does not; see `waiting.c`.
  package static func watch() { fovea_watch_team() }
}
