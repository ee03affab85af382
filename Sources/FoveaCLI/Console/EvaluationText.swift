import Fovea
import FoveaArray

/// A report as lines for people.
enum EvaluationText {
  static func lines(_ rates: FilterRates) -> [String] {
    func line(_ what: String, _ share: FilterRates.Share, _ kind: String) -> String {
      "\(what) \(NumberText.percent(share.share)) of \(NumberText.count(share.total, "text")) \(kind), "
        + "95 % interval \(NumberText.percentRange(share.interval.lower, share.interval.upper))"
    }
    return [
      line("Lets through", rates.missed, "of \(rates.label)"),
      line("Stops something in", rates.falseAlarms, "of other classes"),
    ]
  }

  static func lines(
    _ report: EvaluationReport, of medium: Medium, _ known: KnownExamples? = nil
  ) -> [String] {
    let summary = TerminalText.wrapped(report.summary(of: medium.noun) + ".")
    let rest =
      switch report {
      case .classification(let report): lines(report, of: medium)
      case .transcription(let report): lines(report, of: medium)
      }
    return summary
      + TerminalText.wrapped(known?.sentence(of: medium) ?? EvaluationReport.coverage) + rest
  }

  /// The results of each value of a column.
  static func lines(_ results: PartResults, of medium: Medium) -> [String] {
    let hasWords = results.parts.contains { $0.wordCount != nil }
    var table = TextTable(
      [.text(results.column, limit: .max), .number(medium.nouns)]
        + (hasWords
          ? [
            .number("words"), .number("word error rate"), .number("95 % interval"),
            .number("without an error"), .number("95 % interval"),
          ] : [.number("accuracy"), .number("95 % interval")]))
    for part in results.parts {
      table.append(
        [part.value.isEmpty ? "(empty)" : part.value, NumberText.count(part.itemCount)]
          + (hasWords
            ? [
              NumberText.count(part.wordCount ?? 0), percent(part.wordErrorRate),
              range(part.wordErrorRateInterval),
            ] : []) + [percent(part.accuracy), range(part.accuracyInterval)])
    }
    return ["", "By \(results.column):", ""] + table.lines()
  }

  // MARK: Words

  private static func lines(_ report: WordErrorReport, of medium: Medium) -> [String] {
    var table = TextTable([
      .text("word", limit: .max), .number("said"), .number("heard as another"),
      .number("not heard"), .number("heard in error"), .text("mostly heard as", limit: .max),
    ])
    for word in report.words {
      table.append([
        word.word, NumberText.count(word.said), NumberText.count(word.substituted),
        NumberText.count(word.deleted), NumberText.count(word.heardInError),
        word.mostlyHeardAs ?? NumberText.missing,
      ])
    }
    return [
      "Without an error: \(percent(report.utteranceAccuracy)) of the \(medium.nouns), "
        + "95 % interval \(range(report.utteranceAccuracyInterval))", "",
    ] + table.lines()
  }

  // MARK: Classes

  private static func lines(_ report: ClassificationReport, of medium: Medium) -> [String] {
    let always = "Always saying \(report.commonestClass): \(percent(report.commonestShare))"
    return [always] + (report.calibrationSentence.map { TerminalText.wrapped($0) } ?? [])
      + [""] + classTable(report, of: medium).lines()
      + ["", "Each class against the rest:", ""] + oneAgainstRest(report).lines()
      + confusion(report, of: medium)
  }

  private static func classTable(_ report: ClassificationReport, of medium: Medium) -> TextTable {
    var table = TextTable([
      .text("class", limit: .max), .number("precision"), .number("recall"), .number("F1"),
      .number(medium.nouns),
    ])
    for result in report.classes {
      table.append([
        result.name, percent(result.precision), percent(result.recall), percent(result.f1),
        NumberText.count(result.support),
      ])
    }
    table.append([
      "mean of classes", percent(report.macroPrecision), percent(report.macroRecall),
      percent(report.macroF1), NumberText.count(report.itemCount),
    ])
    return table
  }

  private static func oneAgainstRest(_ report: ClassificationReport) -> TextTable {
    var table = TextTable([
      .text("class", limit: .max), .number("sensitivity"), .number("95 % interval"),
      .number("specificity"), .number("95 % interval"), .number("AUC"), .number("95 % interval"),
    ])
    for result in report.classes {
      table.append([
        result.name, percent(result.sensitivity), range(result.sensitivityInterval),
        percent(result.specificity), range(result.specificityInterval),
        result.areaUnderCurve?.text ?? NumberText.missing,
        result.areaUnderCurve?.intervalText ?? NumberText.missing,
      ])
    }
    table.append([
      "mean of classes", percent(report.macroRecall), "", percent(report.macroSpecificity), "",
      report.macroAreaUnderCurve.map { NumberText.fixed($0, decimals: 3) } ?? NumberText.missing,
      "",
    ])
    return table
  }

  /// The widest matrix that is printed with names above its columns; wider ones have numbers there.
  private static let widest = 100
  /// With more classes the most frequent confusions are listed.
  private static let mostClasses = 12

  private static func confusion(_ report: ClassificationReport, of medium: Medium) -> [String] {
    guard report.classes.count <= mostClasses else {
      return frequentConfusions(report, of: medium)
    }
    let names = report.classes.map(\.name)
    func matrix(_ titles: [String], _ rows: [String]) -> [String] {
      var table = TextTable(
        [.text("true \\ predicted", limit: .max)] + titles.map { .number($0) })
      for (row, title) in rows.enumerated() {
        table.append([title] + report.confusion.counts[row].map { NumberText.count($0) })
      }
      return table.lines()
    }
    let named = matrix(names, names)
    let fits = named.allSatisfy { TerminalText.columns(of: $0) <= widest }
    return [""]
      + (fits
        ? named
        : matrix(
          names.indices.map { "\($0 + 1)" }, names.enumerated().map { "\($0 + 1) \($1)" }))
  }

  private static func frequentConfusions(
    _ report: ClassificationReport, of medium: Medium
  ) -> [String] {
    let pairs = report.confusion.mostFrequent(mostClasses)
    guard !pairs.isEmpty else { return [] }
    var table = TextTable([
      .text("true", limit: .max), .text("predicted", limit: .max), .number(medium.nouns),
    ])
    for (truth, predicted) in pairs {
      table.append([
        report.classes[truth].name, report.classes[predicted].name,
        NumberText.count(report.confusion.counts[truth][predicted]),
      ])
    }
    return ["", "The most frequent confusions:", ""] + table.lines()
  }

  private static func percent(_ value: Double?) -> String {
    value.map { NumberText.percent($0) } ?? NumberText.missing
  }

  private static func range(_ interval: ConfidenceInterval?) -> String {
    interval.map { NumberText.percentRange($0.lower, $0.upper) } ?? NumberText.missing
  }
}
