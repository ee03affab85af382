import FoveaArray
package import FoveaMetrics

/// How well each class is told from all others: sensitivity, specificity, area under the curve.
package struct ClassAgainstRest {
  private let report: ClassificationReport

  package init(_ report: ClassificationReport) { self.report = report }

  /// A row for each class, and one for their mean.
  package var table: Table {
    func share(_ value: Double?) -> String {
      value.map { NumberText.percent($0) } ?? NumberText.missing
    }
    func range(_ interval: ConfidenceInterval?) -> String {
      interval.map { NumberText.percentRange($0.lower, $0.upper) } ?? NumberText.missing
    }
    return Table(
      [
        .text("class"), .number("sensitivity"), .number("95 % interval"),
        .number("specificity"), .number("95 % interval"), .number("AUC"),
        .number("95 % interval"),
      ],
      rows: report.classes.map {
        [
          $0.name, share($0.sensitivity), range($0.sensitivityInterval), share($0.specificity),
          range($0.specificityInterval), $0.areaUnderCurve?.text ?? NumberText.missing,
          $0.areaUnderCurve?.intervalText ?? NumberText.missing,
        ]
      } + [
        [
          "mean of classes", share(report.macroRecall), "", share(report.macroSpecificity), "",
          report.macroAreaUnderCurve.map { NumberText.fixed($0, decimals: 3) }
            ?? NumberText.missing, "",
        ]
      ], hasTotal: true)
  }
}
