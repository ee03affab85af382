import Fovea
import FoveaArray

/// Shows a comparison on the console: which training of how many, and each one's result.
struct StudyDisplay: Sendable {
  let console: Console
  var prefix = ""

  func show(_ event: StudyRun.Event) {
    switch event {
    case .note(let line): console.note(line)
    case .phase(let event): TrainingDisplay(console: console, prefix: prefix).show(event)
    case .study(.began(let arm, let seed, let number, let count)):
      console.note("\(prefix)Training \(number) of \(count): \(arm.rawValue), seed \(seed)")
    case .study(.training(.batch(let progress))):
      console.bar(TrainingDisplay(console: console, prefix: prefix).bar(progress))
    case .study(.training(.began(let seconds))):
      console.note("\(prefix)  \(TrainingDisplay.estimate(seconds))")
    case .study(.training(.diverged(let divergence))):
      console.note("\(prefix)  \(divergence.note)")
    case .study(.training): break
    case .study(.beganControl(let name, let seed, let number, let count)):
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
