import CKernels
import FoveaArray
import Glibc
import Synchronization

/// The one thread on which plans run, and which owns the OpenMP team.
///
/// GNU OpenMP keeps a team of threads for every thread that opens a parallel region. Were plans run
/// on Swift's cooperative threads, each would bring its own team and the cores would be shared among
/// several; a step may also take seconds, which the cooperative pool is not made for.
package final class KernelThread: SerialExecutor, @unchecked Sendable {
  // Safe to share: the queue is reached under the mutex alone.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var queue: [UnownedJob] = []

  /// The thread of the process.
  package static let shared = KernelThread()

  private init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    var thread = pthread_t()
    let created = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<KernelThread>.fromOpaque(context).takeUnretainedValue().serve()
      }, Unmanaged.passUnretained(self).toOpaque())
    require(created == 0, "the kernel thread cannot be started: error \(created)")
    pthread_detach(thread)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    pthread_mutex_lock(mutex)
    queue.append(job)
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  private func serve() -> Never {
    while true {
      pthread_mutex_lock(mutex)
      while queue.isEmpty { pthread_cond_wait(condition, mutex) }
      let job = queue.removeFirst()
      pthread_mutex_unlock(mutex)
      job.runSynchronously(on: asUnownedSerialExecutor())
    }
  }
}

/// Isolation to the kernel thread: sessions live and run here.
@globalActor
package actor KernelActor {
  package static let shared = KernelActor()

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    KernelThread.shared.asUnownedSerialExecutor()
  }
}

/// How many threads kernels run on.
package enum KernelTeam {
  /// The number that OpenMP chooses: the processors, or what `OMP_NUM_THREADS` says.
  package static let defaultThreads = Int(fovea_threads())

  /// Sets the team of the calling thread: what it compiles and runs from now on uses it.
  package static func use(threads: Int) {
    // Asked once before any thread's own number is set, which OpenMP would report from then on.
    _ = defaultThreads
    fovea_set_threads(Int32(threads))
  }
}
