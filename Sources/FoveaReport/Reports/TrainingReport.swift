import FoundationEssentials
import FoveaArray
import FoveaData
package import FoveaMetrics
import FoveaNN
package import FoveaRuns

/// The page that shows a training: how good the network is, on what, and how it came about.
package struct TrainingReport: Sendable {
  /// How good the network is.
  package struct Measurement: Sendable {
    /// `test` or `validation`.
    package var part: String
    package var report: ClassificationReport
    package var wrong: WrongItems

    package init(part: String, report: ClassificationReport, wrong: WrongItems) {
      self.part = part
      self.report = report
      self.wrong = wrong
    }
  }

  /// The run's folder as given.
  package var run: String
  package var configuration: RunConfiguration
  package var data: DataText
  /// Parameters that training changes.
  package var trainedParameters: Int
  /// All parameters.
  package var totalParameters: Int
  package var history: [EpochRecord]
  /// Absent where nothing was set aside, or words were to be heard.
  package var measurement: Measurement?
  /// How well words are heard, and on which part; absent where classes are told apart.
  package var words: (part: String, report: WordErrorReport)?
  /// What simple classifiers do on what was measured.
  package var baselines: [Baseline] = []
  /// What the fitted temperature does to probabilities.
  package var calibrationNote: String?
  /// How long all took.
  package var seconds: Double
  /// Whether `seconds` are those since a run went on that was begun before.
  package var wentOn: Bool

  package init(
    run: String, configuration: RunConfiguration, data: DataText, trainedParameters: Int,
    totalParameters: Int, history: [EpochRecord], measurement: Measurement?, seconds: Double,
    wentOn: Bool = false
  ) {
    self.run = run
    self.configuration = configuration
    self.data = data
    self.trainedParameters = trainedParameters
    self.totalParameters = totalParameters
    self.history = history
    self.measurement = measurement
    self.seconds = seconds
    self.wentOn = wentOn
  }

  /// The page; others' sections, such as highlights, come after the result.
  package func page(adding sections: [Section] = []) -> HTMLPage {
    let kept = configuration.keptEpoch
    return HTMLPage(
      kind: "Training", title: run, lead: lead,
      sections: resultSections + sections + [
        Section(
          "Curves",
          [
            TrainingCurves(
              history, keptEpoch: kept?.epoch, task: configuration.classifier.task)
          ]),
        data.section, networkSection, repeatSection,
      ], footer: ReportText.footer(configuration.foveaVersion, endedAt: history.last?.endedAt))
  }

  /// What people call an example.
  private var noun: String { configuration.classifier.input.medium.noun }

  // MARK: Result

  private var lead: HTML {
    let network = configuration.classifier.network
    return HTML(joining: [
      Paragraph(
        "\(network.name) with attention \(network.attention), trained on "
          + "\(NumberText.count(configuration.data.trainingCount, noun)) of "
          + "\(labels) from "
          + "\(configuration.data.path)."
      ).html,
      facts.html,
      Note(caveats).html,
    ])
  }

  private var labels: String {
    let task = configuration.classifier.task
    return NumberText.count(data.classes.count, task.labelNoun, plural: task.labelNouns)
  }

  private var facts: Facts {
    var facts: [Facts.Fact] = words.map { WordErrorText.facts($0.part, $0.report, noun) } ?? []
    if let measurement {
      let report = measurement.report
      let interval = report.accuracyInterval
      facts.append(
        Facts.Fact(
          "Accuracy on \(NumberText.count(report.itemCount, "\(measurement.part) \(noun)"))",
          NumberText.percent(report.accuracy),
          more: "95 % interval \(NumberText.percentRange(interval.lower, interval.upper))"))
      if let error = report.expectedCalibrationError {
        facts.append(
          Facts.Fact(
            "Expected calibration error", NumberText.percent(error),
            more: report.calibration.map {
              "95 % interval \(NumberText.percentRange($0.interval.lower, $0.interval.upper)); "
                + "up to \(NumberText.percent($0.chance)) by chance"
            } ?? "how far probabilities are from shares of right ones"))
      }
    }
    if let kept = configuration.keptEpoch {
      facts.append(
        Facts.Fact(
          "Weights kept", "epoch \(kept.epoch)", more: "of \(history.count) that were trained"))
    }
    facts.append(
      Facts.Fact(
        "Parameters", NumberText.count(totalParameters),
        more: "\(NumberText.count(trainedParameters)) of them trained"))
    facts.append(
      Facts.Fact(
        "Time", NumberText.duration(seconds),
        more: wentOn ? "since the run went on" : "reading and measuring included"))
    return Facts(facts)
  }

  /// What qualifies the numbers above.
  private var caveats: [String] {
    (configuration.divergence.map { [$0.note] } ?? [])
      + (baselines.warning.map { [$0] } ?? []) + partCaveats
  }

  private var partCaveats: [String] {
    guard let part = measurement?.part ?? words?.part else {
      return ["Nothing was set aside, so how good the network is on new \(noun)s is not known."]
    }
    guard part == "validation" else { return [] }
    let choice = ValidationChoice(of: configuration, epochs: history.count)
    return [choice.caveat(of: configuration.classifier.input.medium)]
  }

  private var resultSections: [Section] {
    if let words { return [WordErrorText.section(words.part, words.report)] }
    guard let measurement else { return [] }
    let report = measurement.report
    let wrong = measurement.wrong
    let table = classTable(report)
    let name = "\(NumberText.count(data.classes.count)) classes"
    let rest = ClassAgainstRest(report).table
    let isFolded = data.classes.count > DataText.foldLimit
    let classes: [any HTMLConvertible] = [
      Heading("Each class"), isFolded ? Folded(name, [table]) : table,
      Heading("Each class against the rest"), isFolded ? Folded(name, [rest]) : rest,
    ]
    let confusion: [any HTMLConvertible] = [
      Heading("Confusion"),
      ConfusionTable(
        classes: report.classes.map(\.name), confusion: report.confusion,
        caption: "Those of the \(measurement.part) part"),
    ]
    let share = "\(NumberText.count(wrong.count)) of \(NumberText.count(wrong.total, noun))"
    let order = Paragraph(
      "\(share) of the \(measurement.part) part \(wrong.count == 1 ? "is" : "are") wrong. First come those "
        + "whose true class was given the lowest probability.")
    let items: [any HTMLConvertible] = wrong.count == 0 ? [wrong] : [order, wrong]
    return [
      Section(
        "Result on the \(measurement.part) part",
        (calibrationNote.map { [Paragraph($0)] } ?? []) + baselineTable(report) + classes
          + confusion),
      Section(
        "What it had wrong", items),
    ]
  }

  private func baselineTable(_ report: ClassificationReport) -> [any HTMLConvertible] {
    guard !baselines.isEmpty else { return [] }
    func range(_ interval: ConfidenceInterval) -> String {
      NumberText.percentRange(interval.lower, interval.upper)
    }
    let network = [
      "this network", NumberText.percent(report.accuracy), range(report.accuracyInterval), "",
    ]
    return [
      Heading("Beside simple classifiers"),
      Table(
        [
          .text("classifier"), .number("accuracy"), .number("95 % interval"),
          .number("network's accuracy less its"),
        ],
        rows: [network]
          + baselines.map {
            [
              "\($0.name) on \($0.input)", NumberText.percent($0.accuracy),
              range($0.accuracyInterval), $0.differenceText,
            ]
          }),
    ]
  }

  private func classTable(_ report: ClassificationReport) -> Table {
    func share(_ value: Double?) -> String {
      value.map { NumberText.percent($0) } ?? NumberText.missing
    }
    return Table(
      [
        .text("class"), .number("precision"), .number("recall"), .number("F1"), .number(noun + "s"),
      ],
      rows: report.classes.map {
        [
          $0.name, share($0.precision), share($0.recall), share($0.f1),
          NumberText.count($0.support),
        ]
      } + [
        [
          "mean of classes", share(report.macroPrecision), share(report.macroRecall),
          share(report.macroF1), NumberText.count(report.itemCount),
        ]
      ], hasTotal: true)
  }

  // MARK: How it came about

  private var networkSection: Section {
    let classifier = configuration.classifier
    let started = configuration.startedFrom.map { [("Started from", $0)] } ?? []
    return Section(
      "Network and settings",
      [
        SettingsTable(
          classifier.network.reportRows + [
            (
              "Parameters",
              "\(NumberText.count(totalParameters)), \(NumberText.count(trainedParameters)) trained"
            )
          ] + started + SettingsText.rows(classifier.input)
            + SettingsText.rows(configuration.training, course))
      ])
  }

  private var course: SettingsText.Course {
    let validationCount = configuration.data.validationCount
    return SettingsText.Course(
      noun: noun, validation: validationCount...validationCount,
      divergence: configuration.divergence.map {
        "cut short in epoch \($0.epoch), where training diverged"
      },
      threads: configuration.trainingThreads)
  }

  private var repeatSection: Section {
    ReportText.repeating(
      configuration.command,
      "The same data, settings, machine and number of threads give the same weights, bit for bit.")
  }
}

/// What reports have in common.
enum ReportText {
  static func footer(_ version: String, endedAt: Double?) -> String {
    let date = endedAt.map {
      ", \(Date(timeIntervalSince1970: $0.rounded()).formatted(.iso8601))"
    }
    return "Fovea \(version)\(date ?? "")"
  }

  static func repeating(_ command: [String]?, _ promise: String) -> Section {
    Section(
      "How to repeat it",
      [
        command.map { CodeBlock(CommandText.quoted($0)) as any HTMLConvertible }
          ?? Paragraph("It was started from Swift, with the settings above."), Paragraph(promise),
      ])
  }
}
