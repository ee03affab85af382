package import FoveaReport

extension ComparisonReport {
  /// Examples shown of each network.
  private static let shownWrong = 12

  /// The report of a study that has ended.
  ///
  /// - Parameters:
  ///   - dataPath: the data as they were given, also the page's title.
  ///   - notes: what was said while reading the data.
  package init(
    study: ComparisonStudy, outcome: ComparisonStudy.Outcome, summary: StudySummary,
    dataPath: String, notes: [String], command: [String]?
  ) throws {
    let prepared = study.data
    var data = DataText(
      path: dataPath, classes: prepared.classes, task: prepared.training.dataset.task,
      parts: [
        DataText.Part(
          "training and validation", counts: prepared.training.counts(of: study.candidates)),
        DataText.Part("test", counts: study.testStore.counts(of: study.testIndices)),
      ])
    data.broken = [("training", prepared.training.broken)]
    if let test = prepared.test { data.broken.append(("test", test.broken)) }
    data.notes = notes
    data.warnings = summary.warnings
    let input = prepared.training.modelInput
    let validationCounts = outcome.trained.map(\.split.heldOut.count)
    try self.init(
      title: dataPath, result: outcome.result,
      networks: summary.networks.map { network in
        let evaluations = outcome.trained.filter { $0.arm == network.arm }
          .compactMap(\.evaluation)
        let hasClasses = outcome.result.measure == .accuracy && !evaluations.isEmpty
        return Network(
          arm: network.arm, attention: network.attention,
          trainedParameters: network.trainedParameters,
          floatingPointOperations: network.floatingPointOperations,
          secondsPerTraining: network.secondsPerTraining,
          confusion: hasClasses
            ? Confusion(
              truth: evaluations.flatMap(\.labels), predicted: evaluations.flatMap(\.predicted),
              classCount: prepared.classes.count) : nil,
          wrong: hasClasses
            ? WrongItems(
              evaluations, in: study.testStore, classes: prepared.classes,
              shownLimit: Self.shownWrong) : nil)
      },
      trainings: outcome.trained.map {
        Training(arm: $0.arm, seed: "\($0.seed)", history: $0.history)
      },
      data: data,
      description: study.template.fitted(to: input, classes: prepared.classes.count),
      input: input, settings: study.settings,
      validationCounts: (validationCounts.min() ?? 0)...(validationCounts.max() ?? 0),
      threads: study.threads, seconds: summary.seconds, command: command)
  }
}
