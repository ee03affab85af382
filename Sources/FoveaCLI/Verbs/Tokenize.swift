import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray

struct Tokenize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how a model cuts a text into tokens.",
    discussion: """
      fovea tokenize letter.txt --model all-MiniLM-L6-v2
      fovea tokenize letter.txt --model gpt2 --json
      fovea tokenize letters.txt --model gpt2 --speed
      """)

  @Argument(
    help: ArgumentHelp("A text file, or - for standard input.", valueName: "file"),
    completion: .file())
  var path: String

  @Option(
    help: "The folder with the model's tokenizer, or a tokenizer.json.", completion: .directory)
  var model: String

  @Flag(help: "Cut each line as a text and print tokens and megabytes a second.")
  var speed = false

  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Result: Encodable {
    struct Token: Encodable {
      let id: Int32
      let token: String
      let start: Int
      let end: Int
    }

    /// Characters are counted in Unicode scalars from 0.
    let tokens: [Token]
  }

  private struct Speed: Encodable {
    let tokens: Int
    let megabytesPerSecond: Double
  }

  func run() throws {
    let tokenizer = try Tokenizer(contentsOf: URL(filePath: model))
    let text = try TextReading.read(path)
    if speed { return try measure(tokenizer, text) }
    let tokens = tokenizer.encode(text)
    let result = Result(
      tokens: zip(tokens.ids, tokens.characterRanges(in: text)).map { id, range in
        Result.Token(
          id: id, token: tokenizer.token(id) ?? "", start: range.lowerBound, end: range.upperBound)
      })
    var table = TextTable([.text("token"), .number("id"), .number("start"), .number("end")])
    for token in result.tokens {
      table.append([token.token, "\(token.id)", "\(token.start)", "\(token.end)"])
    }
    try output.printResult(result, table.lines())
  }

  private func measure(_ tokenizer: Tokenizer, _ text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let bytes = lines.reduce(0) { $0 + $1.utf8.count }
    var best = Duration.seconds(3600)
    var count = 0
    for _ in 0..<3 {
      best = min(
        best,
        ContinuousClock().measure {
          count = lines.reduce(0) { $0 + tokenizer.encode($1).count }
        })
    }
    let result = Speed(tokens: count, megabytesPerSecond: Double(bytes) / best.seconds / 1e6)
    try output.printResult(
      result,
      [
        "\(count) tokens, \(NumberText.fixed(result.megabytesPerSecond, decimals: 2)) MB/s on one thread"
      ])
  }
}
