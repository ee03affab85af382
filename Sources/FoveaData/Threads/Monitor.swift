import Glibc

/// A value that threads use one at a time, and whose changes they can wait for.
///
/// `Synchronization` has a mutex but nothing to wait on, so this is a POSIX mutex with its
/// condition variable.
// Sendable is checked by hand: `value` is touched only while the mutex is held.
@safe final class Monitor<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ value: Value) {
    self.value = value
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Looks at the value; wakes nobody.
  func read<Result>(_ look: (Value) throws -> Result) rethrows -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try look(value)
  }

  /// Changes the value; whoever waits looks at it again.
  func update<Result>(_ change: (inout Value) throws -> Result) rethrows -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(condition)
      unsafe pthread_mutex_unlock(mutex)
    }
    return try change(&value)
  }

  /// Waits until the value is as wanted, then changes it before anybody else can.
  func update<Result>(
    when isReady: (Value) -> Bool, then change: (inout Value) throws -> Result
  ) rethrows -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(condition)
      unsafe pthread_mutex_unlock(mutex)
    }
    while !isReady(value) { unsafe pthread_cond_wait(condition, mutex) }
    return try change(&value)
  }
}
