package import FoveaData

/// What the validation part chose of a network: a result on that part is the better for it.
package struct ValidationChoice: Hashable, Sendable {
  /// Whether it chose which of several epochs is kept.
  package let choseEpoch: Bool
  /// Whether a temperature of probabilities was fitted on it.
  package let choseTemperature: Bool

  package init(choseEpoch: Bool, choseTemperature: Bool) {
    self.choseEpoch = choseEpoch
    self.choseTemperature = choseTemperature
  }

  /// What it chose of a run that trained so many epochs.
  package init(of configuration: RunConfiguration, epochs: Int) {
    self.init(
      choseEpoch: configuration.training.keepsBest && epochs > 1
        && configuration.data.validationCount > 0,
      choseTemperature: configuration.keptEpoch?.temperature != nil)
  }

  /// What a result on it is worth, where there is no test part.
  package func caveat(of medium: Medium) -> String {
    let these = "There is no test part. These \(medium.nouns) chose"
    guard choseEpoch else {
      return choseTemperature
        ? "\(these) the temperature of probabilities, which will probably fit new \(medium.nouns) a little "
          + "worse."
        : "\(these) nothing."
    }
    let chosen = choseTemperature ? "the epoch and the temperature of probabilities" : "the epoch"
    return "\(these) \(chosen), so new \(medium.nouns) will probably fare a little worse."
  }
}
