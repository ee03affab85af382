import FoundationEssentials
import FoveaArray
import FoveaGraph
import FoveaInference
import FoveaKernels
import FoveaNN
import FoveaRuns
import Testing

/// Numbers of threads that cannot be.
struct ThreadCountTests {
  static let wrong = [0, -1, -3, 1025, 100_000, .min, .max]

  private func error(_ threads: Int) -> InputError {
    InputError(
      "the number of threads cannot be \(threads)", advice: "Give a number from 1 to 1024")
  }

  @Test("every loader refuses them before it reads anything", arguments: wrong)
  func loaders(threads: Int) {
    let nowhere = URL(filePath: "/nowhere")
    let loaders: [() throws -> Void] = [
      { _ = try ImageClassifier(contentsOf: nowhere, threads: threads) },
      { _ = try SoundClassifier(contentsOf: nowhere, threads: threads) },
      { _ = try TextClassifier(contentsOf: nowhere, threads: threads) },
      { _ = try SpeechRecognizer(contentsOf: nowhere, threads: threads) },
      { _ = try SentenceEmbedder(contentsOf: nowhere, threads: threads) },
      { _ = try TextGenerator(contentsOf: nowhere, threads: threads) },
      { _ = try Summarizer(scorer: nowhere, model: nowhere, threads: threads) },
    ]
    for load in loaders { #expect(throws: error(threads)) { try load() } }
  }

  @Test("settings and plans refuse them", arguments: wrong)
  func settings(threads: Int) {
    var settings = TrainingSettings()
    settings.threads = threads
    #expect(throws: error(threads)) { try settings.check() }
    var options = CompileOptions()
    options.threads = threads
    let graph = Graph()
    let sum = graph.constant(1) + graph.constant(2)
    #expect(throws: error(threads)) { try graph.compile(outputs: ["sum": sum], options: options) }
  }

  @Test("a thousand are allowed, and no more are started than can be of use")
  func many() throws {
    var settings = TrainingSettings()
    settings.threads = 1000
    try settings.check()
    var options = CompileOptions()
    options.threads = 1000
    let graph = Graph()
    let sum = graph.constant(1) + graph.constant(2)
    let plan = try graph.compile(outputs: ["sum": sum], options: options)
    #expect(plan.threads == min(1000, max(64, 4 * KernelTeam.processors)))
  }
}
