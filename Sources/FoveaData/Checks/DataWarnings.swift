import FoveaArray

/// Puts into sentences what a data report holds: the most serious first.
package enum DataWarnings {
  /// A class this many times as large as another is worth a word.
  static let notableImbalance = 5.0
  /// A class with fewer pictures is worth a word.
  static let fewPictures = 10

  static func of(
    _ parts: [DataReport.Part], _ exact: CopyReport, _ near: CopyReport, _ groups: [String],
    _ shift: ShiftCheck?, validationCopies: Int = 0, _ shortcut: ClassShortcut? = nil,
    setAside: Int? = nil
  ) -> [String] {
    let testCount = parts.count > 1 ? parts[1].pictureCount : 0
    var warnings = across(exact, near, testCount: testCount)
    guard let training = parts.first, let last = parts.last else { return warnings }
    // Where nothing is set aside, nothing is chosen by what the source would set aside.
    warnings += validation(
      copies: setAside == 0 ? 0 : validationCopies, of: training.validationCount)
    warnings += sides(groups) + shifted(shift) + told(shortcut) + contradictions(exact, near)
    warnings += needless(
      exact, near, of: training.pictureCount,
      isSplitAtRandom: training.validationCount == 0 && setAside != 0)
    warnings += parts.flatMap(broken) + classes(training)
    return warnings + few(last, isTest: parts.count > 1, setAside: setAside) + parts.flatMap(tiny)
  }

  /// What is to be minded of exact copies among examples of any medium, as of pictures.
  ///
  /// - Parameters:
  ///   - training: how many there are to train on, those for validation included.
  ///   - validation: how many of them the source sets aside.
  ///   - test: how many there are to test on.
  ///   - validationCopies: how many of those set aside have a copy among those trained on.
  ///   - setAside: how many are set aside, where that is known.
  static func ofCopies(
    _ exact: CopyReport, of medium: Medium, _ task: LearningTask, training: Int, validation: Int,
    test: Int, validationCopies: Int, setAside: Int?
  ) -> [String] {
    let none = CopyReport([])
    var warnings = across(exact, none, testCount: test, medium)
    warnings += self.validation(
      copies: setAside == 0 ? 0 : validationCopies, of: validation, medium)
    warnings += contradictions(exact, none, medium, task)
    return warnings
      + needless(
        exact, none, of: training, isSplitAtRandom: validation == 0 && setAside != 0, medium)
  }

  private static func validation(
    copies: Int, of count: Int, _ medium: Medium = .picture
  ) -> [String] {
    guard copies > 0 else { return [] }
    return [
      "\(NumberText.count(copies)) of \(NumberText.count(count, "validation \(medium.noun)")) "
        + "(\(NumberText.share(copies, of: count))) \(copies == 1 ? "has" : "have") an exact copy "
        + "among those trained on: the validation result will be too good."
    ]
  }

  private static func told(_ shortcut: ClassShortcut?) -> [String] {
    guard let shortcut else { return [] }
    func share(_ value: Double) -> String { "\(NumberText.fixed(100 * value, decimals: 0)) %" }
    return [
      "\(share(shortcut.share)) of class \(shortcut.name) are \(shortcut.look), and "
        + "\(share(shortcut.shareOfOthers)) of the others: a network may learn that in place of what "
        + "the pictures show."
    ]
  }

  /// Fewer pictures measure an accuracy to more than ±11 points.
  static let fewMeasured = 50

  /// - Parameter setAside: pictures for validation, where it is known how many.
  private static func few(
    _ part: DataReport.Part, isTest: Bool, setAside: Int?
  ) -> [String] {
    let known = setAside ?? (part.validationCount > 0 ? part.validationCount : nil)
    let count =
      isTest ? part.pictureCount : known ?? StratifiedSplit.tenth(of: part.classes.map(\.count))
    guard count > 0, count < fewMeasured else { return [] }
    let margin = 100 * 1.96 * (0.8 * 0.2 / Double(count)).squareRoot()
    let what =
      isTest
      ? "the test part"
      : known == nil ? "a tenth of each class, at least one, set aside" : "the validation part"
    return [
      "Results will rest on \(NumberText.count(count, "picture")) (\(what)): an accuracy of 80 % would be uncertain "
        + "by ±\(NumberText.fixed(margin, decimals: 0)) points."
    ]
  }

  private static func across(
    _ exact: CopyReport, _ near: CopyReport, testCount: Int, _ medium: Medium = .picture
  ) -> [String] {
    func text(_ count: Int, _ what: String) -> String {
      "\(NumberText.count(count)) of \(NumberText.count(testCount, "test \(medium.noun)")) "
        + "(\(NumberText.share(count, of: testCount))) \(what)"
    }
    var warnings: [String] = []
    let same = exact.testWithCopyInTraining
    if same > 0 {
      warnings.append(
        text(same, "\(same == 1 ? "has" : "have") an exact copy in training: ")
          + "the test score will be too good.")
    }
    let alike = near.testWithCopyInTraining
    if isNotable(alike, of: testCount) {
      warnings.append(
        text(
          alike, "\(alike == 1 ? "looks" : "look") nearly the same as a training \(medium.noun): ")
          + "if they are copies or neighbouring frames, the test score will be too good.")
    }
    return warnings
  }

  /// Whether a share is worth a warning: a hundredth moves a score by a hundredth at most.
  private static func isNotable(_ part: Int, of whole: Int) -> Bool {
    part > 0 && 100 * part >= whole
  }

  private static func sides(_ groups: [String]) -> [String] {
    guard !groups.isEmpty else { return [] }
    let names = groups.prefix(5).joined(separator: ", ") + (groups.count > 5 ? ", …" : "")
    return [
      "\(NumberText.count(groups.count, "group")) \(groups.count == 1 ? "has" : "have") pictures both in "
        + "training and in test (\(names)): the test score will be too good."
    ]
  }

  private static func shifted(_ shift: ShiftCheck?) -> [String] {
    guard let shift, shift.isAlarm else { return [] }
    let differences = shift.differences.prefix(3).map { difference in
      "mean \(difference.feature) \(number(difference.training)) in training, "
        + "\(number(difference.test)) in test"
    }
    let most = differences.isEmpty ? "" : " Most different: \(differences.joined(separator: "; "))."
    return [
      "Test pictures can be told from training pictures by light, colour, sharpness, size or "
        + "format alone (AUC \(area(shift))): they may come from elsewhere.\(most)"
    ]
  }

  private static func contradictions(
    _ exact: CopyReport, _ near: CopyReport, _ medium: Medium = .picture,
    _ task: LearningTask = .classify
  ) -> [String] {
    [(exact, "the same"), (near, "nearly the same")].compactMap { report, kind in
      let count = report.contradictoryCount
      guard count > 0, let group = report.named.first(where: { $0.labels.count > 1 }) else {
        return nil
      }
      return
        "\(NumberText.count(count, "set")) of \(kind) \(medium.nouns) \(count == 1 ? "has" : "have") "
        + "different \(task == .classify ? "labels" : "transcripts"), like "
        + "\(group.names.prefix(2).joined(separator: " and "))."
    }
  }

  private static func needless(
    _ exact: CopyReport, _ near: CopyReport, of total: Int, isSplitAtRandom: Bool,
    _ medium: Medium = .picture
  ) -> [String] {
    [(exact, "are exact copies of others"), (near, "look nearly the same as others")].compactMap {
      report, what in
      let count = report.needlessInTraining
      guard isNotable(count, of: total) else { return nil }
      return
        "\(NumberText.count(count)) of \(NumberText.count(total, "training \(medium.noun)")) \(what): "
        + (isSplitAtRandom
          ? "a validation part split off at random may hold copies of what is trained on."
          : "they count more than once.")
    }
  }

  private static func broken(_ part: DataReport.Part) -> [String] {
    let broken = part.broken
    guard broken.count > 0 else { return [] }
    let first = broken.named.first.map { ", like \($0.name)" } ?? ""
    return [
      "\(part.name): \(NumberText.count(broken.count)) of \(NumberText.count(broken.total, "picture")) "
        + "\(broken.count == 1 ? "is" : "are") broken and will be skipped\(first)."
    ]
  }

  private static func classes(_ part: DataReport.Part) -> [String] {
    let present = part.classes.filter { $0.count > 0 }
    guard let largest = present.max(by: { $0.count < $1.count }),
      let smallest = present.min(by: { $0.count < $1.count })
    else { return [] }
    var warnings: [String] = []
    if part.imbalance >= notableImbalance {
      warnings.append(
        "Class \(largest.name) has \(NumberText.fixed(part.imbalance, decimals: 0)) times as many pictures as "
          + "\(smallest.name): look at each class's recall, not at accuracy alone, or use class "
          + "weights.")
    }
    let few = present.filter { $0.count < fewPictures }
    if !few.isEmpty {
      let names = few.prefix(5).map { "\($0.name) (\($0.count))" }.joined(separator: ", ")
      warnings.append(
        "\(NumberText.count(few.count, "class", plural: "classes")) \(few.count == 1 ? "has" : "have") fewer "
          + "than \(fewPictures) pictures: \(names)\(few.count > 5 ? ", …" : "").")
    }
    return warnings
  }

  private static func tiny(_ part: DataReport.Part) -> [String] {
    guard let count = part.sizes?.tinyCount, count > 0 else { return [] }
    return [
      "\(part.name): \(NumberText.count(count, "picture")) \(count == 1 ? "has" : "have") a side below 8 "
        + "pixels."
    ]
  }

  /// `0.84 (0.79–0.88)`.
  package static func area(_ shift: ShiftCheck) -> String {
    "\(NumberText.fixed(shift.area.value, decimals: 2)), 95 % interval "
      + "\(NumberText.fixed(shift.area.lower, decimals: 2))–\(NumberText.fixed(shift.area.upper, decimals: 2))"
  }

  /// A number with about three digits.
  static func number(_ value: Double) -> String {
    NumberText.fixed(
      value, decimals: abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 3)
  }
}
