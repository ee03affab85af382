import FoveaArray
import FoveaData
import FoveaGraph
import FoveaInference
import FoveaKernels
import FoveaNN
import Glibc
import Synchronization
import Testing

/// Several predictions at once.
struct ConcurrencyTests {
  private func engine(threads: Int = 2) throws -> PredictionEngine {
    var options = CNN.Options.small
    options.widths = [16, 32]
    let model = try PictureModel(
      .cnn(options),
      input: PictureInputLayer(
        height: 16, width: 16, channels: 3, mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.3, 0.4]))
    return try PredictionEngine(
      model, weights: model.initialWeights(key: RandomKey(seed: 6)), threads: threads)
  }

  private func pictures(_ count: Int, seed: UInt64) -> [Picture] {
    let key = RandomKey(seed: seed)
    return (0..<count).map { item in
      Picture(
        width: 16, height: 16, channels: 3,
        made: (0..<768).map {
          UInt8(key.folding(item).integer(below: 256, at: UInt64($0)))
        })
    }
  }

  @Test func predictionsAtOnceGiveTheBitsOfOneAfterAnother() async throws {
    let engine = try engine()
    // Requests of 1 to 12 pictures, so that several plans take turns.
    let requests = (0..<24).map { pictures($0 % 12 + 1, seed: UInt64($0)) }
    var expected: [[[Float]]] = []
    for request in requests { expected.append(try await engine.probabilities(of: request)) }
    let found = try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask { (index, try await engine.probabilities(of: request)) }
      }
      var found = [[[Float]]](repeating: [], count: requests.count)
      for try await (index, probabilities) in group { found[index] = probabilities }
      return found
    }
    #expect(found == expected)
    #expect(expected.joined().allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
  }

  @Test func twoEnginesShareTheThreadWithoutMixing() async throws {
    let (first, second) = (try engine(), try engine())
    let request = pictures(5, seed: 77)
    let expected = try await first.probabilities(of: request)
    async let left = first.probabilities(of: request)
    async let right = second.probabilities(of: request)
    #expect(try await left == expected)
    #expect(try await right == expected)
  }

  /// Whoever gives three thousand pictures up waits for the batch that runs, and for no more.
  @Test func aRequestForManyThatIsCancelledEndsAfterTheBatch() async throws {
    let engine = try engine()
    let request = pictures(32, seed: 5)
    let asked = Mutex(0)
    let task = Task {
      try await engine.probabilities(of: 3_000) { range in
        let batch = asked.withLock { count in
          count += 1
          return count
        }
        if batch == 3 { withUnsafeCurrentTask { $0?.cancel() } }
        return [
          "images": HostArray([range.count, 16, 16, 3], request[..<range.count].flatMap(\.pixels))
        ]
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(asked.withLock { $0 } == 3)
  }

  /// Kernels run on a thread of their own, so while requests wait for it every thread of Swift's
  /// pool is free for other tasks: with more requests under way than the pool has threads, a task
  /// that needs none of them still runs.
  @Test func waitingRequestsLeaveThePoolFree() async throws {
    let engine = try engine()
    _ = try await engine.probabilities(of: pictures(1, seed: 1))
    // The kernel thread is held until the pool has answered.
    let (answered, isHeld) = (Flag(), Flag())
    let holder = Task { @KernelActor in
      isHeld.raise()
      // Bounded, so that a pool that is not free fails the test instead of hanging it.
      for _ in 0..<20_000 where !answered.isUp { nap() }
      return answered.isUp
    }
    while !isHeld.isUp { await Task.yield() }
    let request = pictures(1, seed: 2)
    let requests = (0..<64).map { _ in Task { try await engine.probabilities(of: request) } }
    for _ in 0..<64 { await Task.yield() }
    await Task { answered.raise() }.value
    #expect(await holder.value, "no task ran while 64 requests waited for the kernel thread")
    for request in requests { #expect(try await request.value.count == 1) }
  }

  @Test func aPredictionComesBetweenTheKernelsOfLongWork() async throws {
    let engine = try engine()
    let request = pictures(1, seed: 4)
    let expected = try await engine.probabilities(of: request)
    let (answered, isHeld) = (Flag(), Flag())
    // Bounded, so that work which does not give way fails the test instead of hanging it.
    let long = Task { @KernelActor in
      isHeld.raise()
      while !Task.isCancelled { nap() }
      for _ in 0..<20_000 where !answered.isUp {
        KernelThread.giveWay()
        nap()
      }
      // The task is what it was before another ran on top of it.
      return (answered.isUp, Task.isCancelled)
    }
    while !isHeld.isUp { await Task.yield() }
    let prediction = Task {
      let found = try await engine.probabilities(of: request)
      answered.raise()
      return found
    }
    long.cancel()
    let (wasAnswered, isCancelled) = await long.value
    #expect(wasAnswered, "no prediction ran while long work gave way")
    #expect(isCancelled)
    #expect(try await prediction.value == expected)
  }

  @Test func longWorkAndPredictionsGiveTheirBitsBesideEachOther() async throws {
    let (engine, other) = (try engine(), try engine(threads: 1))
    let (many, one) = (pictures(200, seed: 8), pictures(1, seed: 9))
    let expected = try await engine.probabilities(of: many)
    let single = try await other.probabilities(of: one)
    let isDone = Flag()
    // More than can be answered before the long request ends, or its half of the time is not kept.
    let beside = (0..<4).map { _ in
      Task {
        while !isDone.isUp {
          let found = try await other.probabilities(of: one)
          #expect(found == single)
        }
      }
    }
    for _ in 0..<10 {
      let found = try await engine.probabilities(of: many)
      #expect(found == expected)
    }
    isDone.raise()
    for task in beside { try await task.value }
  }

  @Test func aCancelledRequestStopsBetweenBatches() async throws {
    let engine = try engine()
    let many = pictures(100, seed: 3)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await engine.probabilities(of: many)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

/// What one task tells another.
private final class Flag: Sendable {
  private let state = Atomic(false)
  var isUp: Bool { state.load(ordering: .acquiring) }
  func raise() { state.store(true, ordering: .releasing) }
}

/// A millisecond on this thread.
private func nap() { usleep(1_000) }
