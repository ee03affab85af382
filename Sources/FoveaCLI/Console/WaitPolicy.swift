import Glibc

/// How kernels' threads wait for each other at the end of each parallel loop.
///
/// GNU OpenMP lets them spin for milliseconds: fastest on an idle machine, and many times slower as
/// soon as another process wants one of the processors, because the thread that is waited for does
/// not run while the other spins. It reads its settings once, when it is loaded, so the command
/// begins anew with a setting of its own where the environment has none. The process stays the
/// same: number, terminal, files.
enum WaitPolicy {
  /// Turns of the waiting loop before a thread sleeps: enough for the gaps between two loops of a
  /// step, little for whoever else wants the processor (docs/decisions.md has the times).
  static let spins = 4_000

  /// Verbs that run for long; the others are over before it would matter.
  private static let verbs: Set = ["train", "compare", "demo", "evaluate", "explain", "bench"]

  /// Begins the command anew with a wait policy, unless it has one or needs none.
  ///
  /// Returns where that is so, and where the system does not let the command begin anew.
  static func apply() {
    guard let verb = CommandLine.arguments.dropFirst().first, verbs.contains(verb) else { return }
    for name in ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"] {
      if unsafe getenv(name) != nil { return }
    }
    // The link's target and not the link, by whose name the process would be listed.
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink("/proc/self/exe", &path, path.count - 1)
    guard length > 0, unsafe setenv("GOMP_SPINCOUNT", "\(spins)", 1) == 0 else { return }
    _ = unsafe execv(path, CommandLine.unsafeArgv)
  }
}
