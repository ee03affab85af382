import FoveaMetrics
import FoveaRuns

/// The curves of a comparison: every seed a thin line, the mean of each arm a thick one.
struct ComparisonCurves: HTMLConvertible {
  private let trainings: [ComparisonReport.Training]
  private let measure: ComparisonMeasure

  init(_ trainings: [ComparisonReport.Training], measure: ComparisonMeasure) {
    self.trainings = trainings
    self.measure = measure
  }

  var html: HTML {
    let hasValidation = trainings.contains { $0.history.contains { $0.validationLoss != nil } }
    let validation = [
      chart(title("Validation"), .share) { $0.validationAccuracy },
      chart("Validation loss", .number) { $0.validationLoss },
    ]
    return FigureRow(
      (hasValidation ? validation : []) + [
        chart(title("Training"), .share) { $0.trainingAccuracy },
        chart("Training loss", .number) { $0.trainingLoss },
      ]
    ).html
  }

  /// Of utterances the share without an error is counted.
  private func title(_ part: String) -> String {
    measure == .accuracy ? "\(part) accuracy" : "\(part): without an error"
  }

  private func chart(
    _ title: String, _ format: ValueFormat, _ value: (EpochRecord) -> Double?
  ) -> LineChart {
    let arms = Arm.allCases.filter { arm in trainings.contains { $0.arm == arm } }
    var chart = LineChart(title, xTitle: "epoch", series: [])
    for arm in arms {
      let histories = trainings.filter { $0.arm == arm }.map(\.history)
      if histories.count > 1 {
        chart.series += histories.map { history in
          LineChart.Series(
            arm.title, history.map { (Double($0.epoch), value($0)) }, style: arm.style,
            isThin: true)
        }
      }
      chart.series.append(
        LineChart.Series(arm.title, Self.mean(histories, value), style: arm.style))
    }
    chart.yFormat = format
    if case .share = format { chart.yLimits = 0...1 }
    return chart
  }

  /// The mean of each epoch over the trainings that have a number there.
  static func mean(
    _ histories: [[EpochRecord]], _ value: (EpochRecord) -> Double?
  ) -> [(x: Double, y: Double?)] {
    let values = histories.joined().reduce(into: [Int: [Double]]()) { values, record in
      values[record.epoch, default: []] += value(record).map { [$0] } ?? []
    }
    return values.keys.sorted().map { epoch in
      let numbers = values[epoch] ?? []
      return (
        Double(epoch), numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
      )
    }
  }
}
