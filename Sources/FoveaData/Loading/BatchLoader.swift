import FoveaArray

/// Prepares batches ahead on a thread of its own, and gives them in order.
public final class BatchLoader: BatchStream {
  private let queue: Monitor<Queue>
  private let thread: WorkerThread

  private struct Queue: Sendable {
    /// Prepared and not yet taken.
    var batches: [Batch] = []
    /// No batch follows those above, but this error where there is one.
    var isComplete = false
    var error: (any Error)?
    /// Nobody takes batches any more.
    var isAbandoned = false
  }

  /// Starts to prepare batches.
  ///
  /// - Parameters:
  ///   - numbers: which batches are wanted, in order.
  ///   - ahead: how many may be prepared before they are taken.
  ///   - prepare: makes the batch of a number.
  /// - Throws: `InputError` when the system grants no thread.
  public init(
    _ numbers: Range<Int>, ahead: Int = 3, file: StaticString = #fileID, line: UInt = #line,
    prepare: @escaping @Sendable (Int) throws -> Batch
  ) throws {
    require(
      ahead >= 1 && numbers.lowerBound >= 0, "loader: start at 0 or later, prepare 1 or more ahead",
      file: file, line: line)
    let queue = Monitor(Queue())
    self.queue = queue
    // The thread must not hold the loader itself, or giving the loader up would not end it.
    thread = try WorkerThread {
      do {
        for number in numbers {
          let prepared = try prepare(number)
          let goesOn = queue.update(
            when: { $0.batches.count < ahead || $0.isAbandoned },
            then: { queue in
              queue.batches.append(prepared)
              return !queue.isAbandoned
            })
          guard goesOn else { return }
        }
        queue.update { $0.isComplete = true }
      } catch {
        queue.update {
          $0.error = error
          $0.isComplete = true
        }
      }
    }
  }

  deinit {
    queue.update { $0.isAbandoned = true }
    thread.join()
  }

  /// Whether the next batch is prepared, or it is known that none follows.
  public var isNextReady: Bool { queue.read { !$0.batches.isEmpty || $0.isComplete } }

  /// The next batch, or `nil` after the last; waits until it is prepared.
  ///
  /// - Throws: `InputError` that names an example which cannot be read any more, in the place of
  ///   the batch that it belongs to.
  public func next() throws -> Batch? {
    try queue.update(
      when: { !$0.batches.isEmpty || $0.isComplete },
      then: { queue in
        if !queue.batches.isEmpty { return queue.batches.removeFirst() }
        if let error = queue.error { throw error }
        return nil
      })
  }
}
