import FoveaArray
import FoveaData
import FoveaMetrics
package import FoveaRuns

/// Whether a run's network is known to do better than always saying one class.
///
/// A map can be true to a network that knows nothing: it uses some places, as any function does. What they
/// are then tells nobody anything, so highlights of such a network are not judged.
package struct NetworkStanding: Sendable {
  /// Why highlights are not judged, as a sentence without a full stop; `nil` where they are.
  package let doubt: String?
  /// What is said of it once for the run; `nil` where there is nothing to say.
  package let note: String?

  /// What the validation part of a run tells: Wilson's interval of the accuracy of the kept epoch must lie
  /// above the share of the part's commonest class. Where the kept epoch is the best of several on the part,
  /// the interval allows for it: on labels in random order the best of ten is better than chance too often.
  package init(_ configuration: RunConfiguration) {
    guard configuration.data.validationCount > 0 else {
      self.init(unknown: "it was trained without a validation part")
      return
    }
    guard let counts = configuration.data.validationClassCounts,
      let most = counts.indices.max(by: { (counts[$0], -$0) < (counts[$1], -$1) }),
      let accuracy = configuration.keptEpoch?.validationAccuracy, counts[most] > 0
    else {
      self.init(unknown: "the run does not say how common the classes of its validation part are")
      return
    }
    let total = counts.reduce(0, +)
    let share = Double(counts[most]) / Double(total)
    let right = min(max(Int((accuracy * Double(total)).rounded()), 0), total)
    let interval = ConfidenceInterval.wilson(
      successes: right, trials: total, bestOf: configuration.comparedEpochs)
    guard interval.lower <= share else {
      self.init(doubt: nil, note: nil)
      return
    }
    let label = configuration.classifier.classes[most]
    let doubt = "the network is not shown to be better than always saying \(label)"
    let parts =
      "\(NumberText.count(total)) validation \(configuration.classifier.input.medium.nouns)"
    let choice =
      configuration.comparedEpochs == 1
      ? "" : " for the best of \(NumberText.count(configuration.comparedEpochs, "epoch"))"
    self.init(
      doubt: doubt,
      note: "Highlights are not judged: \(doubt), as far as \(parts) tell (right in "
        + "\(NumberText.percent(accuracy)), 95 % interval "
        + "\(NumberText.percentRange(interval.lower, interval.upper))\(choice); always saying \(label) is right "
        + "in \(NumberText.percent(share))).")
  }

  private init(unknown reason: String) {
    self.init(
      doubt: nil,
      note:
        "Highlights are judged by their own scores alone: whether the network is better than always "
        + "saying one class is not known, as \(reason).")
  }

  private init(doubt: String?, note: String?) {
    self.doubt = doubt
    self.note = note
  }
}

extension RunConfiguration {
  /// Epochs of which the kept one is the best on the validation part, at most.
  fileprivate var comparedEpochs: Int {
    guard training.keepsBest, let kept = keptEpoch?.epoch else { return 1 }
    let stopped =
      training.patience > 0
      ? min(training.epochs, kept.addingReportingOverflow(training.patience).partialValue)
      : training.epochs
    return max(stopped, 1)
  }
}
