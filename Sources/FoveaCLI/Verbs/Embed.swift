public import ArgumentParser
import FoundationEssentials
public import Fovea
import FoveaArray

struct Embed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a vector of each text, near to those of texts that mean the same.",
    discussion: """
      fovea embed letters/*.txt --model all-MiniLM-L6-v2 > vectors.jsonl
      fovea embed questions.txt --lines --model all-MiniLM-L6-v2
      fovea embed news.csv --text-column body --model all-MiniLM-L6-v2
      fovea embed questions.txt --lines --model all-MiniLM-L6-v2 --precision int8
      """)

  @Argument(
    help: ArgumentHelp(
      "Text files, tables of texts (.csv, .tsv, .jsonl), or - for standard input.",
      valueName: "file"),
    completion: .file())
  var paths: [String]

  @Option(
    help: "The model's folder: config.json, model.safetensors and a tokenizer.",
    completion: .directory)
  var model: String

  @Flag(help: "Each line of a file is a text of its own, of a table too.")
  var lines = false

  @Option(help: "Tables: the column of the texts.")
  var textColumn = "text"

  @Option(
    help:
      "float32, or int8: products of bytes, faster where the processor has VNNI, with almost the same vectors."
  )
  var precision = SentenceEmbedder.Precision.float32

  @Option(help: "all, or a number of threads.")
  var threads = "all"

  @Flag(name: .shortAndLong, help: "No notes.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Errors are an object of JSON too, as results always are.")
  var json = false

  /// A text's result as one line of JSON.
  private struct Line: Encodable {
    let schemaVersion = 1
    let path: String
    /// The line of the file, counted from 1; lines that hold nothing have no result.
    let line: Int?
    /// The row of the table, the names of whose columns are row 1.
    let row: Int?
    let embedding: [Float]
    /// Tokens that were left out at the end.
    let droppedTokens: Int
  }

  func run() async throws {
    let console = Console(isQuiet: quiet || json)
    let embedder = try SentenceEmbedder(
      contentsOf: URL(filePath: model), precision: precision, threads: try threadCount(threads))
    var cut = 0
    for path in paths {
      let isTable = !lines && TextSources.isTable(path)
      let numbered: [(number: Int, text: String)] =
        try lines
        ? TextReading.lines(path)
        : isTable
          ? TextSources.rows(of: path, column: textColumn).map { ($0.row, $0.text) }
          : [(1, TextReading.read(path))]
      let texts = numbered.map(\.text)
      // A chunk at a time: results come early, and a file of any length fits into memory.
      for start in stride(from: 0, to: texts.count, by: 1024) {
        let part = Array(texts[start..<min(start + 1024, texts.count)])
        let vectors = try await embedder.embeddings(of: part)
        for (index, vector) in vectors.enumerated() {
          let dropped = embedder.droppedTokens(of: part[index])
          if dropped > 0 { cut += 1 }
          let number = numbered[start + index].number
          let line = Line(
            path: path, line: lines ? number : nil, row: isTable ? number : nil,
            embedding: vector, droppedTokens: dropped)
          try StandardOutput.json(line)
        }
      }
    }
    if cut > 0 {
      console.note(
        "\(NumberText.count(cut, "text")) \(cut == 1 ? "is" : "are") longer than the "
          + "\(NumberText.count(embedder.maximumLength)) tokens that are read: what is behind them does "
          + "not count.")
    }
  }
}

extension SentenceEmbedder.Precision: ExpressibleByArgument {}
