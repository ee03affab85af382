import Foundation
import Fovea
import FoveaArray
import Testing

/// A summarizer that is trained from Swift.
struct SummarizerTests {
  private static let model = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "References/models/bert")

  @Test func whatIsTrainedIsTheSameWhenItIsLoaded() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let examples = (0..<12).map { index in
      Summarizer.Example(
        sentences: ["The word \(index).", "Another one is here.", "The last of all."],
        summaries: ["The last"])
    }
    var settings = TrainingSettings()
    settings.epochs = 2
    settings.threads = 1
    let trained = try await Summarizer.train(
      on: examples, model: Self.model, scorer: folder, settings: settings)
    #expect(trained.method == .trained)
    let text = "The word is here. Another word came. It is the last. All of them left."
    let loaded = try Summarizer(scorer: folder, model: Self.model, threads: 1)
    let summary = try await trained.summary(of: text, length: .sentences(2))
    #expect(summary.chosen.count == 2)
    #expect(try await loaded.summary(of: text, length: .sentences(2)) == summary)
    await #expect(throws: InputError.self) {
      try await Summarizer.train(on: examples, model: Self.model, scorer: folder)
    }
  }
}
