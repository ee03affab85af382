import FoundationEssentials
import Glibc

/// A process of its own.
final class Spawned {
  /// How it ended.
  struct Status {
    /// The exit code, or 128 and the signal's number.
    let code: Int32
    /// The most memory that it had at once, in bytes.
    let peakBytes: Int
  }

  let identifier: pid_t

  /// Starts a program; what it says goes to a file.
  init(_ path: String, _ arguments: [String], in folder: String? = nil, log: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let shell = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] } ?? []
    let command = shell + [path] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    // A crash is told by its signal; a backtrace would take seconds each time.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    setenv("OMP_NUM_THREADS", "1", 1)
    var identifier: pid_t = 0
    let status = posix_spawn(&identifier, command[0], &actions, nil, &words, environ)
    guard status == 0 else { throw Fault(description: "\(path) cannot be started") }
    self.identifier = identifier
  }

  /// Waits for its end.
  func wait() -> Status {
    var (status, usage): (Int32, rusage) = (0, rusage())
    while wait4(identifier, &status, 0, &usage) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return Status(
      code: signal == 0 ? status >> 8 & 0xFF : 128 + signal,
      peakBytes: 1024 * Int(usage.ru_maxrss))
  }
}
