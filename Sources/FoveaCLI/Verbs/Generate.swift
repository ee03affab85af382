import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray

struct Generate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Goes on with a text, by a model of language.",
    discussion: """
      fovea generate --model gpt2 --prompt "Attention is" --filter runs/toxic --filter-class toxic
      fovea generate --model gpt2 --prompt-file letter.txt --temperature 0.7 --seed 3 --no-filter
      fovea generate --model runs/language --prompt "The match" --no-filter

      The same seed gives the same text. What is written passes a classifier of texts that you trained, \
      sentence by sentence; what that stops is said, and it misses some.
      """)

  @Option(
    help: """
      The model's folder: config.json, model.safetensors and a tokenizer; or a run of fovea pretrain \
      --objective causal.
      """,
    completion: .directory)
  var model: String

  @Option(help: "What the text begins with.")
  var prompt: String?

  @Option(help: "The file with what the text begins with, or -.", completion: .file())
  var promptFile: String?

  @Option(parsing: .unconditional, help: "Tokens that are added at most.")
  var tokens = 100

  @Option(
    parsing: .unconditional,
    help: "Below 1 likely tokens become likelier; 0 always takes the likeliest.")
  var temperature = 1.0

  @Option(parsing: .unconditional, help: "Draw from so many of the likeliest tokens only.")
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: "Draw from the likeliest tokens only whose probabilities together reach this.")
  var topP = 1.0

  @Option(help: "Draws follow from it.")
  var seed: UInt64 = 1

  @Flag(help: "Compute all positions again for each token.")
  var noCache = false

  @Option(
    help: "The run of a classifier of texts that stops sentences.", completion: .directory)
  var filter: String?

  @Option(help: "The class that is stopped.")
  var filterClass: String?

  @Option(parsing: .unconditional, help: "The probability from which a sentence is stopped.")
  var filterThreshold = 0.5

  @Flag(help: "Let everything through.")
  var noFilter = false

  @Option(help: "all, or a number of threads.")
  var threads = "all"

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if prompt != nil, promptFile != nil {
      throw ValidationError("Give --prompt or --prompt-file, not both.")
    }
    guard (filter != nil) != noFilter else {
      throw ValidationError(
        "Give --filter RUN with --filter-class NAME, or --no-filter to let everything through.")
    }
    guard (filter != nil) == (filterClass != nil) else {
      throw ValidationError("--filter and --filter-class belong together.")
    }
  }

  /// What `--json` prints.
  private struct Result: Encodable {
    let prompt: String
    let text: String
    /// The tokens that were written; left out where anything of the text was stopped.
    let ids: [Int32]?
    let end: TextGenerator.End
    let seed: UInt64
    let isFiltered: Bool
    let stopped: [OutputFilter.Checked.Stop]
  }

  func run() async throws {
    var options = TextGenerator.Options(
      maximumTokens: tokens, temperature: temperature, topK: topK, topP: topP, seed: seed)
    options.usesCache = !noCache
    let generator = try TextGenerator(
      contentsOf: URL(filePath: model), threads: try threadCount(threads))
    let prompt = try promptFile.map { try TextReading.read($0) } ?? prompt ?? ""
    let outputFilter = try filter.map {
      try OutputFilter(
        TextClassifier(contentsOf: URL(filePath: $0)), stopping: filterClass ?? "",
        above: filterThreshold)
    }
    let generated = try await generator.text(after: prompt, options: options)
    let checked = try await outputFilter?.checked(generated.text)
    let text = checked?.text ?? generated.text
    let stopped = checked?.stopped ?? []
    if outputFilter == nil {
      output.console.note("What follows is not filtered: --no-filter was given.")
    } else if !stopped.isEmpty {
      output.console.note(
        "The filter stopped \(NumberText.count(stopped.count, "part")): "
          + stopped.map {
            "characters \($0.start) to \($0.end), \(filterClass ?? "") "
              + NumberText.percent($0.probability)
          }.joined(separator: "; "))
    }
    if generated.end == .modelLength {
      output.console.note("the model sees no more than \(generator.length) tokens")
    }
    try output.printResult(
      Result(
        prompt: prompt, text: text, ids: stopped.isEmpty ? generated.ids : nil,
        end: generated.end, seed: seed, isFiltered: outputFilter != nil, stopped: stopped),
      (prompt + text).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline
      ).map(String.init))
  }
}
