import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray

struct Generate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Goes on with a text, by a model of language.",
    discussion: """
      fovea generate --model gpt2 --prompt "Attention is"
      fovea generate --model gpt2 --prompt-file letter.txt --temperature 0.7 --top-p 0.9 --seed 3

      The same seed gives the same text. What is written is not checked by anything or anybody.
      """)

  @Option(
    help: "The model's folder: config.json, model.safetensors and a tokenizer.",
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

  @Option(help: "all, or a number of threads.")
  var threads = "all"

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if prompt != nil, promptFile != nil {
      throw ValidationError("Give --prompt or --prompt-file, not both.")
    }
  }

  /// What `--json` prints.
  private struct Result: Encodable {
    let prompt: String
    let text: String
    let ids: [Int32]
    let end: TextGenerator.End
    let seed: UInt64
  }

  func run() async throws {
    var options = TextGenerator.Options(
      maximumTokens: tokens, temperature: temperature, topK: topK, topP: topP, seed: seed)
    options.usesCache = !noCache
    let generator = try TextGenerator(
      contentsOf: URL(filePath: model), threads: try threadCount(threads))
    let prompt = try promptFile.map { try TextReading.read($0) } ?? prompt ?? ""
    let generated = try await generator.text(after: prompt, options: options)
    if generated.end == .modelLength {
      output.console.note("the model sees no more than \(generator.length) tokens")
    }
    try output.printResult(
      Result(
        prompt: prompt, text: generated.text, ids: generated.ids, end: generated.end, seed: seed),
      (prompt + generated.text).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline
      ).map { TerminalText.printable(String($0)) })
  }
}
