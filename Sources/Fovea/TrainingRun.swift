import FoveaReport

/// A training from data to run directory: reads, trains, measures, writes the report.
package struct TrainingRun: Sendable {
  /// What is trained, on what, and where to.
  package struct Request: Sendable {
    package var data: LabelledData
    package var dataPath: String
    package var options = PreparedData.Options()
    package var template = NetworkTemplate()
    package var settings = TrainingSettings()
    package var mechanisms = AttentionCatalog.builtIn
    package var source: TransferSource?
    package var output: RunDirectory
    package var overwrites = false
    package var resumes = false
    /// Whether somebody chose the network, and should hear when a run goes on with another.
    package var namesNetwork = false
    /// Whether to look for trouble in the data first.
    package var checksData = true
    /// The words of the command that asked for it, for the report; `nil` from Swift.
    package var command: [String]?
    /// Whether to find out, after training, which way of highlighting does best, and to show
    /// highlights in the report.
    package var studiesHighlights = true

    /// How examples are read, for the network that is trained.
    package var preparation: PreparedData.Options { options.suiting(template) }

    package init(data: LabelledData, dataPath: String, output: RunDirectory) {
      self.data = data
      self.dataPath = dataPath
      self.output = output
    }
  }

  /// What happens on the way.
  package enum Event: Sendable {
    /// So many of all examples are read.
    case reading(done: Int, total: Int)
    /// So many of all examples are looked at for copies and other trouble.
    case checking(done: Int, total: Int)
    /// Something a person should know.
    case note(String)
    /// Something happens in training.
    case training(TrainingEvent)
  }

  /// What a training came to.
  package struct Result: Sendable {
    package let trained: TrainedClassifier
    package let highlightStudy: HighlightStudy?
    package let mechanisms: AttentionCatalog
    package let summary: TrainingSummary
    package let history: [EpochRecord]

    /// The classifier, of a training on pictures.
    package var classifier: ImageClassifier {
      get throws {
        var classifier = try ImageClassifier(trained, mechanisms: mechanisms)
        classifier.highlightStudy = highlightStudy
        return classifier
      }
    }
  }

  private let request: Request
  private let report: @Sendable (Event) -> Void

  package init(_ request: Request, report: @escaping @Sendable (Event) -> Void = { _ in }) {
    self.request = request
    self.report = report
  }

  /// Trains to the end.
  ///
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled: everything is kept.
  package func execute() async throws -> Result {
    let start = ContinuousClock.now
    let resumes = request.resumes && request.output.holdsRun
    let stored = resumes ? try request.output.configuration() : nil
    var notes: [String] = []
    if let stored {
      if request.settings != stored.training, request.settings != TrainingSettings() {
        notes.append("The run goes on with the settings it began with; others are not looked at.")
      }
      notes += otherNetworkNotes(than: stored.classifier)
    } else {
      try request.output.checkIsFree(overwrite: request.overwrites)
      if request.resumes {
        notes.append("There is no run in \(request.output.path) to go on with: a new one begins.")
      }
    }
    let count = request.data.training.examples.count + (request.data.test?.examples.count ?? 0)
    report(.note("Reading \(NumberText.count(count, request.data.medium.noun)) …"))
    notes += request.data.notes
    let prepared = try read(stored)
    notes += prepared.notes
    let check =
      request.checksData && !resumes && prepared.medium == .picture ? try checkData() : nil
    notes += check?.warnings.map { "Warning: \($0)" } ?? []
    let run: ClassifierRun
    if resumes {
      run = try ClassifierRun(
        resuming: request.output, data: prepared, mechanisms: request.mechanisms)
    } else {
      let training = try ClassifierTraining(
        prepared, template: request.template, settings: request.settings,
        mechanisms: request.mechanisms, source: request.source)
      try request.output.create(overwrite: request.overwrites)
      run = try ClassifierRun(
        training, in: request.output, dataPath: request.dataPath,
        startedFrom: request.source?.path, mechanisms: request.mechanisms,
        warnings: check?.warnings, command: request.command)
    }
    notes += run.training.split.notes
    for note in notes { report(.note(note)) }
    for line in announcement(of: run.training) { report(.note(line)) }
    let (configuration, outcome) = try await run.execute { report(.training($0)) }
    let trained = try TrainedClassifier(
      configuration: configuration, weights: outcome.weights, mechanisms: request.mechanisms)
    let study = try await studyHighlights(of: trained, prepared, run.training.split)
    let evaluated = try await evaluate(trained, prepared, run.training.split)
    let summary = TrainingSummary(
      run: request.output.path, classifier: trained, outcome: outcome,
      evaluatedPart: evaluated?.part, evaluation: evaluated?.evaluation.report,
      broken: prepared.training.broken,
      seconds: (ContinuousClock.now - start).seconds)
    let page = TrainingReport(
      run: run, classifier: trained, history: outcome.history, check: check,
      evaluated: evaluated, seconds: summary.seconds
    ).page(adding: try await highlights(of: trained, study, evaluated))
    try page.write(to: request.output.reportURL)
    return Result(
      trained: trained, highlightStudy: study, mechanisms: request.mechanisms, summary: summary,
      history: outcome.history)
  }

  /// What is said where a run that goes on has another network or input than was asked for.
  private func otherNetworkNotes(than stored: ClassifierDescription) -> [String] {
    var isOther = false
    if request.namesNetwork {
      let asked = try? request.template.description(
        for: stored.input, classes: stored.classes.count)
      isOther = asked != stored.network
    }
    if case .picture(let input) = stored.input {
      let size = request.options.size
      isOther =
        isOther || size != .automatic && size != .pixels(width: input.width, height: input.height)
        || request.options.channels == .grey && input.channels != .grey
    }
    return isOther
      ? ["The run goes on with the network and the input it began with; others are not looked at."]
      : []
  }

  private func checkData() throws -> DataReport {
    let report = report
    return try DataCheck.run(
      request.data, key: RandomKey(seed: request.settings.seed),
      progress: { done, total in report(.checking(done: done, total: total)) })
  }

  private func read(_ stored: RunConfiguration?) throws -> PreparedData {
    if stored == nil, let source = request.source,
      case .picture(let input) = source.configuration.classifier.input
    {
      guard
        request.options.size == .automatic
          || request.options.size == .pixels(width: input.width, height: input.height)
      else {
        throw InputError(
          "was trained on pictures of \(input.width)×\(input.height), and so is what starts from it",
          at: source.path, advice: "Leave --image-size out")
      }
    }
    let report = report
    return try PreparedData(
      request.data, options: request.preparation,
      input: stored?.classifier.input ?? request.source?.configuration.classifier.input,
      progress: { done, total in report(.reading(done: done, total: total)) })
  }

  /// What is said before training begins.
  private func announcement(of training: ClassifierTraining) -> [String] {
    let counts = training.model.parameterCounts
    let frozen = training.model.parameters.filter { named in
      training.settings.frozen.contains { named.path.hasPrefix($0) }
    }.map(\.parameter.shape.elementCount).reduce(0, +)
    let noun = training.data.medium.noun
    let task = training.description.task
    var lines = [
      """
      Training on \(NumberText.count(training.split.kept.count, noun)) of \
      \(NumberText.count(training.description.classes.count, task.labelNoun, plural: task.labelNouns)) at \
      \(training.description.input.summary), \
      \(training.split.heldOut.isEmpty ? "none" : NumberText.count(training.split.heldOut.count)) \
      set aside for validation.
      """,
      """
      Network \(training.description.network.name) with attention \
      \(training.description.network.attention): \
      \(NumberText.count(counts.trained - frozen)) trainable of \
      \(NumberText.count(counts.total, "parameter")).
      """,
    ]
    if case .cnn(let options) = training.description.network,
      let network = try? CNN(options, mechanisms: request.mechanisms),
      network.poolingBeforeAttention != 1
    {
      let window = network.poolingBeforeAttention
      lines.append(
        "The map is pooled \(window.height)×\(window.width) before attention, which looks at no more than "
          + "\(NumberText.count(CNN.mostPositions)) places.")
    }
    if let source = request.source {
      lines.append(
        "Started from \(source.path): \(training.transferred.joined(separator: ", ")) taken over.")
    }
    return lines
  }

  /// Finds out which way of highlighting does best, so that explaining needs no data; on the
  /// validation part, or on training pictures where there is none.
  private func studyHighlights(
    of trained: TrainedClassifier, _ prepared: PreparedData, _ split: StratifiedSplit
  ) async throws -> HighlightStudy? {
    guard request.studiesHighlights, let store = prepared.training as? PictureStore else {
      return nil
    }
    let isValidated = !split.heldOut.isEmpty
    do {
      let classifier = try ImageClassifier(trained, mechanisms: request.mechanisms)
      let study = try await classifier.studyHighlights(
        on: store, indices: isValidated ? split.heldOut : split.kept,
        part: isValidated ? "validation" : "training")
      try request.output.write(study)
      report(.note(study.summary))
      return study
    } catch let error as InputError {
      report(.note("Warning: no way of highlighting could be chosen: \(error)"))
      return nil
    }
  }

  /// The report's section on where the network looks; none where nothing was set aside.
  private func highlights(
    of trained: TrainedClassifier, _ study: HighlightStudy?,
    _ evaluated: (part: String, evaluation: DetailedEvaluation)?
  ) async throws -> [Section] {
    guard request.studiesHighlights, trained.medium == .picture,
      let (part, evaluation) = evaluated
    else { return [] }
    do {
      var classifier = try ImageClassifier(trained, mechanisms: request.mechanisms)
      classifier.highlightStudy = study
      return try await [
        HighlightGallery().section(
          of: classifier, evaluation.evaluation, in: evaluation.store, part: part)
      ].compactMap { $0 }
    } catch let error as InputError {
      report(.note("Warning: the report shows no highlights: \(error)"))
      return []
    }
  }

  /// The result on the test part, or on the validation part where there is none.
  private func evaluate(
    _ classifier: TrainedClassifier, _ prepared: PreparedData, _ split: StratifiedSplit
  ) async throws -> (part: String, evaluation: DetailedEvaluation)? {
    if let test = prepared.test {
      return ("test", try await classifier.detailedEvaluation(on: test, indices: test.usable))
    }
    guard !split.heldOut.isEmpty else { return nil }
    return (
      "validation",
      try await classifier.detailedEvaluation(on: prepared.training, indices: split.heldOut)
    )
  }
}
