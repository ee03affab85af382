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
      fovea embed questions.txt --lines --model all-MiniLM-L6-v2 --precision int8
      """)

  @Argument(
    help: ArgumentHelp("Text files, or - for standard input.", valueName: "file"),
    completion: .file())
  var paths: [String]

  @Option(
    help: "The model's folder: config.json, model.safetensors and a tokenizer.",
    completion: .directory)
  var model: String

  @Flag(help: "Each line of a file is a text of its own.")
  var lines = false

  @Option(help: "float32, or int8: products of bytes, faster and almost the same vectors.")
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
    /// Counted from 1 among the lines that hold something.
    let line: Int?
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
      let texts = try lines ? TextReading.lines(path) : [TextReading.read(path)]
      // A chunk at a time: results come early, and a file of any length fits into memory.
      for start in stride(from: 0, to: texts.count, by: 1024) {
        let part = Array(texts[start..<min(start + 1024, texts.count)])
        let vectors = try await embedder.embeddings(of: part)
        for (index, vector) in vectors.enumerated() {
          let dropped = embedder.droppedTokens(of: part[index])
          if dropped > 0 { cut += 1 }
          let line = Line(
            path: path, line: lines ? start + index + 1 : nil, embedding: vector,
            droppedTokens: dropped)
          try StandardOutput.json(line)
        }
      }
    }
    if cut > 0 {
      console.note(
        "\(cut) texts were longer than the \(embedder.maximumLength) tokens that are read; "
          + "their ends do not count")
    }
  }
}

extension SentenceEmbedder.Precision: ExpressibleByArgument {}
