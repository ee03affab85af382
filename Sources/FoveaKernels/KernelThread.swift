import CKernels
import FoveaArray
import Glibc
import Synchronization

/// The one thread on which plans run, and which owns the OpenMP team.
///
/// GNU OpenMP keeps a team of threads for every thread that opens a parallel region. Were plans run
/// on Swift's cooperative threads, each would bring its own team and the cores would be shared among
/// several; a step may also take seconds, which the cooperative pool is not made for.
///
/// Work comes in two lanes, each the executor of an actor of its own. What takes long (a training, an
/// explanation, hundreds of predictions) is isolated to `KernelActor`, short requests to
/// `PromptKernelActor`. Long work calls `giveWay()` between any two kernels: what is prompt then
/// runs at once, on top of it on the same stack. As the two are different actors, the compiler
/// proves that nothing which long work is in the middle of can be touched.
package final class KernelThread: @unchecked Sendable {
  /// The jobs of one actor.
  final class Lane: SerialExecutor, @unchecked Sendable {
    // Safe to share: the queue is reached under the thread's mutex alone.
    fileprivate var queue: [UnownedJob] = []

    func enqueue(_ job: consuming ExecutorJob) {
      KernelThread.shared.add(UnownedJob(job), to: self)
    }
  }

  // Safe to share: queues are reached under the mutex alone, and what follows it by the thread alone.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  let long = Lane()
  let prompt = Lane()
  private var handle = pthread_t()
  /// Since when long work has run without giving way; `nil` while none runs, or has given way.
  private var longSince: ContinuousClock.Instant?
  /// What prompt work has taken more than its half while long work waited, in seconds.
  private var debt = 0.0

  /// Prompt jobs that wait: read between kernels, where a lock would cost too much.
  private static let promptCount = Atomic<Int>(0)
  /// Prompt work is not held up for longer, whatever ran before it.
  private static let largestDebt = 0.02

  /// The thread of the process.
  package static let shared = KernelThread()

  private init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    let created = pthread_create(
      &handle, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<KernelThread>.fromOpaque(context).takeUnretainedValue().serve()
      }, Unmanaged.passUnretained(self).toOpaque())
    require(created == 0, "the kernel thread cannot be started: error \(created)")
    pthread_detach(handle)
  }

  private func add(_ job: UnownedJob, to lane: Lane) {
    pthread_mutex_lock(mutex)
    lane.queue.append(job)
    if lane === prompt { KernelThread.promptCount.wrappingAdd(1, ordering: .relaxed) }
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  private func serve() -> Never {
    while true {
      pthread_mutex_lock(mutex)
      while long.queue.isEmpty, prompt.queue.isEmpty { pthread_cond_wait(condition, mutex) }
      if prompt.queue.isEmpty || (debt > 0 && !long.queue.isEmpty) {
        let job = long.queue.removeFirst()
        pthread_mutex_unlock(mutex)
        longSince = .now
        job.runSynchronously(on: long.asUnownedSerialExecutor())
        payDebt()
        longSince = nil
      } else {
        runPrompt(isCharged: !long.queue.isEmpty)
      }
    }
  }

  /// Runs the first prompt job; the mutex is held before, and not after.
  private func runPrompt(isCharged: Bool) {
    let job = prompt.queue.removeFirst()
    KernelThread.promptCount.wrappingSubtract(1, ordering: .relaxed)
    pthread_mutex_unlock(mutex)
    let start = ContinuousClock.now
    job.runSynchronously(on: prompt.asUnownedSerialExecutor())
    debt = isCharged ? min(debt + (.now - start).inSeconds, KernelThread.largestDebt) : 0
  }

  private func payDebt() {
    if let longSince { debt = max(0, debt - (.now - longSince).inSeconds) }
  }

  /// Lets prompt work run that waits; long work calls this wherever it may be interrupted.
  ///
  /// Where both have much to do each gets half of the time. Does nothing on other threads, and
  /// within prompt work.
  @inline(__always)
  package static func giveWay() {
    if promptCount.load(ordering: .relaxed) > 0 { shared.runWaitingPrompt() }
  }

  private func runWaitingPrompt() {
    guard pthread_equal(pthread_self(), handle) != 0, longSince != nil else { return }
    payDebt()
    let threads = fovea_threads()
    longSince = nil
    while debt <= 0 {
      pthread_mutex_lock(mutex)
      guard !prompt.queue.isEmpty else {
        pthread_mutex_unlock(mutex)
        break
      }
      runPrompt(isCharged: true)
    }
    longSince = .now
    fovea_set_threads(threads)
  }

  /// Waits until something that other threads do has come about, and gives way meanwhile.
  package static func wait(until isDone: () -> Bool) {
    while !isDone() {
      giveWay()
      usleep(200)
    }
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + 1e-18 * Double(components.attoseconds)
  }
}

/// Isolation to the kernel thread for work that takes long, and gives way to what is prompt.
@globalActor
package actor KernelActor {
  package static let shared = KernelActor()

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    KernelThread.shared.long.asUnownedSerialExecutor()
  }
}

/// Isolation to the kernel thread for short requests, which run between the kernels of long work.
@globalActor
package actor PromptKernelActor {
  package static let shared = PromptKernelActor()

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    KernelThread.shared.prompt.asUnownedSerialExecutor()
  }
}
