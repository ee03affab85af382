import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaMetrics
import Testing

struct DemonstrationTests {
  private static func smallSize() -> Demonstration.Size {
    var size = Demonstration.Size()
    size.trainingCount = 96
    size.testCount = 48
    size.epochs = 1
    size.seedCount = 2
    return size
  }

  @Test func givesWhatScenesInFilesAndAComparisonGive() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "fovea-demo-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let size = Self.smallSize()
    let outcome = try await Demonstration(output: folder.appending(path: "demo"), size: size).run()
    #expect(outcome.searches.map(\.task.name) == ["hard", "easy"])

    let search = outcome.searches[0]
    let scenes = folder.appending(path: "scenes")
    try SceneWriter.write(
      SceneSet(
        SceneOptions(kind: .feature, count: 96, contrast: 0.3, seed: 1), testCount: 48),
      to: scenes)
    var request = StudyRun.Request(
      data: try LabelledSource.read(scenes, options: LabelledSourceOptions()),
      dataPath: "scenes", output: folder.appending(path: "study"))
    request.settings = SearchTask.training(size)
    request.template.widths = [16, 32]
    request.template.kernelSizes = [5, 3]
    request.template.head = .mean
    request.seedCount = 2
    let study = try await StudyRun(request).execute()
    #expect(study.outcome.results == search.study.outcome.results)
    #expect(
      study.outcome.trained.map(\.best?.validationLoss)
        == search.study.outcome.trained.map(\.best?.validationLoss))
  }

  @Test func theSlopeCountsWhatEachNetworkLosesWithEachDistractor() throws {
    let scenes = try SceneSet(
      SceneOptions(kind: .feature, count: 4, contrast: 1, noise: 0, distractors: 0...2, seed: 3),
      testCount: 60
    ).test
    // The plain twin is right among no distractors only, attention always; the control with one
    // seed of two.
    let results = try PairedResults(
      seeds: ["1", "2"], items: scenes.map(\.name),
      plain: Array(repeating: scenes.map { $0.scene.distractorCount == 0 }, count: 2),
      augmented: Array(repeating: scenes.map { _ in true }, count: 2),
      matched: [scenes.map { _ in true }, scenes.map { _ in false }])
    let slope = try SearchSlope(results, scenes: scenes)
    #expect(slope.points.map(\.distractors) == [0, 1, 2])
    #expect(slope.points.map(\.sceneCount).reduce(0, +) == 60)
    #expect(slope.points.map { $0.accuracy[.plain] } == [1, 0, 0])
    #expect(slope.points.map { $0.accuracy[.matched] } == [0.5, 0.5, 0.5])
    #expect(slope.changePerDistractor[.augmented] == 0)
    // Least squares by hand: Σ (x − x̄)(y − ȳ) / Σ (x − x̄)².
    let x = scenes.map { Double($0.scene.distractorCount) }
    let y = x.map { $0 == 0 ? 1.0 : 0 }
    let (xMean, yMean) = (x.reduce(0, +) / 60, y.reduce(0, +) / 60)
    let covariance = zip(x, y).map { ($0 - xMean) * ($1 - yMean) }.reduce(0, +)
    let expected = covariance / x.map { ($0 - xMean) * ($0 - xMean) }.reduce(0, +)
    #expect(abs((slope.changePerDistractor[.plain] ?? 0) - expected) < 1e-12)
    // Without noise and at full contrast the filter misses nothing.
    #expect(slope.filterAccuracy == 1)
  }

  @Test func theSummaryIsOneObjectWithNamedNetworks() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "fovea-demo-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var size = Self.smallSize()
    size.seedCount = 1
    let outcome = try await Demonstration(output: folder, size: size).run()
    let text = String(decoding: try JSONText.encoded(outcome.summary), as: UTF8.self)
    #expect(text.contains(#""augmented" : "#))
    let stored = try Data(contentsOf: folder.appending(path: "demo.json"))
    #expect(try JSONDecoder().decode(DemonstrationSummary.self, from: stored).searches.count == 2)
    for search in outcome.summary.searches {
      #expect(search.slope.points.map(\.sceneCount).reduce(0, +) == size.testCount)
    }
  }
}
