import FoveaArray
import FoveaMetrics

/// What a report says of words that were heard wrong.
enum WordErrorText {
  static func facts(_ part: String, _ report: WordErrorReport, _ noun: String) -> [Facts.Fact] {
    let right = report.utteranceAccuracyInterval
    return [
      Facts.Fact(
        "Word error rate on \(NumberText.count(report.utteranceCount, "\(part) \(noun)"))",
        NumberText.percent(report.rate),
        more: report.interval.map {
          "95 % interval \(NumberText.percentRange($0.lower, $0.upper))"
        } ?? "too few for an interval"),
      Facts.Fact(
        "Without an error", NumberText.percent(report.utteranceAccuracy),
        more: "95 % interval \(NumberText.percentRange(right.lower, right.upper))"),
    ]
  }

  static func section(_ part: String, _ report: WordErrorReport) -> Section {
    Section(
      "Result on the \(part) part",
      [
        kinds(report), Paragraph(WordErrors.kindsAreNotUnique, isMuted: true),
        Heading("Each word"), words(report),
      ])
  }

  private static func kinds(_ report: WordErrorReport) -> Table {
    let errors = report.errors
    return Table(
      [
        .text("words said"), .number("substitutions"), .number("deletions"),
        .number("insertions"), .number("errors"), .number("rate"),
      ],
      rows: [
        [
          NumberText.count(errors.words), NumberText.count(errors.substitutions),
          NumberText.count(errors.deletions), NumberText.count(errors.insertions),
          NumberText.count(errors.count), NumberText.percent(report.rate),
        ]
      ])
  }

  private static func words(_ report: WordErrorReport) -> Table {
    Table(
      [
        .text("word"), .number("said"), .number("heard as another"), .number("not heard"),
        .number("heard in error"), .text("mostly heard as"),
      ],
      rows: report.words.map {
        [
          $0.word, NumberText.count($0.said), NumberText.count($0.substituted),
          NumberText.count($0.deleted), NumberText.count($0.heardInError),
          $0.mostlyHeardAs ?? NumberText.missing,
        ]
      })
  }
}
