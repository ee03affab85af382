import Foundation
import FoveaTestSupport
import Testing

/// Every verb on every network's run and every medium's data, in every form, as the command's own help
/// lists them: it ends as it should, says something, and never by a signal.
@Suite(.serialized) struct GridTests {
  @Test func everyNetworkLearnsWhatSuitsItAndRefusesTheRest() async throws {
    let material = try await GridMaterial.shared.value
    let tree = try await CommandTree.shared.value
    let tasks = tree.verbs.first { $0.path == ["train"] }?.argument("task")?.allValues
    #expect(material.data.map(\.task) == tasks, "a task without made data")
    #expect(material.pretraining.code == 0, "\(material.pretraining.errors)")
    for training in material.trainings {
      let text = "fovea \(training.arguments.joined(separator: " ")): \(training.outcome.errors)"
      #expect(training.outcome.code == (training.isExpected ? 0 : 1), "\(text)")
      #expect(training.isExpected || training.outcome.errors.contains("fovea: "), "\(text)")
    }
  }

  @Test func everyVerbExplainsItselfAndWhatItLacks() async throws {
    let folder = try TemporaryFolder()
    let cells = try await CommandTree.shared.value.verbs.flatMap { GridCell.aboutItself($0) }
    let problems = try await concurrently(cells) { try await $0.problems(in: folder.url) }
    for problem in problems.joined() { Issue.record("\(problem)") }
  }

  @Test func everyVerbOnEveryRunAndMediumEndsAsItShould() async throws {
    let material = try await GridMaterial.shared.value
    let verbs = try await CommandTree.shared.value.verbs
    let cells = verbs.flatMap { GridCell.all($0, material) }
    #expect(cells.count > 20 * material.runs.count)
    let problems = try await concurrently(cells) { cell in
      try await cell.problems(in: material.folder.url)
    }
    for problem in problems.joined() { Issue.record("\(problem)") }
  }
}
