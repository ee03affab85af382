import FoveaArray

/// What an evaluation says: accuracy with its interval, each class, the confusion, calibration.
public struct ClassificationReport: Hashable, Sendable, Codable {
  /// One class.
  public struct ClassResult: Hashable, Sendable, Codable {
    /// The class's name.
    public let name: String
    /// How many items are of this class.
    public let support: Int
    /// How many items were called so.
    public let predicted: Int
    /// Of the items called so, the share that is; absent where none was called so.
    public let precision: Double?
    /// Of the class's items, the share that was found; absent where there is none.
    public let recall: Double?
    /// 2 TP / (2 TP + FP + FN); absent where no item is of the class or called so.
    public let f1: Double?
  }

  /// How many items were evaluated.
  public let itemCount: Int
  /// The share of items whose most probable class is the true one.
  public let accuracy: Double
  /// Wilson's 95 % interval for the accuracy on new items of the same kind.
  public let accuracyInterval: ConfidenceInterval
  /// The classes in the order of the model's outputs.
  public let classes: [ClassResult]
  /// The mean of the precisions that are defined; absent where none is.
  ///
  /// A class that is never called so has none and is left out here, but not from `macroF1`.
  public let macroPrecision: Double?
  /// The mean of the recalls that are defined (the balanced accuracy); absent where none is.
  public let macroRecall: Double?
  /// The mean of the F₁ that are defined; absent where none is.
  public let macroF1: Double?
  /// `Calibration.expectedError` with 15 bins; absent where no probabilities were given.
  public let expectedCalibrationError: Double?
  /// The mean −log p of the true classes in nats; absent where no probabilities were given.
  public let negativeLogLikelihood: Double?
  /// Rows are true classes, columns predicted ones, in the order of `classes`.
  public let confusion: Confusion

  /// The report of counted results, without probabilities.
  ///
  /// - Throws: `InputError` where no item was counted. Names and matrix of different sizes are a
  ///   programmer's mistake and trap.
  public init(classNames: [String], confusion: Confusion) throws {
    try self.init(classNames: classNames, confusion: confusion, calibration: nil, likelihood: nil)
  }

  /// The report of items with these true classes and predicted probabilities.
  ///
  /// - Parameters:
  ///   - classNames: names in the order of the model's outputs.
  ///   - labels: the true class of each item, an index into `classNames`.
  ///   - probabilities: for each item one probability a class. The largest is the prediction, the
  ///     first of equals.
  /// - Throws: `InputError` without items, or where a probability is not within 0…1 (a model whose
  ///   training diverged gives NaN). Sizes that disagree are a programmer's mistake and trap.
  public init(classNames: [String], labels: [Int], probabilities: [[Float]]) throws {
    require(
      labels.count == probabilities.count,
      "report: \(labels.count) labels, \(probabilities.count) rows of probabilities")
    var predicted: [Int] = []
    var confidences: [Double] = []
    var ofTruth: [Double] = []
    for (item, row) in probabilities.enumerated() {
      require(
        row.count == classNames.count,
        "report: item \(item) has \(row.count) probabilities for \(classNames.count) classes")
      var top = 0
      for (index, probability) in row.enumerated() {
        // Softmax in float32 may round to just above 1.
        guard probability >= 0 && probability <= 1.0001 else {
          throw InputError(
            "the model gives item \(item + 1) a probability of \(probability) for class"
              + " \(classNames[index])",
            advice: "Its training may have diverged; try a smaller learning rate")
        }
        if probability > row[top] { top = index }
      }
      predicted.append(top)
      confidences.append(min(Double(row[top]), 1))
      ofTruth.append(min(Double(row[labels[item]]), 1))
    }
    let correct = zip(labels, predicted).map { $0 == $1 }
    try self.init(
      classNames: classNames,
      confusion: Confusion(truth: labels, predicted: predicted, classCount: classNames.count),
      calibration: Calibration.expectedError(confidences: confidences, correct: correct),
      likelihood: Calibration.negativeLogLikelihood(ofTrueLabels: ofTruth))
  }

  private init(
    classNames: [String], confusion: Confusion, calibration: Double?, likelihood: Double?
  ) throws {
    require(
      classNames.count == confusion.classCount,
      "report: \(classNames.count) names for \(confusion.classCount) classes")
    guard let accuracy = confusion.accuracy else {
      throw InputError("there is no item to evaluate")
    }
    itemCount = confusion.total
    self.accuracy = accuracy
    accuracyInterval = .wilson(successes: confusion.correct, trials: confusion.total)
    classes = classNames.enumerated().map { index, name in
      ClassResult(
        name: name, support: confusion.support(of: index),
        predicted: confusion.predictions(of: index), precision: confusion.precision(of: index),
        recall: confusion.recall(of: index), f1: confusion.f1(of: index))
    }
    macroPrecision = Self.mean(classes.compactMap(\.precision))
    macroRecall = Self.mean(classes.compactMap(\.recall))
    macroF1 = Self.mean(classes.compactMap(\.f1))
    expectedCalibrationError = calibration
    negativeLogLikelihood = likelihood
    self.confusion = confusion
  }

  private static func mean(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }
}
