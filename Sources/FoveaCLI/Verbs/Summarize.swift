public import ArgumentParser
import FoundationEssentials
public import Fovea
import FoveaArray
import FoveaInference
import FoveaReport

extension SummaryMethod: ExpressibleByArgument {}

struct Summarize: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Picks the sentences of a text that stand for all of it.",
    discussion: """
      fovea summarize article.txt --sentences 3
      fovea summarize article.txt --words 60 --marked
      fovea summarize article.txt --model all-MiniLM-L6-v2 --html article.html
      fovea summarize articles.jsonl --against summaries --sentences 1

      Nothing is written anew: sentences are chosen in their places, in any language.
      """)

  @Argument(
    help: ArgumentHelp("A text file, or - for standard input.", valueName: "file"),
    completion: .file())
  var path: String

  @Option(
    parsing: .unconditional,
    help: "Sentences of the summary. (default: a fifth of the text's, five at most)")
  var sentences: Int?

  @Option(parsing: .unconditional, help: "Words of the summary at most, in place of sentences.")
  var words: Int?

  @Option(
    help: """
      lead (the first sentences), lexrank, textrank, or centrality of embeddings, which needs \
      --model. (default: lexrank, with --model centrality)
      """)
  var method: SummaryMethod?

  @Option(help: "The folder of a model of sentence embeddings.", completion: .directory)
  var model: String?

  @Flag(help: "Print the whole text with the sentences marked.")
  var marked = false

  @Option(help: "Write a page with the sentences marked.", completion: .file(extensions: ["html"]))
  var html: String?

  @Option(
    help: ArgumentHelp(
      """
      Measure all methods: the file is JSON lines with a text or a list of sentences, and summaries \
      by people under this name.
      """, valueName: "name"))
  var against: String?

  @Option(
    help: "JSON lines: the name of the text or its sentences.")
  var textColumn = "sentences"

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if sentences != nil, words != nil {
      throw ValidationError("Give --sentences or --words, not both.")
    }
    if let sentences, sentences < 1 {
      throw ValidationError("--sentences must be at least 1, not \(sentences).")
    }
    if let words, words < 1 { throw ValidationError("--words must be at least 1, not \(words).") }
    if method == .centrality, model == nil {
      throw ValidationError("--method centrality needs --model FOLDER.")
    }
    if model != nil, let method, method != .centrality {
      throw ValidationError("--model belongs to --method centrality, not \(method.rawValue).")
    }
    if against != nil, html != nil || marked || method != nil {
      throw ValidationError("--against measures all methods and marks nothing.")
    }
  }

  func run() async throws {
    let embedder = try model.map { try SentenceEmbedder(contentsOf: URL(filePath: $0)) }
    let length = sentences.map { Summary.Length.sentences($0) } ?? words.map { .words($0) }
    if let against { return try await measure(against, embedder, length ?? .sentences(1)) }
    let text = try TextReading.read(path)
    let summarizer =
      try embedder.map { Summarizer($0) } ?? Summarizer(method ?? .lexrank)
    let summary = try await summarizer.summary(of: text, length: length)
    guard !summary.sentences.isEmpty else {
      throw InputError(
        text.isEmpty ? "the file is empty" : "there is no sentence in the text", at: path)
    }
    let ranges = summary.chosen.map(\.span.range)
    if let html {
      try page(text, summary, ranges).write(to: URL(filePath: html))
      output.console.note("written: \(html)")
    }
    try output.printResult(
      Result(summary),
      marked
        ? [MarkedText.marked(text, ranges, bold: MarkedText.isBold)]
        : summary.chosen.map { TerminalText.printable(oneLine($0.span.text)) })
  }

  private func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func page(_ text: String, _ summary: Summary, _ ranges: [Range<Int>]) -> HTMLPage {
    MarkedTextPage(
      kind: "Summary", title: URL(filePath: path).lastPathComponent,
      note: "Marked: \(summary.chosen.count) of \(summary.sentences.count) sentences, chosen by "
        + "\(summary.method.rawValue).",
      parts: MarkedText.parts(text, ranges).map { MarkedTextPage.Part($0.0, isMarked: $0.isMarked) }
    ).page
  }

  /// What `--json` prints.
  private struct Result: Encodable {
    struct Span: Encodable {
      let start: Int
      let end: Int
      let score: Double
      let text: String
    }

    let method: SummaryMethod
    let sentences: Int
    /// Characters are counted in Unicode scalars from 0.
    let summary: [Span]

    init(_ summary: Summary) {
      method = summary.method
      sentences = summary.sentences.count
      self.summary = summary.chosen.map {
        Span(start: $0.span.start, end: $0.span.end, score: $0.score, text: $0.span.text)
      }
    }
  }

  // MARK: Measuring

  private func measure(
    _ column: String, _ embedder: SentenceEmbedder?, _ length: Summary.Length
  ) async throws {
    let file = try JSONLines(contentsOf: URL(filePath: path))
    let texts = try zip(file.texts(textColumn), file.texts(column)).enumerated().map { row, pair in
      guard !pair.1.isEmpty else {
        throw InputError("\(column) is empty", at: path, row: row + 1)
      }
      return pair.0.count == 1
        ? SummarizedText(text: pair.0[0], references: pair.1)
        : SummarizedText(sentences: pair.0, references: pair.1)
    }
    var summarizers = try [SummaryMethod.lead, .lexrank, .textrank].map { try Summarizer($0) }
    if let embedder { summarizers.append(Summarizer(embedder)) }
    let evaluation = try await SummaryEvaluation(texts, by: summarizers, length: length)
    func number(_ value: Double) -> String { NumberText.fixed(100 * value, decimals: 2) }
    var table = TextTable([
      .text("method"), .number("ROUGE-1"), .number("ROUGE-2"), .number("ROUGE-L"),
      .text("ROUGE-L less lead's", limit: 60), .text("", limit: 40),
    ])
    for result in evaluation.methods {
      table.append([
        result.method.rawValue, number(result.rouge1), number(result.rouge2),
        number(result.rougeL),
        result.differenceToLead.map {
          "\(number($0.mean)) [\(number($0.interval.lower)), \(number($0.interval.upper))]"
        } ?? "", result.verdict,
      ])
    }
    try output.printResult(
      evaluation,
      table.lines() + [
        "\(evaluation.texts) texts; F1 in percent with stems, the best of each text's references;",
        "95 % intervals from 10,000 samples of texts drawn with replacement",
      ])
  }
}
