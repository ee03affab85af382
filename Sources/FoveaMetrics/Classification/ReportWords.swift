import FoveaArray

extension ClassificationReport {
  /// What is said of the calibration, in a sentence; `nil` without probabilities.
  package var calibrationSentence: String? {
    guard let error = expectedCalibrationError else { return nil }
    let sentence = "Expected calibration error \(NumberText.percent(error))"
    guard let calibration else {
      return sentence + ", without an interval, which needs "
        + "\(NumberText.count(CalibrationInterval.fewestUnits)) items or groups."
    }
    let range = calibration.interval
    return sentence + ", 95 % interval \(NumberText.percentRange(range.lower, range.upper)); right "
      + "probabilities would show up to \(NumberText.percent(calibration.chance)) by chance."
  }
}

extension CalibrationChange {
  /// What it does, as a sentence.
  package var sentence: String {
    "Probabilities are calibrated by the temperature \(NumberText.fixed(temperature, decimals: 2)), fitted "
      + "on the validation part: their expected error is \(NumberText.percent(errorAfter)), "
      + "\(NumberText.percent(errorBefore)) without."
  }
}

extension AreaUnderCurve {
  /// `0.912`
  package var text: String { NumberText.fixed(area, decimals: 3) }

  /// `0.870–0.943`; `nil` where there is no interval.
  package var intervalText: String? {
    interval.map {
      "\(NumberText.fixed($0.lower, decimals: 3))–\(NumberText.fixed($0.upper, decimals: 3))"
    }
  }
}

extension WordErrors {
  /// What must be said wherever errors are told apart by kind.
  package static let kindsAreNotUnique =
    "Only the number of errors is unique: which of them are substitutions, deletions or insertions is one of "
    + "several ways to count the same errors."
}
