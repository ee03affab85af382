import FoveaArray
package import FoveaData
package import FoveaMetrics
package import FoveaNN
package import FoveaRuns

/// The page that shows a comparison: did attention help?
package struct ComparisonReport: Sendable {
  /// What a network of one arm costs and came to.
  package struct Network: Sendable {
    package var arm: Arm
    package var attention: String
    package var trainedParameters: Int
    /// Additions and multiplications to classify one picture.
    package var floatingPointOperations: Int
    /// The mean time of a training.
    package var secondsPerTraining: Double
    /// All seeds' results on the test pictures together; absent where words were to be heard.
    package var confusion: Confusion?
    package var wrong: WrongItems?

    package init(
      arm: Arm, attention: String, trainedParameters: Int, floatingPointOperations: Int,
      secondsPerTraining: Double, confusion: Confusion?, wrong: WrongItems?
    ) {
      self.arm = arm
      self.attention = attention
      self.trainedParameters = trainedParameters
      self.floatingPointOperations = floatingPointOperations
      self.secondsPerTraining = secondsPerTraining
      self.confusion = confusion
      self.wrong = wrong
    }
  }

  /// The curves of one training.
  package struct Training: Sendable {
    package var arm: Arm
    package var seed: String
    package var history: [EpochRecord]

    package init(arm: Arm, seed: String, history: [EpochRecord]) {
      self.arm = arm
      self.seed = seed
      self.history = history
    }
  }

  /// What is compared, in large type: the data's path.
  package var title: String
  package var result: StudyResult
  package var networks: [Network]
  package var trainings: [Training]
  package var data: DataText
  /// The network with attention.
  package var description: NetworkDescription
  package var input: ModelInput
  package var settings: TrainingSettings
  /// The fewest and the most examples that a training set aside for validation.
  package var validationCounts: ClosedRange<Int>
  /// Threads that all networks were trained on.
  package var threads: Int
  /// How long all took.
  package var seconds: Double
  /// The command that was given; absent where there was none.
  package var command: [String]?

  package init(
    title: String, result: StudyResult, networks: [Network], trainings: [Training],
    data: DataText, description: NetworkDescription, input: ModelInput,
    settings: TrainingSettings, validationCounts: ClosedRange<Int>, threads: Int, seconds: Double,
    command: [String]? = nil
  ) {
    self.title = title
    self.result = result
    self.networks = networks
    self.trainings = trainings
    self.data = data
    self.description = description
    self.input = input
    self.settings = settings
    self.validationCounts = validationCounts
    self.threads = threads
    self.seconds = seconds
    self.command = command
  }

  /// What people call an example.
  private var noun: String { input.medium.noun }

  /// The page; others' sections, such as highlights, come after the accuracies.
  package func page(adding sections: [Section] = []) -> HTMLPage {
    HTMLPage(
      kind: "Comparison: did attention help?", title: title,
      lead: HTML(joining: [verdict.html, summary.html]),
      sections: resultSections + sections + backgroundSections,
      footer: ReportText.footer(
        foveaVersionText, endedAt: trainings.compactMap { $0.history.last?.endedAt }.max()))
  }

  /// The verdict in large type with its reasons.
  package var verdict: VerdictBox {
    let tone: Tone =
      switch result.verdict {
      case .attentionHelps: .good
      case .attentionHurts: .bad
      case .moreParametersHelp, .undecided, .noProvenGain: .neutral
      }
    let name = result.verdict.title
    return VerdictBox(
      name.prefix(1).uppercased() + name.dropFirst(),
      reasons: [result.explanation, result.caveat].compactMap { $0 }, tone: tone)
  }

  /// The differences and the accuracies behind them.
  package var resultSections: [Section] {
    let differences = ComparisonDifferences(result)
    return [
      Section("The difference", differences.content), Section(measureTitle, accuracies),
    ]
  }

  /// Curves, confusion, wrong items, data and settings.
  package var backgroundSections: [Section] {
    [Section("Curves", [ComparisonCurves(trainings, measure: result.measure)])]
      + (result.measure == .accuracy ? [confusionSection, wrongSection] : [])
      + [
        data.section, settingsSection,
        ReportText.repeating(
          command,
          "The same data, settings, machine and number of threads give the same numbers."),
      ]
  }

  private var summary: Paragraph {
    let names = networks.map { "\($0.arm.title) (\($0.attention))" }.joined(separator: ", ")
    return Paragraph(
      "For each of \(NumberText.count(result.seedCount, "seed")), networks that differ in their "
        + "attention alone were trained from the same start weights on the same batches and met the same "
        + "\(NumberText.count(result.itemCount, "test \(noun)")): \(names). "
        + "\(NumberText.duration(seconds)) in all.", isMuted: true)
  }

  // MARK: Accuracy

  private var measureTitle: String {
    result.measure == .accuracy ? "Accuracy" : "Word accuracy"
  }

  private var accuracies: [any HTMLConvertible] {
    var plot = IntervalPlot(
      "\(measureTitle) with each seed", axisTitle: measureTitle.lowercased(),
      rows: networks.compactMap { network in
        guard let mean = result.accuracy(of: network.arm) else { return nil }
        return IntervalPlot.Row(
          network.arm.title, estimate: mean, text: "mean \(NumberText.percent(mean))",
          dots: result.seeds.compactMap { seed in
            seed.accuracy(of: network.arm).map { ("seed \(seed.seed)", $0) }
          }, style: network.arm.style)
      })
    plot.note =
      "A mark for each seed, a stroke at the mean."
      + (result.measure == .accuracy ? "" : " 1 less the word error rate.")
    plot.format = .share
    let all = result.seeds.flatMap { seed in Arm.allCases.compactMap { seed.accuracy(of: $0) } }
    plot.limits = min(0, all.min() ?? 0)...1
    return [plot, Heading("What each network costs"), networkTable]
  }

  private var networkTable: Table {
    Table(
      [
        .text("network"), .text("attention"), .number(measureTitle.lowercased()),
        .number("parameters"),
        .number("operations a \(noun)"), .number("time a training"),
      ],
      rows: networks.map { network in
        [
          network.arm.title, network.attention,
          result.accuracy(of: network.arm).map { NumberText.percent($0) } ?? NumberText.missing,
          NumberText.count(network.trainedParameters),
          NumberText.prefixed(Double(network.floatingPointOperations), unit: "FLOP"),
          NumberText.duration(network.secondsPerTraining),
        ]
      })
  }

  // MARK: Background

  private var confusionSection: Section {
    Section(
      "Confusion",
      [
        Paragraph(
          "All seeds together: each test \(noun) counts once a seed."),
        SideBySide(
          networks.compactMap { network in
            network.confusion.map { confusion in
              heading(of: network.arm) + [
                ConfusionTable(classes: data.classes, confusion: confusion)
              ]
            }
          }),
      ])
  }

  private var wrongSection: Section {
    let order = Paragraph(
      "First come those that were wrong with the most seeds, then those whose true class was "
        + "given the lowest probability on average.")
    let isAnyWrong = networks.contains { ($0.wrong?.count ?? 0) > 0 }
    let introduction: [any HTMLConvertible] = isAnyWrong ? [order] : []
    return Section(
      "Wrong \(noun)s",
      introduction
        + networks.flatMap { network -> [any HTMLConvertible] in
          guard let wrong = network.wrong else { return [] }
          let share = Paragraph(
            "\(NumberText.count(wrong.count)) of \(NumberText.count(wrong.total, "test \(noun)")) "
              + "\(wrong.count == 1 ? "was" : "were") wrong with one seed at least.")
          let items: [any HTMLConvertible] = wrong.count == 0 ? [wrong] : [share, wrong]
          return heading(of: network.arm) + items
        })
  }

  /// An arm's name above its networks' answers, and which networks have none.
  private func heading(of arm: Arm) -> [any HTMLConvertible] {
    [Heading(arm.title)] + (result.unscoredSentence(of: arm).map { [Paragraph($0)] } ?? [])
  }

  private var course: SettingsText.Course {
    SettingsText.Course(
      noun: noun, validation: validationCounts,
      divergence: result.diverged == nil ? nil : "none left out but where training diverged",
      threads: threads)
  }

  private var settingsSection: Section {
    Section(
      "Network and settings",
      [
        SettingsTable(
          description.reportRows + SettingsText.rows(input)
            + SettingsText.rows(settings, course)
            + [("Seeds", result.seeds.map(\.seed).joined(separator: ", "))])
      ])
  }
}
