package import FoveaReport

extension ComparisonReport {
  /// Pictures shown of each network.
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
    let pictures = study.pictures
    var data = DataText(
      path: dataPath, classes: pictures.classes,
      parts: [
        DataText.Part(
          "training and validation", counts: pictures.training.counts(of: study.candidates)),
        DataText.Part("test", counts: study.testStore.counts(of: study.testIndices)),
      ])
    data.broken = [("training", pictures.training.broken)]
    if let test = pictures.test { data.broken.append(("test", test.broken)) }
    data.notes = notes
    let input = pictures.training.input
    try self.init(
      title: dataPath, result: outcome.result,
      networks: summary.networks.map { network in
        let evaluations = outcome.trained.filter { $0.arm == network.arm }.map(\.evaluation)
        return Network(
          arm: network.arm, attention: network.attention,
          trainedParameters: network.trainedParameters,
          floatingPointOperations: network.floatingPointOperations,
          secondsPerTraining: network.secondsPerTraining,
          confusion: Confusion(
            truth: evaluations.flatMap(\.labels), predicted: evaluations.flatMap(\.predicted),
            classCount: pictures.classes.count),
          wrong: WrongItems(
            evaluations, in: study.testStore, classes: pictures.classes,
            shownLimit: Self.shownWrong))
      },
      trainings: outcome.trained.map {
        Training(arm: $0.arm, seed: "\($0.seed)", history: $0.history)
      },
      data: data,
      description: study.template.description(
        height: input.height, width: input.width, channels: input.channels.rawValue,
        classes: pictures.classes.count),
      input: input, settings: study.settings, seconds: summary.seconds, command: command)
  }
}
