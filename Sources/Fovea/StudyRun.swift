package import FoundationEssentials
import FoveaReport

/// A comparison from data to report: reads, trains every network of every seed, compares.
package struct StudyRun: Sendable {
  /// What is compared, on what, and where to.
  package struct Request: Sendable {
    package var data: LabelledData
    package var dataPath: String
    package var options = PreparedData.Options()
    /// The usual one for the data where nobody chose.
    package var template: NetworkDescription
    package var settings = TrainingSettings()
    package var mechanisms = AttentionCatalog.builtIn
    /// How many seeds, counted up from the settings' seed.
    package var seedCount = 5
    package var output: URL
    /// Whether a study with other settings that is there may be replaced.
    package var overwrites = false
    /// Whether a folder around it is a demonstration's.
    package var isInside = false
    /// Whether the report shows where the networks look.
    package var showsHighlights = true
    /// How many highlights of each network it shows at most; as many as take a quarter of a minute where not
    /// given.
    package var highlightCount: Int?
    /// The words of the command that asked for it, for the report; `nil` from Swift.
    package var command: [String]?

    /// How examples are read, for the network that is trained.
    package var preparation: PreparedData.Options { options.suiting(template) }

    package init(data: LabelledData, dataPath: String, output: URL) {
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
    /// Something happens before or after the trainings.
    case phase(TrainingEvent)
    /// Something happens in the study.
    case study(ComparisonStudy.Event)
  }

  /// What a study came to.
  package struct Result: Sendable {
    package let outcome: ComparisonStudy.Outcome
    package let summary: StudySummary
    package let study: ComparisonStudy
  }

  private let request: Request
  private let report: @Sendable (Event) -> Void

  package init(_ request: Request, report: @escaping @Sendable (Event) -> Void = { _ in }) {
    self.request = request
    self.report = report
  }

  /// Trains what is not trained yet and compares.
  ///
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled: what is done is kept.
  package func execute() async throws -> Result {
    let seeds = try seeds()
    let start = ContinuousClock.now
    let folder = try folder()
    defer { folder.close() }
    let count = request.data.training.examples.count + (request.data.test?.examples.count ?? 0)
    report(.note("Reading \(NumberText.count(count, request.data.medium.noun)) …"))
    for note in request.data.notes { report(.note(note)) }
    let report = report
    let (labelled, settings) = (request.data, request.settings)
    let prepared = try PreparedData(
      request.data, options: request.preparation,
      learningFrom: { try ComparisonStudy.candidates(of: labelled, among: $0, settings) },
      progress: { done, total in report(.phase(.reading(done: done, of: total))) })
    var study = try ComparisonStudy(
      prepared, template: request.template, settings: request.settings,
      seeds: seeds, folder: request.output,
      dataPath: request.dataPath, mechanisms: request.mechanisms)
    let warnings = study.copyWarnings
    for line in study.data.notes { report(.note(line)) }
    for warning in warnings { report(.note("Warning: \(warning)")) }
    try folder.open()
    try folder.makeFolder("runs")
    study.identity = folder.identity
    // Trainings that are replaced are gone now, so that the study goes on with none of them.
    for note in folder.notes + study.notes { report(.note(note)) }
    let aside =
      prepared.test == nil
      ? "\(NumberText.count(study.testIndices.count)) others" : "the test part"
    let task = prepared.training.dataset.task
    report(
      .note(
        """
        Training on \(NumberText.count(study.trainingCount, prepared.medium.noun)) of \
        \(NumberText.count(prepared.classes.count, task.labelNoun, plural: task.labelNouns)) at \
        \(study.data.training.modelInput.summary), \
        \(study.validationCount == 0 ? "none" : NumberText.count(study.validationCount)) for \
        validation, scored on \(aside).
        """))
    let outcome = try await study.run { report(.study($0)) }
    let sections =
      [outcome.control.map(Self.section(on:))].compactMap { $0 }
      + (try await highlights(study, outcome))
    report(.phase(.writingReport))
    let summary = StudySummary(
      study: study, outcome: outcome, warnings: warnings,
      seconds: (ContinuousClock.now - start).seconds)
    try write(study, outcome, summary, to: folder, highlights: sections)
    return Result(outcome: outcome, summary: summary, study: study)
  }

  /// The seeds, counted up from the first.
  ///
  /// - Throws: `InputError` for a number of them that cannot be.
  private func seeds() throws -> [UInt64] {
    let (first, count) = (request.settings.seed, request.seedCount)
    guard count >= 1 else {
      throw InputError("a comparison over \(count) seeds cannot be", advice: "Give 1 or more")
    }
    try NumberCheck.require("the number of seeds", count, in: Self.seedCounts)
    let (last, overflows) = first.addingReportingOverflow(UInt64(count - 1))
    guard !overflows else {
      throw InputError(
        "\(NumberText.count(count, "seed")) from \(first) on cannot be counted",
        advice: "Give a first seed of \(UInt64.max - UInt64(count - 1)) at most")
    }
    return Array(first...last)
  }

  /// How many seeds there may be.
  package static let seedCounts = 1...10_000

  /// The folder to write into: what is there goes on, or makes room.
  private func folder() throws -> OwnedFolder {
    let request = request
    return try OwnedFolder(
      request.output, .comparison, request.overwrites ? .new(replacing: true) : .goingOn,
      verb: "compare", isInside: request.isInside,
      inputs: { InputFiles(request.data.files + [URL(filePath: request.dataPath)]) })
  }

  /// The report's sections on where the networks with and without attention look, each with its
  /// first seed, by the method that does best on it.
  private func highlights(
    _ study: ComparisonStudy, _ outcome: ComparisonStudy.Outcome
  ) async throws -> [Section] {
    guard request.showsHighlights, request.data.medium == .picture else { return [] }
    var sections: [Section] = []
    for arm in [Arm.augmented, .plain] {
      let first = outcome.trained.first { $0.arm == arm && $0.evaluation != nil }
      guard let trained = first, let evaluation = trained.evaluation else { continue }
      do {
        var classifier = try ImageClassifier(
          contentsOf: trained.directory.url, mechanisms: request.mechanisms,
          networks: trained.directory.networks)
        if let store = study.data.training as? PictureStore {
          classifier.highlightStudy = try await highlightStudy(of: trained, classifier, store)
        }
        let report = report
        var gallery = HighlightGallery(
          count: request.highlightCount, most: 12, operations: 1.5e12)
        gallery.progress = { done, count in
          report(.phase(.explaining(done: done, of: count)))
        }
        sections += try await [
          gallery.section(
            of: classifier, evaluation, in: study.testStore, part: "test",
            title: "Where the \(arm.rawValue) network looks")
        ].compactMap { $0 }
      } catch let error as InputError {
        report(
          .note("Warning: the report shows no highlights of the \(arm.rawValue) network: \(error)"))
      }
    }
    return sections
  }

  /// Which way of highlighting does best on a network's validation part, found once and kept with
  /// its run.
  private func highlightStudy(
    of trained: ComparisonStudy.Trained, _ classifier: ImageClassifier, _ store: PictureStore
  ) async throws -> HighlightStudy {
    if let known = try trained.directory.highlightStudy() { return known }
    let isValidated = !trained.split.heldOut.isEmpty
    let report = report
    let found = try await classifier.studyHighlights(
      on: store,
      indices: isValidated ? trained.split.heldOut : trained.split.kept,
      part: isValidated ? "validation" : "training"
    ) { done, count in report(.phase(.explaining(done: done, of: count))) }
    try trained.directory.write(found)
    return found
  }

  /// The report's section on what stands beside the comparison.
  private static func section(on control: ControlResult) -> Section {
    let against = control.augmentedAgainst
    let interval =
      against.interval.map {
        "95 % interval \(NumberText.pointRange($0.lower, $0.upper))"
      } ?? against.intervalMissing ?? "no interval"
    return Section(
      "Beside: \(control.title)",
      [
        Paragraph(
          "Its mean accuracy is \(NumberText.percent(control.accuracy)). The network with attention is "
            + "\(NumberText.points(against.meanDifference)) points from it, \(interval)."
            + (control.divergedSentence.map { " \($0)" } ?? ""))
      ])
  }

  private func write(
    _ study: ComparisonStudy, _ outcome: ComparisonStudy.Outcome, _ summary: StudySummary,
    to folder: OwnedFolder, highlights: [Section]
  ) throws {
    try folder.write(JSONText.encoded(summary), to: "comparison.json")
    var rows: [[String]] = []
    let (words, groups) = (outcome.results.words, outcome.results.groups)
    let silent = outcome.results.diverged.filter { !$0.isScored }
    func cell(_ arm: Arm, _ index: Int) -> String {
      guard let errors = outcome.results.errors(of: arm)?[index] else { return "" }
      return words == nil ? (errors == 0 ? "1" : "0") : "\(errors)"
    }
    for (seed, seedName) in outcome.results.seeds.enumerated() {
      for (item, itemName) in outcome.results.items.enumerated() {
        let index = seed * outcome.results.items.count + item
        rows.append(
          [seedName, itemName] + (groups.map { [$0[item] ?? ""] } ?? [])
            + (words.map { ["\($0[item])"] } ?? [])
            + [Arm.plain, .augmented, .matched].map { cell($0, index) }
            + (silent.isEmpty
              ? []
              : [
                silent.filter { $0.seed == seedName }.map(\.arm.rawValue).joined(separator: " ")
              ]))
      }
    }
    try folder.write(
      CSVTable.encoded(
        columns: ["seed", "item"] + (groups == nil ? [] : ["group"])
          + (words == nil ? [] : ["words"])
          + ["plain", "augmented", "matched"] + (silent.isEmpty ? [] : ["diverged"]), rows: rows),
      to: "results.csv")
    let page = try ComparisonReport(
      study: study, outcome: outcome, summary: summary, dataPath: request.dataPath,
      notes: request.data.notes, command: request.command
    ).page(adding: highlights)
    try page.write(to: folder.place(for: "report.html"))
  }
}
