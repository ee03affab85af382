import FoundationEssentials
import FoveaArray
import FoveaMetrics
import Testing

/// Golden numbers: `Tests/References/statistics.py`, from the definitions.
struct ClassificationReportTests {
  let labels = [2, 0, 0, 0, 0, 2, 2, 1, 0, 0, 0, 1]
  /// Probabilities in sixty-fourths: exact in float32, two of the rows with ties.
  let sixtyFourths: [[Float]] = [
    [22, 13, 28], [19, 19, 25], [31, 9, 24], [28, 28, 8], [38, 8, 18], [7, 2, 55], [7, 15, 42],
    [6, 36, 22], [36, 10, 17], [20, 42, 2], [6, 29, 29], [13, 35, 16],
  ]
  let names = ["cat", "dog", "owl"]

  func report() throws -> ClassificationReport {
    try ClassificationReport(
      classNames: names, labels: labels,
      probabilities: sixtyFourths.map { row in row.map { $0 / 64 } })
  }

  @Test func reportAgreesWithTheDefinitions() throws {
    let report = try report()
    #expect(report.itemCount == 12)
    #expect(report.accuracy == 0.75)
    #expect(report.accuracyInterval == .wilson(successes: 9, trials: 12))
    #expect(report.confusion.counts == [[4, 2, 1], [0, 2, 0], [0, 0, 3]])
    #expect(report.classes.map(\.name) == names)
    #expect(report.classes.map(\.support) == [7, 2, 3])
    #expect(report.classes.map(\.predicted) == [4, 4, 4])
    let recalls: [Double?] = [4.0 / 7, 1, 1]
    let f1s: [Double?] = [8.0 / 11, 2.0 / 3, 6.0 / 7]
    #expect(report.classes.map(\.precision) == [1, 0.5, 0.75])
    #expect(report.classes.map(\.recall) == recalls)
    #expect(report.classes.map(\.f1) == f1s)
    expectClose(report.macroPrecision, 0.75)
    expectClose(report.macroRecall, 18.0 / 21)
    expectClose(report.macroF1, 520.0 / 693)
    expectClose(report.expectedCalibrationError, 0.3138020833333333)
    expectClose(report.negativeLogLikelihood, 0.8309412626573468)
  }

  @Test func undefinedSharesAreAbsentNotZero() throws {
    // Class 1 is never called so, class 2 never occurs, class 3 neither.
    let confusion = Confusion(truth: [0, 0, 1, 0], predicted: [0, 0, 0, 2], classCount: 4)
    let report = try ClassificationReport(classNames: ["a", "b", "c", "d"], confusion: confusion)
    let precisions: [Double?] = [2.0 / 3, nil, 0, nil]
    let specificities: [Double?] = [0, 1, 0.75, 1]
    let recalls: [Double?] = [2.0 / 3, 0, nil, nil]
    let f1s: [Double?] = [2.0 / 3, 0, 0, nil]
    #expect(report.classes.map(\.precision) == precisions)
    #expect(report.classes.map(\.recall) == recalls)
    #expect(report.classes.map(\.f1) == f1s)
    #expect(report.classes.map(\.specificity) == specificities)
    #expect(report.commonestClass == "a" && report.commonestShare == 0.75)
    // A class that exists and is never called so counts as 0, in the mean of precisions as in that of F₁.
    expectClose(report.macroPrecision, 2.0 / 9)
    expectClose(report.macroRecall, 1.0 / 3)
    expectClose(report.macroF1, 2.0 / 9)
    #expect(report.expectedCalibrationError == nil)
    #expect(report.negativeLogLikelihood == nil)
  }

  @Test func eachClassIsToldFromTheRest() throws {
    let cat = try report().classes[0]
    // 4 of 7 cats are found, and none of the other 5 is called a cat.
    #expect(cat.sensitivity == cat.recall && cat.specificity == 1)
    #expect(cat.sensitivityInterval == .wilson(successes: 4, trials: 7))
    #expect(cat.specificityInterval == .wilson(successes: 5, trials: 5))
    let own = labels.indices.filter { labels[$0] == 0 }.map { Double(sixtyFourths[$0][0]) }
    let others = labels.indices.filter { labels[$0] != 0 }.map { Double(sixtyFourths[$0][0]) }
    let area = try AreaUnderCurve(positives: own, negatives: others)
    #expect(cat.areaUnderCurve == area)
    // Two dogs are too few for an interval of the area.
    #expect(try report().classes[1].areaUnderCurve?.interval == nil)
    #expect(try report().calibration == nil)
  }

  /// Ten copies of each item tell no more than the items.
  @Test func copiesInOneGroupMakeNoIntervalNarrower() throws {
    func copied(_ groups: [String?]?) throws -> ClassificationReport {
      try ClassificationReport(
        classNames: names, labels: labels.flatMap { [Int](repeating: $0, count: 10) },
        probabilities: sixtyFourths.flatMap { row in
          [[Float]](repeating: row.map { $0 / 64 }, count: 10)
        }, groups: groups)
    }
    let grouped = try copied((0..<120).map { "patient \($0 / 10)" })
    let alone = try copied(nil)
    #expect(grouped.groupCount == 12 && alone.groupCount == nil && grouped.accuracy == 0.75)
    func width(_ report: ClassificationReport) -> Double {
      report.accuracyInterval.upper - report.accuracyInterval.lower
    }
    let single = width(try report())
    #expect(width(alone) < 0.16 && width(grouped) > 0.95 * single)
    let wide = try #require(grouped.classes[0].areaUnderCurve?.standardError)
    let narrow = try #require(alone.classes[0].areaUnderCurve?.standardError)
    #expect(wide > 2.5 * narrow)
  }

  @Test func jsonHasTheKeysThatTheCommandPromises() throws {
    let report = try report()
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(ClassificationReport.self, from: data) == report)
    let text = String(decoding: data, as: UTF8.self)
    for key in [
      "itemCount", "accuracy", "accuracyInterval", "classes", "macroPrecision", "macroRecall",
      "macroF1", "expectedCalibrationError", "negativeLogLikelihood", "lower", "upper", "name",
      "support", "predicted", "precision", "recall", "f1", "sensitivity", "sensitivityInterval",
      "specificity", "specificityInterval", "areaUnderCurve", "area", "macroSpecificity",
      "macroAreaUnderCurve", "commonestClass", "commonestShare",
    ] {
      #expect(text.contains("\"\(key)\":"), "\(key)")
    }
    #expect(text.contains("\"confusion\":[[4,2,1],[0,2,0],[0,0,3]]"))
  }

  @Test func aConfusionReadFromAFileMustBeSquare() {
    #expect(throws: InputError.self) {
      try JSONDecoder().decode(Confusion.self, from: Data("[[1,2],[3]]".utf8))
    }
    #expect(throws: InputError.self) {
      try JSONDecoder().decode(Confusion.self, from: Data("[[1,2],[3,-1]]".utf8))
    }
  }

  @Test func nothingToEvaluateIsAnError() {
    #expect(throws: InputError("there is no item to evaluate")) {
      try ClassificationReport(classNames: names, labels: [], probabilities: [])
    }
  }

  @Test(arguments: [Float.nan, -0.1, 1.5, .infinity])
  func aDivergedModelIsAnErrorThatNamesTheItem(value: Float) throws {
    let error = try #require(throws: InputError.self) {
      try ClassificationReport(
        classNames: ["cat", "dog"], labels: [0, 1], probabilities: [[0.5, 0.5], [0.5, value]])
    }
    #expect(error.problem.contains("item 2"))
    #expect(error.problem.contains("class dog"))
  }
}

struct CalibrationTests {
  @Test func binsAreClosedAbove() {
    // 0.2 is the upper end of bin 3 of 15, 0.21 in bin 4: two bins of one item each.
    expectClose(
      Calibration.expectedError(confidences: [0.2, 0.21], correct: [true, false]),
      (0.8 + 0.21) / 2)
    // In one bin the surplus of one item makes up for the other's.
    expectClose(
      Calibration.expectedError(confidences: [0.19, 0.2], correct: [true, false]),
      abs(1 - 0.39) / 2)
  }

  @Test func theNumberOfBinsMatters() {
    let confidences = [0.2, 0.9]
    let correct = [true, false]
    expectClose(
      Calibration.expectedError(confidences: confidences, correct: correct, bins: 1), 0.05)
    expectClose(
      Calibration.expectedError(confidences: confidences, correct: correct, bins: 2), 0.85)
  }

  @Test func endsOfTheScale() {
    expectClose(Calibration.expectedError(confidences: [0, 1], correct: [false, true]), 0)
    expectClose(Calibration.expectedError(confidences: [1, 1], correct: [false, false]), 1)
    #expect(Calibration.expectedError(confidences: [], correct: []) == nil)
  }

  @Test func anUnderflownProbabilityStaysFinite() throws {
    expectClose(
      Calibration.negativeLogLikelihood(ofTrueLabels: [0]), 87.33654475055310, tolerance: 1e-10)
    #expect(Calibration.negativeLogLikelihood(ofTrueLabels: []) == nil)
  }
}

/// The numbers are the same up to rounding in the last digits.
func expectClose(
  _ value: Double?, _ expected: Double, tolerance: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let value else {
    Issue.record("there is no number; expected \(expected)", sourceLocation: sourceLocation)
    return
  }
  #expect(
    abs(value - expected) <= tolerance * max(abs(expected), 1), sourceLocation: sourceLocation)
}
