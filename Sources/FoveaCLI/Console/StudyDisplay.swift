import Fovea
import FoveaArray
import Synchronization

/// Shows a comparison on the console: which training of how many, and each one's result.
final class StudyDisplay: Sendable {
  private let console: Console
  private let prefix: String
  private let training: TrainingDisplay
  /// Trainings that are left with the one under way.
  private let left = Mutex(0)

  init(console: Console, prefix: String = "") {
    self.console = console
    self.prefix = prefix
    training = TrainingDisplay(console: console, prefix: prefix)
  }

  func show(_ event: StudyRun.Event) {
    switch event {
    case .note(let line): console.note(line)
    case .phase(let event): training.show(event)
    case .study(.began(let arm, let seed, let number, let count)):
      left.withLock { $0 = count - number + 1 }
      console.note("\(prefix)Training \(number) of \(count): \(arm.rawValue), seed \(seed)")
    case .study(.training(.batch(let progress))):
      console.bar(training.bar(progress))
    case .study(.training(.began(let estimate))):
      training.clock.begin(estimate)
      console.note("\(prefix)  \(TrainingDisplay.text(estimate))")
      let count = left.withLock { $0 }
      if count > 1 {
        let (lower, upper) = (estimate.seconds.lowerBound, estimate.seconds.upperBound)
        let all = TrainingDisplay.range(lower * Double(count)...upper * Double(count))
        console.note("\(prefix)  with the \(NumberText.count(count - 1)) after it \(all)")
      }
    case .study(.training(.epoch(let record, _))):
      training.clock.endEpoch(seconds: record.seconds)
    case .study(.training(.diverged(let divergence))):
      console.note("\(prefix)  \(divergence.note)")
    case .study(.training): break
    case .study(.beganControl(let name, let seed, let number, let count)):
      left.withLock { $0 = count - number + 1 }
      console.note("\(prefix)Training \(number) of \(count): \(name) as control, seed \(seed)")
    case .study(.ended(_, _, let evaluation)), .study(.endedControl(_, _, let evaluation)):
      let result =
        evaluation.map { evaluation in
          evaluation.wordErrorRate.map { "word error rate \(NumberText.percent($0))" }
            ?? "test accuracy \(NumberText.percent(evaluation.accuracy))"
        } ?? "no answers: it counts as wrong on every item"
      console.note("\(prefix)  \(result)")
    }
  }
}
