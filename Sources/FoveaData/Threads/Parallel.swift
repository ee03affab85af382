/// Is told how many of all pictures have been read; may be called on any thread.
public typealias ReadingProgress = @Sendable (_ done: Int, _ total: Int) -> Void

/// The same work on many items, on a few threads.
package enum Parallel {
  /// `body(0)`, …, `body(count - 1)`, in order, whatever thread computed which.
  ///
  /// Where the system grants no further thread, the calling one does it alone. `progress` is told
  /// how many items are done, now and then, on any of the threads.
  ///
  /// - Throws: `CancellationError` when the task that asks is cancelled: reading many pictures
  ///   takes minutes.
  package static func map<Result: Sendable>(
    _ count: Int, threads: Int = 2, progress report: ReadingProgress? = nil,
    _ body: @escaping @Sendable (Int) -> Result
  ) throws -> [Result] {
    let progress = Monitor(
      Progress(results: [Result?](repeating: nil, count: count)))
    // A few items at a time, so that threads seldom meet.
    let stretch = max(1, min(16, count / (4 * threads)))
    let work: @Sendable () -> Void = {
      var start = progress.update { $0.takeTurn(stretch) }
      while start < count {
        // Only the thread that asks knows the task; the others see that no turn is left.
        if Task.isCancelled {
          progress.update { $0.next = count }
          return
        }
        let results = (start..<min(start + stretch, count)).map(body)
        let done: Int
        (start, done) = progress.update { [start] progress in
          for (offset, result) in results.enumerated() {
            progress.results[start + offset] = result
          }
          progress.done += results.count
          return (progress.takeTurn(stretch), progress.done)
        }
        report?(done, count)
      }
    }
    let others = (1..<max(1, min(threads, count))).compactMap { _ in try? WorkerThread(work) }
    work()
    for thread in others { thread.join() }
    try Task.checkCancellation()
    return progress.update { $0.results.compactMap { $0 } }
  }

  private struct Progress<Result: Sendable>: Sendable {
    var next = 0
    var done = 0
    var results: [Result?]

    mutating func takeTurn(_ stretch: Int) -> Int {
      defer { next += stretch }
      return next
    }
  }
}
