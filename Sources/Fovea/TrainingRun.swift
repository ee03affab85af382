import FoundationEssentials
import FoveaReport
import Synchronization

/// A training from data to run directory: reads, trains, measures, writes the report.
package struct TrainingRun: Sendable {
  /// What is trained, on what, and where to.
  package struct Request: Sendable {
    package var data: LabelledData
    package var dataPath: String
    package var options = PreparedData.Options()
    /// The usual one for the data where nobody chose.
    package var template: NetworkDescription
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
    /// How many highlights the report shows at most; as many as take half a minute where not given.
    package var highlightCount: Int?

    /// How examples are read, for the network that is trained.
    package var preparation: PreparedData.Options { options.suiting(template) }

    /// The files that are read.
    fileprivate var inputs: InputFiles {
      InputFiles(
        data.files + ([dataPath, source?.path].compactMap { $0 }).map { URL(filePath: $0) })
    }

    package init(data: LabelledData, dataPath: String, output: RunDirectory) {
      self.data = data
      template = .usual(for: data.medium, data.training.task)
      self.dataPath = dataPath
      self.output = output
    }
  }

  /// What happens on the way.
  package enum Event: Sendable {
    /// Something a person should know.
    case note(String)
    /// Something happens in training, before or after it.
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

  let request: Request
  let report: @Sendable (Event) -> Void

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
      // Typed again with more epochs, it would end at once and leave the impression of having trained.
      guard
        stored.keptEpoch == nil || stored.divergence != nil
          || request.settings.epochs == TrainingSettings().epochs
          || request.settings.epochs <= stored.training.epochs
      else {
        throw InputError(
          "the run is finished: it was begun for \(NumberText.count(stored.training.epochs, "epoch")), and "
            + "what goes on keeps its settings", at: request.output.path,
          advice: "Begin another run for more epochs; \(.from) lets it start from these weights")
      }
      let medium = stored.classifier.input.medium
      if request.settings.suiting(medium) != stored.training, request.settings != TrainingSettings()
      {
        notes.append("The run goes on with the settings it began with; others are not looked at.")
      }
      notes += otherNetworkNotes(than: stored.classifier)
    }
    let folder = try request.output.folder(
      resumes ? .goingOn : .new(replacing: request.overwrites), verb: "train",
      inputs: { [request] in request.inputs })
    defer { folder.close() }
    if resumes {
      // Whoever comes second must not wait until all is read to be told.
      try folder.open()
    } else {
      if request.resumes {
        notes.append("There is no run in \(request.output.path) to go on with: a new one begins.")
      }
    }
    let count = request.data.training.examples.count + (request.data.test?.examples.count ?? 0)
    report(.note("Reading \(NumberText.count(count, request.data.medium.noun)) …"))
    notes += request.data.notes
    let prepared = try read(stored)
    var check: DataReport?
    var warnings: [String]?
    let run: ClassifierRun
    if resumes {
      run = try ClassifierRun(
        resuming: request.output, data: prepared, mechanisms: request.mechanisms)
    } else {
      let training = try ClassifierTraining(
        prepared, template: request.template, settings: request.settings,
        mechanisms: request.mechanisms, source: request.source)
      if request.checksData {
        let setAside = training.split.heldOut.count
        check = prepared.medium == .picture ? try checkData(settingAside: setAside) : nil
        // Of recordings and texts it is known what is the same, and no more.
        warnings = check?.warnings ?? prepared.copyWarnings(settingAside: setAside)
      }
      try request.output.open(folder)
      run = try ClassifierRun(
        training, in: request.output, dataPath: request.dataPath,
        startedFrom: request.source?.path, mechanisms: request.mechanisms,
        warnings: warnings, command: request.command,
        explainedCount: request.studiesHighlights ? request.highlightCount : 0)
    }
    notes += folder.notes + run.training.data.notes
    notes += (warnings ?? []).map { "Warning: \($0)" } + run.notes
    let split = run.training.split
    // That nothing measures the epochs is worth more than what else is to be minded.
    notes = split.heldOut.isEmpty ? split.notes + notes : notes + split.notes
    for note in notes { report(.note(note)) }
    for line in announcement(of: run.training) { report(.note(line)) }
    let (configuration, outcome) = try await run.execute(
      laterPasses: laterPasses(of: run.training)
    ) { report(.training($0)) }
    let trained = try TrainedClassifier(
      configuration: configuration, weights: outcome.weights, mechanisms: request.mechanisms)
    let (training, data) = (run.training, run.training.data)
    let measurement = try await measure(trained, data, training.split)
    let (study, sections) = try await explain(trained, data, training.split, measurement)
    report(.training(.writingReport))
    func seconds() -> Double { (ContinuousClock.now - start).seconds }
    let page = TrainingReport(
      run: run, classifier: trained, history: outcome.history, check: check,
      measurement: measurement, seconds: seconds(), wentOn: resumes
    ).page(adding: sections)
    try page.write(to: request.output.reportURL)
    let summary = TrainingSummary(
      run: request.output.path, classifier: trained, outcome: outcome,
      measurement: measurement, broken: data.training.broken, seconds: seconds(),
      wentOn: resumes)
    return Result(
      trained: trained, highlightStudy: study, mechanisms: request.mechanisms, summary: summary,
      history: outcome.history)
  }

  /// Examples that the network meets after training, in passes forward.
  private func laterPasses(of training: ClassifierTraining) throws -> Double {
    let looked = Double(min(training.split.kept.count, Self.gapExamples))
    guard let (_, _, indices) = measuredPart(training.data, training.split) else { return looked }
    let measuring = looked + Double(indices.count)
    guard studiesHighlights(training.data) else { return measuring }
    let forward = Double(
      try ComparisonStudy.Network(training.model, attention: "").floatingPointOperations)
    return measuring
      + Explainer.studyPasses(pictures: indices.count, forwardOperations: forward)
      + HighlightGallery(count: request.highlightCount).passes(
        pictures: indices.count, forwardOperations: forward)
  }

  private func studiesHighlights(_ data: PreparedData) -> Bool {
    request.studiesHighlights && data.medium == .picture
  }

  /// What is said where a run that goes on has another network or input than was asked for.
  private func otherNetworkNotes(than stored: ClassifierDescription) -> [String] {
    var isOther = false
    if request.namesNetwork {
      let asked = try? request.template.fitted(
        to: stored.input, classes: stored.classes.count)
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

  private func checkData(settingAside count: Int) throws -> DataReport {
    let report = report
    return try DataCheck.run(
      request.data, key: RandomKey(seed: request.settings.seed), settingAside: count,
      progress: { done, total in report(.training(.checking(done: done, of: total))) },
      comparing: { done, total in report(.training(.checking(done: done, of: total))) })
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
          at: source.path, advice: "Leave \(.imageSize) out")
      }
      guard request.options.channels != .grey || input.channels == .grey else {
        throw InputError(
          "was trained on pictures in colour, and so is what starts from it", at: source.path,
          advice: "Read them in colour, or begin without \(.from)")
      }
    }
    let report = report
    let (dataset, settings) = (request.data.training, request.settings)
    return try PreparedData(
      request.data, options: request.preparation,
      input: stored?.classifier.input ?? request.source?.configuration.classifier.input,
      learningFrom: {
        try StratifiedSplit.validation(of: dataset, among: $0, settings).kept
      },
      progress: { done, total in report(.training(.reading(done: done, of: total))) })
  }

  /// What is said before training begins.
  private func announcement(of training: ClassifierTraining) -> [String] {
    let counts = training.model.parameterCounts(freezing: training.settings.frozen)
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
      \(NumberText.count(counts.trained)) trainable of \
      \(NumberText.count(counts.total, "parameter")).
      """,
    ]
    lines += training.description.network.notes
    if let source = request.source {
      lines.append(
        "Started from \(source.path): \(training.transferred.joined(separator: ", ")) taken over.")
    }
    return lines
  }

  // MARK: After training

  /// Finds out which way of highlighting does best, so that explaining needs no data, on the validation
  /// part, or on training pictures where there is none; and makes the report's section on where the network
  /// looks, none where nothing was set aside.
  private func explain(
    _ trained: TrainedClassifier, _ data: PreparedData, _ split: StratifiedSplit,
    _ measurement: TrainingMeasurement?
  ) async throws -> (HighlightStudy?, [Section]) {
    guard studiesHighlights(data), let store = data.training as? PictureStore else {
      return (nil, [])
    }
    var study: HighlightStudy?
    let report = report
    let isValidated = !split.heldOut.isEmpty
    // Steps of the gallery, which come after those of the study.
    let shown = min(
      HighlightGallery(count: request.highlightCount).most,
      measurement?.evaluation.evaluation.examples.count ?? 0)
    let studied = Mutex(0)
    do {
      var classifier = try ImageClassifier(trained, mechanisms: request.mechanisms)
      do {
        study = try await classifier.studyHighlights(
          on: store, indices: isValidated ? split.heldOut : split.kept,
          part: isValidated ? "validation" : "training"
        ) { done, count in
          studied.withLock { $0 = count }
          report(.training(.explaining(done: done, of: count + shown)))
        }
      } catch let error as InputError {
        report(.note("Warning: no way of highlighting could be chosen: \(error)"))
      }
      if let study {
        try request.output.write(study)
        report(.note(study.summary))
      }
      guard let measurement else { return (study, []) }
      let evaluation = measurement.evaluation
      classifier.highlightStudy = study
      let before = studied.withLock { $0 }
      var gallery = HighlightGallery(count: request.highlightCount)
      gallery.progress = { done, _ in
        report(.training(.explaining(done: before + done, of: before + shown)))
      }
      let section = try await gallery.section(
        of: classifier, evaluation.evaluation, in: evaluation.store, part: measurement.part)
      return (study, [section].compactMap { $0 })
    } catch let error as InputError {
      report(.note("Warning: the report shows no highlights: \(error)"))
      return (study, [])
    }
  }
}
