import FoveaReport

extension TrainingReport {
  /// The report of a training that has ended.
  ///
  /// - Parameters:
  ///   - check: what was found when the data were looked at first, if they were.
  ///   - measured: what the classifier came to, where anything was set aside.
  init(
    run: ClassifierRun, classifier: TrainedClassifier, history: [EpochRecord], check: DataReport?,
    measurement measured: TrainingMeasurement?, seconds: Double, wentOn: Bool
  ) {
    let training = run.training
    let prepared = training.data
    let configuration = classifier.configuration
    var data = DataText(
      path: configuration.data.path, classes: classifier.classes, task: classifier.task,
      parts: [
        DataText.Part("training", counts: prepared.training.counts(of: training.split.kept)),
        DataText.Part("validation", counts: prepared.training.counts(of: training.split.heldOut)),
      ])
    data.broken = [("training", prepared.training.broken)]
    data.notes = prepared.training.dataset.notes + prepared.training.notes + training.split.notes
    if let test = prepared.test {
      data.parts.append(DataText.Part("test", counts: test.counts(of: test.usable)))
      data.broken.append(("test", test.broken))
      data.notes += test.dataset.notes + test.notes
    }
    data.warnings = configuration.data.warnings ?? []
    data.check = check
    let counts = training.model.parameterCounts(freezing: training.settings.frozen)
    let measurement = measured.flatMap { measured in
      let detailed = measured.evaluation
      return (try? detailed.report.classification).map { report in
        Measurement(
          part: measured.part, report: report,
          wrong: WrongItems(
            [detailed.evaluation], in: detailed.store, classes: classifier.classes))
      }
    }
    self.init(
      run: run.directory.path, configuration: configuration, data: data,
      trainedParameters: counts.trained, totalParameters: counts.total,
      history: history, measurement: measurement, seconds: seconds, wentOn: wentOn)
    baselines = measured?.baselines ?? []
    calibrationNote = measured?.calibration?.sentence
    words = measured.flatMap { measured in
      (try? measured.evaluation.report.transcription).map { (measured.part, $0) }
    }
  }
}

extension WrongItems {
  /// The wrong examples of evaluations of the same examples of `store`, one a seed.
  init(
    _ evaluations: [Evaluation], in store: any ExampleStore, classes: [String],
    shownLimit: Int = WrongItems.shownLimit
  ) {
    let examples = evaluations.first?.examples ?? []
    self.init(
      names: examples.map { store.dataset.examples[$0].name },
      labels: evaluations.first?.labels ?? [], classes: classes,
      probabilities: evaluations.map(\.probabilities), shownLimit: shownLimit,
      appearance: { try store.appearance(at: examples[$0]) })
  }
}
