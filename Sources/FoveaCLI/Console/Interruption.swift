import Dispatch
import Glibc

/// Ctrl-C: the first asks the work to stop at the next batch and keep everything, the second ends
/// the process at once.
enum Interruption {
  /// Within this time of the first, another signal is the same one: `timeout` sends two, to the
  /// process and to its group.
  private static let graceMilliseconds = 500

  /// Runs `body` in a task that SIGINT and SIGTERM cancel.
  static func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let task = Task { try await body() }
    let sources = [SIGINT, SIGTERM].map { signal in
      // The default action must be off, or it would end the process before the source is told.
      Glibc.signal(signal, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
      source.setEventHandler {
        task.cancel()
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(graceMilliseconds)) {
          Glibc.signal(signal, SIG_DFL)
        }
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    try await task.value
  }
}
