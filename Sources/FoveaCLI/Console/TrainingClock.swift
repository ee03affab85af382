import Fovea
import Synchronization

/// What is left of a training, told anew from what it has taken so far.
final class TrainingClock: Sendable {
  private struct State {
    var estimate: TrainingEstimate?
    /// Seconds of the epochs that are done.
    var epochs: [Double] = []
    /// What is counted now, and since when.
    var phase = ""
    var began = ContinuousClock.now
    var first = 0
  }

  private let state = Mutex(State())

  func begin(_ estimate: TrainingEstimate) {
    state.withLock { state in (state.estimate, state.epochs) = (estimate, []) }
  }

  func endEpoch(seconds: Double) { state.withLock { $0.epochs.append(seconds) } }

  /// Seconds until all is done, without stopping early: of epochs at the pace of those that are done, before
  /// that of this one; what follows as much slower than it was told as epochs are.
  func secondsLeft(at progress: TrainingProgress) -> Double {
    state.withLock { state in
      let told = state.estimate?.epochSeconds ?? 0
      let done = Double(progress.batch) / Double(max(progress.batches, 1))
      let epochs = Double(progress.epochs - progress.epoch + 1) - done
      let trained = progress.secondsLeft / max(epochs, 1e-9)
      let pace =
        state.epochs.isEmpty
        ? max(trained, min(told, 2 * trained))
        : state.epochs.reduce(0, +) / Double(state.epochs.count)
      return epochs * pace + later(state, pace: pace)
    }
  }

  private func later(_ state: State, pace: Double) -> Double {
    guard let estimate = state.estimate, estimate.epochSeconds > 0 else { return 0 }
    // A busy machine slows all; a wrong measurement of steps says nothing of what follows.
    return estimate.laterSeconds * min(max(pace / estimate.epochSeconds, 0.5), 4)
  }

  /// Seconds until the last of what is counted is done, at the pace so far; `nil` within the first second.
  func secondsLeft(of phase: String, _ done: Int, _ total: Int) -> Double? {
    state.withLock { state in
      if state.phase != phase || done < state.first {
        (state.phase, state.began, state.first) = (phase, .now, done)
      }
      let passed = (ContinuousClock.now - state.began).seconds
      let counted = done - state.first
      guard passed >= 1, counted > 0 else { return nil }
      return passed / Double(counted) * Double(total - done)
    }
  }
}
