import Fovea
import FoveaArray

/// Shows training on the console: a bar on a terminal, else a line an epoch.
struct TrainingDisplay: Sendable {
  let console: Console
  /// What stands before each line: which training of several this is.
  var prefix = ""

  func show(_ event: TrainingRun.Event) {
    switch event {
    case .note(let line): console.note(line)
    case .training(let event): show(event)
    }
  }

  func showReading(_ done: Int, _ total: Int) {
    console.bar("reading \(NumberText.count(done)) of \(NumberText.count(total))")
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .reading(let done, let total): showReading(done, total)
    case .checking(let done, let total):
      console.bar("looking for trouble: \(NumberText.count(done)) of \(NumberText.count(total))")
    case .began(let seconds):
      console.note("\(prefix)This takes \(Self.estimate(seconds)) at most.")
    case .batch(let progress): console.bar(bar(progress))
    case .epoch(let record, let isBest): console.note(line(record, isBest: isBest))
    case .note(let text): console.note(text)
    case .stoppedEarly(let epochs):
      console.note(
        "\(prefix)Stopped early: nothing got better for \(NumberText.count(epochs, "epoch")).")
    case .diverged(let divergence):
      // Where nothing is kept, that is the error in which training ends.
      if divergence.keptEpoch != nil { console.note(prefix + divergence.note) }
    case .evaluating(let count):
      console.bar("\(prefix)measuring on \(NumberText.count(count))")
    case .explaining(let done, let total):
      if done == 0 { console.note("\(prefix)Finding out where the network looks …") }
      console.bar(
        "\(prefix)where the network looks: \(NumberText.count(done)) of \(NumberText.count(total))")
    case .writingReport: console.bar("\(prefix)writing the report")
    }
  }

  /// `about 2 min 5 s`; an estimate is no better than that.
  static func estimate(_ seconds: Double) -> String {
    seconds < 1 ? "about a second" : "about \(NumberText.duration(seconds.rounded()))"
  }

  func bar(_ progress: TrainingProgress) -> String {
    let width = 20
    let done = progress.batch * width / max(progress.batches, 1)
    let bar = String(repeating: "=", count: done) + String(repeating: " ", count: width - done)
    return """
      \(prefix)epoch \(progress.epoch)/\(progress.epochs) [\(bar)] \
      loss \(NumberText.fixed(progress.loss, decimals: 3))  \
      accuracy \(NumberText.percent(progress.accuracy))  \
      \(NumberText.count(Int(progress.examplesPerSecond))) a second  \
      \(NumberText.duration(progress.secondsLeft)) left
      """
  }

  private func line(_ record: EpochRecord, isBest: Bool) -> String {
    var text = """
      \(prefix)epoch \(record.epoch): loss \(NumberText.fixed(record.trainingLoss, decimals: 3)), \
      accuracy \(NumberText.percent(record.trainingAccuracy))
      """
    if let accuracy = record.validationAccuracy, let loss = record.validationLoss {
      text += "; validation loss \(NumberText.fixed(loss, decimals: 3)), accuracy "
      text += NumberText.percent(accuracy) + (isBest ? ", the best so far" : "")
    }
    var time = NumberText.duration(record.seconds)
    if let waited = record.waitedSeconds, record.seconds > 0 {
      time += ", \(NumberText.percent(waited / record.seconds)) of it waiting for data"
    }
    return text + " (\(time))"
  }
}
