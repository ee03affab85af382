package import FoundationEssentials
import FoveaReport

/// The main job on data that Fovea makes itself: one search where attention helps and one where it
/// has nothing to add, so that an honest verdict must differ.
package struct Demonstration: Sendable {
  /// How much is made and trained.
  package struct Size: Codable, Sendable {
    package var trainingCount = 4_000
    package var testCount = 1_500
    package var epochs = 8
    package var seedCount = 3
    /// Scenes and networks follow from it.
    package var seed: UInt64 = 1

    package init() {}
  }

  /// What happens on the way.
  package enum Event: Sendable {
    case began(SearchTask)
    case study(StudyRun.Event)
  }

  /// What one search came to.
  package struct Search: Sendable {
    package let task: SearchTask
    package let study: StudyRun.Result
    package let slope: SearchSlope
    package let highlights: SearchHighlights
  }

  /// What the demonstration came to.
  package struct Outcome: Sendable {
    package let searches: [Search]
    package let summary: DemonstrationSummary
  }

  package let output: URL
  package let size: Size
  private let overwrites: Bool
  private let report: @Sendable (Event) -> Void

  /// A demonstration whose studies and report lie in `output`.
  package init(
    output: URL, size: Size = Size(), overwrites: Bool = false,
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    self.output = output
    self.size = size
    self.overwrites = overwrites
    self.report = report
  }

  /// Makes the scenes, trains what is not trained yet, compares.
  ///
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled: what is trained is
  ///   kept, and the same call goes on.
  package func run() async throws -> Outcome {
    let start = ContinuousClock.now
    let folder = try OwnedFolder(output, .demonstration, .goingOn, verb: "demo")
    try folder.open()
    defer { folder.close() }
    var searches: [Search] = []
    for task in [SearchTask.hard, .easy] {
      report(.began(task))
      searches.append(try await search(task))
    }
    let summary = DemonstrationSummary(
      searches: searches, size: size, seconds: (ContinuousClock.now - start).seconds)
    try folder.write(JSONText.encoded(summary), to: "demo.json")
    let page = try DemonstrationPage(searches: searches, summary: summary).page()
    try page.write(to: folder.place(for: "report.html"))
    return Outcome(searches: searches, summary: summary)
  }

  private func search(_ task: SearchTask) async throws -> Search {
    let scenes = try task.scenes(size)
    var request = StudyRun.Request(
      data: try scenes.data(), dataPath: "scenes", output: output.appending(path: task.name))
    request.settings = SearchTask.training(size)
    request.template.widths = SearchTask.widths
    request.template.kernelSizes = [5, 3]
    request.template.head = .mean
    request.seedCount = size.seedCount
    request.overwrites = overwrites
    request.isInside = true
    // The page shows highlights of its own, held against where the target is.
    request.showsHighlights = false
    let report = report
    let study = try await StudyRun(request) { report(.study($0)) }.execute()
    return Search(
      task: task, study: study, slope: try SearchSlope(study.outcome.results, scenes: scenes.test),
      highlights: try await SearchHighlights(study, scenes: scenes.test))
  }
}

extension FolderKind {
  /// The folder of a demonstration, with a comparison for each search.
  static let demonstration = FolderKind(
    "demonstration",
    ["demo.json", "report.html"]
      + [SearchTask.hard, .easy].flatMap { task in
        FolderKind.comparison.patterns(below: PathPattern(task.name))
      },
    recognizes: { folder, files in
      let search = SearchTask.hard.name + "/"
      return FolderKind.comparison.made(
        folder.appending(path: SearchTask.hard.name),
        files.filter { $0.hasPrefix(search) }.map { String($0.dropFirst(search.count)) })
        && (!files.contains("report.html") || files.contains("demo.json"))
    })
}
