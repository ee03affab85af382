import FoveaArray

/// What an evaluation says: accuracy with its interval, each class, the confusion, calibration.
///
/// Intervals are about this trained network on other items of the kind. They do not cover what training
/// again, or on another training set, would change.
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
    /// The recall under its clinical name.
    public let sensitivity: Double?
    /// The 95 % interval of the sensitivity, as that of the accuracy.
    public let sensitivityInterval: ConfidenceInterval?
    /// Of the items of other classes, the share that was not called so; absent where there is none.
    public let specificity: Double?
    /// Its 95 % interval.
    public let specificityInterval: ConfidenceInterval?
    /// 2 TP / (2 TP + FP + FN); absent where no item is of the class or called so.
    public let f1: Double?
    /// How well the class's probability tells its items from all others; absent where there are no others,
    /// none of its own, or no probabilities.
    public let areaUnderCurve: AreaUnderCurve?
  }

  /// How many items were evaluated.
  public let itemCount: Int
  /// How many groups of items that belong together there are; absent where items have no groups. Intervals
  /// are over groups then.
  public let groupCount: Int?
  /// The share of items whose most probable class is the true one.
  public let accuracy: Double
  /// The 95 % interval for the accuracy on new items of the same kind: Wilson's, or that of a share over
  /// groups. From a single group nothing follows: 0…1.
  public let accuracyInterval: ConfidenceInterval
  /// The class that most of the items have, the first of equals.
  public let commonestClass: String
  /// Its share: how often who always says it is right.
  public let commonestShare: Double
  /// The classes in the order of the model's outputs.
  public let classes: [ClassResult]
  /// The mean of the precisions of classes that an item has or is called, as of the F₁.
  ///
  /// A class that exists and is never called so counts as 0 in both.
  public let macroPrecision: Double?
  /// The mean of the recalls that are defined (the balanced accuracy); absent where none is.
  public let macroRecall: Double?
  /// The mean of the specificities that are defined; absent where none is.
  public let macroSpecificity: Double?
  /// The mean of the F₁ that are defined; absent where none is.
  public let macroF1: Double?
  /// The mean of the areas that are defined; absent where none is.
  public let macroAreaUnderCurve: Double?
  /// `Calibration.expectedError` with 15 bins; absent where no probabilities were given.
  public let expectedCalibrationError: Double?
  /// How far that can be trusted; absent with fewer than 50 items or groups.
  public let calibration: CalibrationInterval?
  /// The mean −log p of the true classes in nats; absent where no probabilities were given.
  public let negativeLogLikelihood: Double?
  /// Rows are true classes, columns predicted ones, in the order of `classes`.
  public let confusion: Confusion

  /// The report of counted results, without probabilities.
  ///
  /// - Throws: `InputError` where no item was counted. Names and matrix of different sizes are a
  ///   programmer's mistake and trap.
  public init(classNames: [String], confusion: Confusion) throws {
    try self.init(classNames, confusion, items: nil)
  }

  /// The report of items with these true classes and predicted probabilities.
  ///
  /// - Parameters:
  ///   - classNames: names in the order of the model's outputs.
  ///   - labels: the true class of each item, an index into `classNames`.
  ///   - probabilities: for each item one probability a class. The largest is the prediction, the
  ///     first of equals.
  ///   - groups: what each item belongs to, such as a patient; `nil` an item by itself.
  /// - Throws: `InputError` without items, or where a probability is not within 0…1 (a model whose
  ///   training diverged gives NaN). Sizes that disagree are a programmer's mistake and trap.
  public init(
    classNames: [String], labels: [Int], probabilities: [[Float]], groups: [String?]? = nil
  ) throws {
    require(
      labels.count == probabilities.count && (groups?.count ?? labels.count) == labels.count,
      "report: \(labels.count) labels, \(probabilities.count) rows of probabilities, "
        + "\(groups?.count ?? labels.count) groups")
    let predicted = try probabilities.enumerated().map { item, row in
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
      return top
    }
    try self.init(
      classNames,
      Confusion(truth: labels, predicted: predicted, classCount: classNames.count),
      items: Items(
        labels: labels, predicted: predicted, probabilities: probabilities,
        units: ItemGroups(groups ?? labels.map { _ in nil }),
        areGrouped: groups?.contains { $0 != nil } == true))
  }

  /// What is known of single items.
  private struct Items {
    let labels: [Int]
    let predicted: [Int]
    let probabilities: [[Float]]
    let units: ItemGroups
    let areGrouped: Bool

    /// The interval of how many of some items are right.
    func interval(
      _ isCounted: (Int) -> Bool, _ isRight: (Int) -> Bool
    ) -> ConfidenceInterval {
      let counted = labels.indices.map { isCounted($0) ? 1 : 0 }
      let right = labels.indices.map { isCounted($0) && isRight($0) ? 1 : 0 }
      return RatioInterval.share(units.sums(right), of: units.sums(counted))
    }

    /// One class against the rest by its probability; `nil` where one of the two has no item.
    func area(of index: Int) throws -> AreaUnderCurve? {
      let own = labels.indices.filter { labels[$0] == index }
      let others = labels.indices.filter { labels[$0] != index }
      guard !own.isEmpty && !others.isEmpty else { return nil }
      func scores(_ items: [Int]) -> [Double] { items.map { Double(probabilities[$0][index]) } }
      return try AreaUnderCurve(
        positives: scores(own), negatives: scores(others),
        belonging: areGrouped
          ? ItemGroups((own + others).map { String(units.indices[$0]) }) : nil)
    }
  }

  private init(_ classNames: [String], _ confusion: Confusion, items: Items?) throws {
    require(
      classNames.count == confusion.classCount,
      "report: \(classNames.count) names for \(confusion.classCount) classes")
    guard let accuracy = confusion.accuracy else {
      throw InputError("there is no item to evaluate")
    }
    /// Wilson's interval, or that over groups.
    func interval(
      _ right: Int, of count: Int, _ isCounted: (Items, Int) -> Bool,
      _ isRight: (Items, Int) -> Bool
    ) -> ConfidenceInterval? {
      guard count > 0 else { return nil }
      guard let items, items.areGrouped else { return .wilson(successes: right, trials: count) }
      return items.interval({ isCounted(items, $0) }, { isRight(items, $0) })
    }
    itemCount = confusion.total
    groupCount = items.flatMap { $0.areGrouped ? $0.units.count : nil }
    self.accuracy = accuracy
    accuracyInterval =
      interval(
        confusion.correct, of: confusion.total, { _, _ in true },
        { $0.labels[$1] == $0.predicted[$1] }) ?? ConfidenceInterval(0, 1)
    let supports = classNames.indices.map { confusion.support(of: $0) }
    let commonest = supports.indexOfLargest
    commonestClass = classNames[commonest]
    commonestShare = Double(supports[commonest]) / Double(confusion.total)
    classes = try classNames.enumerated().map { index, name in
      let (support, hits) = (supports[index], confusion.counts[index][index])
      let (predicted, others) = (
        confusion.predictions(of: index), confusion.total - supports[index]
      )
      return ClassResult(
        name: name, support: support, predicted: predicted,
        precision: confusion.precision(of: index), recall: confusion.recall(of: index),
        sensitivity: confusion.recall(of: index),
        sensitivityInterval: interval(
          hits, of: support, { $0.labels[$1] == index }, { $0.predicted[$1] == index }),
        specificity: confusion.specificity(of: index),
        specificityInterval: interval(
          others - predicted + hits, of: others, { $0.labels[$1] != index },
          { $0.predicted[$1] != index }),
        f1: confusion.f1(of: index), areaUnderCurve: try items?.area(of: index))
    }
    macroPrecision = Self.mean(
      classes.compactMap { $0.support + $0.predicted > 0 ? $0.precision ?? 0 : nil })
    macroRecall = Self.mean(classes.compactMap(\.recall))
    macroSpecificity = Self.mean(classes.compactMap(\.specificity))
    macroF1 = Self.mean(classes.compactMap(\.f1))
    macroAreaUnderCurve = Self.mean(classes.compactMap(\.areaUnderCurve?.area))
    self.confusion = confusion
    guard let items else {
      expectedCalibrationError = nil
      calibration = nil
      negativeLogLikelihood = nil
      return
    }
    let confidences = zip(items.probabilities, items.predicted).map { min(Double($0[$1]), 1) }
    let correct = zip(items.labels, items.predicted).map { $0 == $1 }
    expectedCalibrationError = Calibration.expectedError(
      confidences: confidences, correct: correct)
    calibration = CalibrationInterval(
      confidences: confidences, correct: correct, groups: items.units)
    negativeLogLikelihood = Calibration.negativeLogLikelihood(
      ofTrueLabels: zip(items.probabilities, items.labels).map { min(Double($0[$1]), 1) })
  }

  private static func mean(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }
}
