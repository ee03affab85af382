import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaMetrics
import Testing

struct ReportFileTests {
  private func scenes(tested: Int) throws -> LabelledData {
    try SceneSet(
      SceneOptions(kind: .feature, count: 64, contrast: 0.6, seed: 5), testCount: tested
    ).data()
  }

  private func inFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "fovea-report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  private func text(_ url: URL) throws -> String {
    String(decoding: try Data(contentsOf: url), as: UTF8.self).replacing("\u{A0}", with: " ")
  }

  @Test func trainingLeavesAReportWithItsNumbers() async throws {
    try await inFolder { folder in
      let run = RunDirectory(folder.appending(path: "run"))
      var request = TrainingRun.Request(
        data: try scenes(tested: 24), dataPath: "scenes", output: run)
      request.settings.epochs = 2
      request.settings.batchSize = 16
      request.command = ["fovea", "train", "my scenes"]
      request.studiesHighlights = false
      let result = try await TrainingRun(request).execute()
      let evaluation = try #require(result.summary.evaluation).classification
      let interval = evaluation.accuracyInterval
      let wrong = evaluation.itemCount - evaluation.confusion.correct
      let page = try text(run.reportURL)
      for words in [
        "Accuracy on 24 test pictures", NumberText.percent(evaluation.accuracy),
        "95 % interval \(NumberText.percentRange(interval.lower, interval.upper))",
        wrong == 0
          ? "None is wrong."
          : "\(wrong) of 24 pictures of the test part \(wrong == 1 ? "is" : "are") wrong",
        "\(NumberText.count(result.summary.totalParameters)), ",
        "fovea train &#39;my scenes&#39;", "48×48, all alike",
      ] {
        #expect(page.contains(words), "\(words)")
      }
      #expect(page.components(separatedBy: "<img ").count - 1 == wrong)

      // Going on with a run that is done shows what it began with.
      var again = TrainingRun.Request(
        data: try scenes(tested: 24), dataPath: "scenes", output: run)
      again.resumes = true
      again.studiesHighlights = false
      again.command = ["fovea", "train", "my scenes", "--resume"]
      _ = try await TrainingRun(again).execute()
      let shown = try text(run.reportURL)
      #expect(shown.contains("fovea train &#39;my scenes&#39;</pre>"))
      for warning in try run.configuration().data.warnings ?? [] {
        #expect(shown.contains(warning))
      }
    }
  }

  @Test func withoutTestPartTheReportSaysThatValidationChose() async throws {
    try await inFolder { folder in
      let run = RunDirectory(folder.appending(path: "run"))
      var request = TrainingRun.Request(
        data: try scenes(tested: 0), dataPath: "scenes", output: run)
      request.settings.epochs = 2
      request.settings.validationSplit = 0.25
      request.studiesHighlights = false
      let summary = try await TrainingRun(request).execute().summary
      let sentence =
        "These pictures chose the epoch and the temperature of probabilities, so new pictures will "
        + "probably fare a little worse."
      #expect(try text(run.reportURL).contains(sentence))
      #expect(summary.choseEpoch && summary.lines.contains { $0.hasSuffix(sentence) })
    }
  }

  @Test func aComparisonLeavesAReportWithItsVerdict() async throws {
    try await inFolder { folder in
      var request = StudyRun.Request(
        data: try scenes(tested: 24), dataPath: "scenes", output: folder.appending(path: "study"))
      request.settings.epochs = 1
      request.seedCount = 2
      request.showsHighlights = false
      let outcome = try await StudyRun(request).execute().outcome
      let page = try text(request.output.appending(path: "report.html"))
      #expect(page.contains(outcome.result.explanation))
      for arm in [Arm.plain, .augmented, .matched] {
        let trained = outcome.trained.filter { $0.arm == arm }
        let wrong = (0..<24).count { item in
          trained.contains { $0.evaluation?.isCorrect[item] == false }
        }
        let sentence =
          wrong == 0
          ? "None is wrong."
          : "\(wrong) of 24 test pictures \(wrong == 1 ? "was" : "were") wrong with one seed at least."
        #expect(page.contains(sentence))
      }
    }
  }
}
