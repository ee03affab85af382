import FoveaArray
import Glibc

/// A thread of our own for work that blocks or takes long, so that neither Swift's cooperative
/// pool nor Dispatch's waits for it.
// Sendable is checked by hand: the handle never changes, and `join` is called by one owner only.
final class WorkerThread: @unchecked Sendable {
  private let handle: pthread_t

  /// Starts `work`.
  ///
  /// - Throws: `InputError` when the system grants no further thread.
  init(_ work: @escaping @Sendable () -> Void) throws {
    let box = unsafe Unmanaged.passRetained(Work(work))
    var handle = pthread_t()
    let code = unsafe pthread_create(
      &handle, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      unsafe box.release()
      throw InputError(
        "the system grants no further thread (code \(code))",
        advice: "Close other programs, or raise the limit of processes")
    }
    self.handle = handle
  }

  /// Waits for the work to end; to be called exactly once.
  func join() { pthread_join(handle, nil) }

  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
