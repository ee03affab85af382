public import Foundation
import Glibc
import Synchronization

/// A process of its own, started with `posix_spawn`.
///
/// Foundation's `Process` looks for open files by copying whole directory entries out of the system's
/// buffer, beyond whose end it reads now and then: started some hundred times at once it ends the tests.
public final class SpawnedProcess: Sendable {
  /// The process number.
  public let identifier: pid_t
  private let ending: Ending

  /// How it ended, once it has, and who waits for that.
  private final class Ending: Sendable {
    private let state = Mutex<(status: Int32?, waiting: [CheckedContinuation<Int32, Never>])>(
      (nil, []))

    var status: Int32? { state.withLock { $0.status } }

    func end(_ status: Int32) {
      let waiting = state.withLock { state in
        state.status = status
        return state.waiting
      }
      for one in waiting { one.resume(returning: status) }
    }

    func wait() async -> Int32 {
      await withCheckedContinuation { continuation in
        let known = state.withLock { state in
          if state.status == nil { state.waiting.append(continuation) }
          return state.status
        }
        if let known { continuation.resume(returning: known) }
      }
    }
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - directory: where it starts; here where not given.
  ///   - input: the file on its standard input; none where not given.
  ///   - output, errors: open files that its standard output and standard error go to.
  public init(
    _ executable: URL, _ arguments: [String], environment: [String: String],
    in directory: URL? = nil, input: URL? = nil, output: FileHandle, errors: FileHandle
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input?.path ?? "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.fileDescriptor, 2)
    // The shell becomes the program, with its number.
    let shell = directory.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0.path] } ?? []
    let command = shell + [executable.path] + arguments
    var words = command.map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    // Signals that the test runner ignores or holds back are the program's own again.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var identifier: pid_t = 0
    let status = posix_spawn(
      &identifier, command[0], &actions, &attributes, &words, &settings)
    guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EINVAL) }
    self.identifier = identifier
    ending = Ending()
    Thread.detachNewThread { [ending, identifier] in
      var status: Int32 = 0
      while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
      ending.end(status)
    }
  }

  /// Whether it has not ended yet.
  public var isRunning: Bool { ending.status == nil }

  /// Sends a signal; a process that has ended is left alone.
  public func send(_ signal: Int32) {
    if isRunning { kill(identifier, signal) }
  }

  /// Waits for its end: the exit code, and the signal that ended it.
  public func end() async -> (code: Int32, signal: Int32?) {
    let status = await ending.wait()
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8 & 0xFF, nil) : (128 + signal, signal)
  }
}
