import FoveaReport

extension TrainingReport {
  /// The report of a training that has ended.
  ///
  /// - Parameters:
  ///   - check: what was found when the data were looked at first, if they were.
  ///   - evaluated: the part that the classifier was measured on, if there is one.
  init(
    run: PictureRun, classifier: ImageClassifier, history: [EpochRecord], check: DataReport?,
    evaluated: (part: String, evaluation: ImageClassifier.DetailedEvaluation)?, seconds: Double
  ) {
    let training = run.training
    let pictures = training.pictures
    let configuration = classifier.configuration
    var data = DataText(
      path: configuration.data.path, classes: classifier.classes,
      parts: [
        DataText.Part("training", counts: pictures.training.counts(of: training.split.kept)),
        DataText.Part("validation", counts: pictures.training.counts(of: training.split.heldOut)),
      ])
    data.broken = [("training", pictures.training.broken)]
    data.notes = pictures.training.dataset.notes + training.split.notes
    if let test = pictures.test {
      data.parts.append(DataText.Part("test", counts: test.counts(of: test.usable)))
      data.broken.append(("test", test.broken))
      data.notes += test.dataset.notes
    }
    data.warnings = configuration.data.warnings ?? []
    data.check = check
    let counts = classifier.model.parameterCounts
    let frozen = training.model.parameters.filter { named in
      training.settings.frozen.contains { named.path.hasPrefix($0) }
    }.map(\.parameter.shape.elementCount).reduce(0, +)
    self.init(
      run: run.directory.path, configuration: configuration, data: data,
      trainedParameters: counts.trained - frozen, totalParameters: counts.total,
      history: history,
      measurement: evaluated.map { part, detailed in
        Measurement(
          part: part, report: detailed.report,
          wrong: WrongItems(
            [detailed.evaluation], in: detailed.store, classes: classifier.classes))
      }, seconds: seconds)
  }
}

extension WrongItems {
  /// The wrong pictures of evaluations of the same pictures of `store`, one a seed.
  init(
    _ evaluations: [Evaluation], in store: PictureStore, classes: [String],
    shownLimit: Int = WrongItems.shownLimit
  ) {
    let examples = evaluations.first?.examples ?? []
    self.init(
      names: examples.map { store.dataset.examples[$0].name },
      labels: evaluations.first?.labels ?? [], classes: classes,
      probabilities: evaluations.map(\.probabilities), shownLimit: shownLimit,
      picture: { try store.picture(at: examples[$0]) })
  }
}

extension PictureStore {
  /// How many of these examples each class has.
  func counts(of indices: [Int]) -> [Int] {
    indices.reduce(into: [Int](repeating: 0, count: dataset.classes.count)) { counts, index in
      counts[dataset.examples[index].label] += 1
    }
  }
}
