import FoveaArray
package import FoveaData
package import FoveaRuns

/// Loss and accuracy by epoch.
package struct TrainingCurves: HTMLConvertible {
  private let history: [EpochRecord]
  private let keptEpoch: Int?
  private let task: LearningTask

  /// The curves of a training; the epoch whose weights are kept is marked.
  package init(_ history: [EpochRecord], keptEpoch: Int?, task: LearningTask) {
    self.history = history
    self.keptEpoch = keptEpoch
    self.task = task
  }

  /// What is counted: of utterances the share without an error.
  private var share: String { task == .classify ? "accuracy" : "without an error" }

  package var html: HTML {
    HTML(joining: [
      FigureRow([
        chart("Loss", \.trainingLoss, \.validationLoss, .number),
        chart(
          share.prefix(1).uppercased() + share.dropFirst(), \.trainingAccuracy,
          \.validationAccuracy, .share),
      ]).html,
      Folded("All epochs in numbers", [table]).html,
    ])
  }

  private func chart(
    _ title: String, _ training: KeyPath<EpochRecord, Double>,
    _ validation: KeyPath<EpochRecord, Double?>, _ format: ValueFormat
  ) -> LineChart {
    var series = [
      LineChart.Series(
        "training", history.map { (Double($0.epoch), $0[keyPath: training]) }, style: .second)
    ]
    if history.contains(where: { $0[keyPath: validation] != nil }) {
      series.append(
        LineChart.Series(
          "validation", history.map { (Double($0.epoch), $0[keyPath: validation]) }, style: .first))
    }
    var chart = LineChart(title, xTitle: "epoch", series: series)
    chart.yFormat = format
    if case .share = format { chart.yLimits = 0...1 }
    chart.mark = keptEpoch.map { (Double($0), "kept: epoch \($0)") }
    return chart
  }

  private var table: Table {
    Table(
      [
        .number("epoch"), .number("training loss"), .number("training \(share)"),
        .number("validation loss"), .number("validation \(share)"), .number("learning rate"),
        .number("time"),
      ],
      rows: history.map { record in
        [
          NumberText.count(record.epoch), NumberText.fixed(record.trainingLoss, decimals: 4),
          NumberText.percent(record.trainingAccuracy),
          record.validationLoss.map { NumberText.fixed($0, decimals: 4) } ?? NumberText.missing,
          record.validationAccuracy.map { NumberText.percent($0) } ?? NumberText.missing,
          "\(Float(record.learningRate))", NumberText.duration(record.seconds),
        ]
      })
  }
}
