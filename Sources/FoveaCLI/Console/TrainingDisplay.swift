import Fovea
import FoveaArray

/// Shows training on the console: a bar on a terminal, else a line an epoch.
struct TrainingDisplay: Sendable {
  let console: Console
  /// What stands before each line: which training of several this is.
  var prefix = ""
  /// What is left, from what it has taken so far.
  let clock = TrainingClock()

  func show(_ event: TrainingRun.Event) {
    switch event {
    case .note(let line): console.note(line)
    case .training(let event): show(event)
    }
  }

  func showReading(_ done: Int, _ total: Int) { showPhase("reading", done, total) }

  /// A bar of what is counted, and how long the rest of it takes.
  private func showPhase(_ name: String, _ done: Int, _ total: Int) {
    let left = clock.secondsLeft(of: name, done, total)
    console.bar(
      "\(prefix)\(name) \(Self.bar(done, of: total)) \(NumberText.count(done)) of "
        + NumberText.count(total)
        + (left.map { "  \(NumberText.duration($0.rounded(.up))) left" } ?? ""))
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .reading(let done, let total): showReading(done, total)
    case .checking(let done, let total): showPhase("looking for trouble", done, total)
    case .began(let estimate):
      clock.begin(estimate)
      console.note("\(prefix)This takes \(Self.text(estimate)).")
    case .batch(let progress): console.bar(bar(progress))
    case .epoch(let record, let isBest):
      clock.endEpoch(seconds: record.seconds)
      console.note(line(record, isBest: isBest))
    case .note(let text): console.note(text)
    case .stoppedEarly(let epochs):
      console.note(
        "\(prefix)Stopped early: no epoch was better for \(NumberText.count(epochs, "epoch")).")
    case .diverged(let divergence):
      // Where nothing is kept, that is the error in which training ends.
      if divergence.keptEpoch != nil { console.note(prefix + divergence.note) }
    case .evaluating(let count):
      console.bar("\(prefix)measuring on \(NumberText.count(count))")
    case .explaining(let done, let total):
      if done == 0 { console.note("\(prefix)Finding out where the network looks …") }
      showPhase("where the network looks", done, total)
    case .writingReport: console.bar("\(prefix)writing the report")
    }
  }

  /// `40 s to 2 min 5 s: 6 to 30 epochs of about 3.1 s, then about 12 s`.
  static func text(_ estimate: TrainingEstimate) -> String {
    let epochs = estimate.epochs
    let count =
      epochs.lowerBound == epochs.upperBound
      ? NumberText.count(epochs.upperBound, "epoch")
      : "\(NumberText.count(epochs.lowerBound)) to \(NumberText.count(epochs.upperBound, "epoch"))"
    return
      "\(range(estimate.seconds)): \(count) of about \(NumberText.duration(estimate.epochSeconds))"
      + (estimate.laterSeconds >= 1
        ? ", then about \(NumberText.duration(estimate.laterSeconds.rounded()))" : "")
  }

  /// `40 s to 2 min 5 s`; a time told beforehand is no better than a range.
  static func range(_ seconds: ClosedRange<Double>) -> String {
    let upper = NumberText.duration(max(seconds.upperBound.rounded(.up), 1))
    let lower = NumberText.duration(seconds.lowerBound.rounded(.down))
    return seconds.lowerBound < 1 || lower == upper ? "up to \(upper)" : "\(lower) to \(upper)"
  }

  private static func bar(_ done: Int, of total: Int, width: Int = 20) -> String {
    let filled = min(max(done, 0), total) * width / max(total, 1)
    return "[" + String(repeating: "=", count: filled)
      + String(repeating: " ", count: width - filled) + "]"
  }

  func bar(_ progress: TrainingProgress) -> String {
    """
    \(prefix)epoch \(progress.epoch)/\(progress.epochs) \
    \(Self.bar(progress.batch, of: progress.batches, width: 10)) \
    loss \(NumberText.fixed(progress.loss, decimals: 3))  \
    accuracy \(NumberText.percent(progress.accuracy))  \
    \(NumberText.count(Int(progress.examplesPerSecond)))/s  \
    \(NumberText.duration(clock.secondsLeft(at: progress).rounded(.up))) left
    """
  }

  private func line(_ record: EpochRecord, isBest: Bool) -> String {
    var text = """
      \(prefix)epoch \(record.epoch): loss \(NumberText.fixed(record.trainingLoss, decimals: 3)), \
      accuracy \(NumberText.percent(record.trainingAccuracy))
      """
    if let accuracy = record.validationAccuracy, let loss = record.validationLoss {
      text += "; validation loss \(NumberText.fixed(loss, decimals: 3)), accuracy "
      text += NumberText.percent(accuracy) + (isBest ? ", the best epoch so far" : "")
    }
    var time = NumberText.duration(record.seconds)
    // Said where it is worth doing something about.
    if let waited = record.waitedSeconds, waited > 0.2 * record.seconds, waited > 0.1 {
      time += ", \(NumberText.percent(waited / record.seconds)) of it waiting for data"
    }
    return text + " (\(time))"
  }
}
