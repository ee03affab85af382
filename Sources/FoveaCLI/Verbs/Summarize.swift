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
      fovea summarize articles.jsonl --against summaries --train --model all-MiniLM-L6-v2 --output scorer
      fovea summarize article.txt --model all-MiniLM-L6-v2 --scorer scorer

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

  @Option(
    parsing: .unconditional,
    help: """
      Words of the summary at most, in place of sentences; one sentence is taken however long it is.
      """)
  var words: Int?

  @Option(
    help: """
      lead (the first sentences), lexrank, textrank, centrality of embeddings, which needs \
      --model, or trained, which needs --scorer too. (default: lexrank, with --model centrality, \
      with --scorer trained)
      """)
  var method: SummaryMethod?

  @Option(help: "The folder of a model of sentence embeddings.", completion: .directory)
  var model: String?

  @Option(help: "The folder of a scorer that --train wrote.", completion: .directory)
  var scorer: String?

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

  @Flag(
    help: """
      Train a scorer of sentences, with attention over a text's sentences, on the file and its \
      summaries; --output names its folder.
      """)
  var train = false

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "The folder for the scorer.",
    completion: .directory)
  var outputFolder: String?

  @Option(parsing: .unconditional, help: "Training: passes over the texts, at most. (default: 30)")
  var epochs: Int?

  @Option(help: "Training: everything random follows from it. (default: 1)")
  var seed: UInt64?

  @Flag(help: "Go on with the training that was begun in the output folder.")
  var resume = false

  @Flag(help: "Replace a scorer that is in the output folder.")
  var overwrite = false

  @Option(help: "all, or a number of threads.")
  var threads = "all"

  @Option(
    help: "JSON lines: the name of the text or its sentences.")
  var textColumn = "sentences"

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if sentences != nil, words != nil {
      throw ValidationError("Give --sentences or --words, not both.")
    }
    if method == .centrality, model == nil {
      throw ValidationError("--method centrality needs --model FOLDER.")
    }
    if method == .trained, scorer == nil {
      throw ValidationError("--method trained needs --scorer FOLDER.")
    }
    if scorer != nil || train, model == nil {
      throw ValidationError("A scorer reads embeddings: give --model FOLDER.")
    }
    if model != nil, let method, ![.centrality, .trained].contains(method) {
      throw ValidationError(
        "--model belongs to --method centrality or trained, not \(method.rawValue).")
    }
    if against != nil, html != nil || marked || method != nil {
      throw ValidationError("--against measures all methods and marks nothing.")
    }
    if train {
      guard against != nil, outputFolder != nil else {
        throw ValidationError("--train needs --against NAME and --output FOLDER.")
      }
      if scorer != nil || sentences != nil || words != nil {
        throw ValidationError("--train takes no --scorer, --sentences or --words.")
      }
      if resume && overwrite {
        throw ValidationError("--resume and --overwrite exclude each other.")
      }
    } else if outputFolder != nil || epochs != nil || seed != nil || overwrite || resume {
      throw ValidationError(
        "--output, --epochs, --seed, --resume and --overwrite belong to --train.")
    }
  }

  func run() async throws {
    let threads = try threadCount(threads)
    let modelFolder = model.map { URL(filePath: $0) }
    // What is in the way shows before anything takes long.
    let reads = [path, model, scorer].compactMap { $0 }.map { URL(filePath: $0) }
    if let html { try InputFiles(reads).check(URL(filePath: html)) }
    let folder = try outputFolder.map { name in
      try OwnedFolder(
        URL(filePath: name), .sentenceScorer, resume ? .goingOn : .new(replacing: overwrite),
        verb: "summarize", inputs: { InputFiles(reads) })
    }
    defer { folder?.close() }
    if resume { try folder?.open() }
    let embedder = try modelFolder.map { try SentenceEmbedder(contentsOf: $0, threads: threads) }
    let trained = { (variant: ScorerVariant) throws -> Summarizer? in
      guard let scorer, let modelFolder, let embedder else { return nil }
      return try Summarizer(
        scorer: URL(filePath: scorer), model: modelFolder, embedder: embedder, variant: variant,
        threads: threads)
    }
    let length = sentences.map { Summary.Length.sentences($0) } ?? words.map { .words($0) }
    if let against {
      let texts = try texts(against)
      if train, let embedder, let modelFolder, let folder {
        return try await train(texts, against, embedder, modelFolder, threads, folder)
      }
      let summarizers =
        try [SummaryMethod.lead, .lexrank, .textrank].map { try Summarizer($0) }
        + (embedder.map { [Summarizer($0)] } ?? [])
        + ScorerVariant.allCases.compactMap { try trained($0) }
      let evaluation = try await SummaryEvaluation(
        texts, by: summarizers, length: length ?? .sentences(1))
      return try output.printResult(evaluation, SummaryTable.lines(evaluation))
    }
    let text = try TextReading.read(path)
    let summarizer =
      try (method == .centrality ? nil : trained(.attention)) ?? embedder.map { Summarizer($0) }
      ?? Summarizer(method ?? .lexrank)
    let summary = try await summarizer.summary(of: text, length: length)
    guard !summary.sentences.isEmpty else {
      throw InputError(
        text.isEmpty ? "the file is empty" : "there is no sentence in the text", at: path)
    }
    if summary.allScoreAlike, summary.chosen.count < summary.sentences.count {
      output.console.note(
        "All \(NumberText.count(summary.sentences.count, "sentence")) score alike by "
          + "\(summary.method.rawValue): the first are taken."
          + (model == nil && method == nil ? " --model compares what sentences mean." : ""))
    }
    if let words, summary.wordCount > words {
      output.console.note(
        "The summary is longer than asked for: its one sentence has "
          + "\(NumberText.count(summary.wordCount, "word")), more than \(NumberText.count(words)).")
    }
    let ranges = summary.chosen.map(\.span.range)
    if let html {
      let place = URL(filePath: html)
      try InputFiles(reads).check(place)
      try page(text, summary, ranges).write(to: place)
      output.console.note("written: \(html)")
    }
    try output.printResult(
      Result(summary, mostWords: words),
      styled: marked
        ? MarkedText.marked(text, ranges, bold: MarkedText.isBold)
        : summary.chosen.map { StyledLine(oneLine($0.span.text)) })
  }

  private func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func page(_ text: String, _ summary: Summary, _ ranges: [Range<Int>]) -> HTMLPage {
    MarkedTextPage(
      kind: "Summary", title: URL(filePath: path).lastPathComponent,
      note:
        "Marked: \(summary.chosen.count) of \(NumberText.count(summary.sentences.count, "sentence")), chosen by "
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
    /// Whether the method told no sentence from another, so that the first are taken.
    let allScoreAlike: Bool
    /// Words of the summary.
    let words: Int
    /// Whether its one sentence has more words than were asked for.
    let exceedsWords: Bool
    /// Characters are counted in Unicode scalars from 0.
    let summary: [Span]

    init(_ summary: Summary, mostWords: Int?) {
      words = summary.wordCount
      exceedsWords = mostWords.map { summary.wordCount > $0 } ?? false
      method = summary.method
      sentences = summary.sentences.count
      allScoreAlike = summary.allScoreAlike
      self.summary = summary.chosen.map {
        Span(start: $0.span.start, end: $0.span.end, score: $0.score, text: $0.span.text)
      }
    }
  }

  // MARK: Summaries by people

  /// The file's texts with the summaries under a name.
  private func texts(_ column: String) throws -> [SummarizedText] {
    let file = try JSONLines(contentsOf: URL(filePath: path))
    return try zip(file.texts(textColumn), file.texts(column)).enumerated().map { row, pair in
      guard !pair.1.isEmpty else {
        throw InputError("\(column) is empty", at: path, row: row + 1)
      }
      return pair.0.count == 1
        ? SummarizedText(text: pair.0[0], references: pair.1)
        : SummarizedText(sentences: pair.0, references: pair.1)
    }
  }

  /// What `--train --json` prints.
  private struct Trained: Encodable {
    let scorer: String
    let description: ScorerFolder.Description
  }

  private func train(
    _ texts: [SummarizedText], _ column: String, _ embedder: SentenceEmbedder,
    _ modelFolder: URL, _ threads: Int?, _ folder: OwnedFolder
  ) async throws {
    let console = output.console
    var settings = SentenceScorerTraining.usualSettings
    settings.epochs = epochs ?? settings.epochs
    settings.seed = seed ?? settings.seed
    settings.threads = threads
    try UsageError.checking { try settings.check() }
    console.note("Making embeddings of \(NumberText.count(texts.count, "text")).")
    let training = try await SentenceScorerTraining(
      texts, embedder: embedder,
      identity: SentenceEncoderIdentity(modelFolder, width: embedder.width), settings: settings,
      data: (path, column))
    console.note(SummaryTable.announcement(training.description))
    let scorer: ScorerFolder
    do {
      scorer = try await training.execute(in: folder) { variant, event in
        if case .epoch(let record, let isBest) = event {
          console.note(SummaryTable.line(variant, record, isBest: isBest))
        }
      }
    } catch let error as CancellationError {
      Console.error(
        "Stopped. Everything is kept; go on with: "
          + CommandText.again(adding: "--resume", removing: "--overwrite"))
      throw error
    }
    for note in folder.notes { console.note(note) }
    let place = folder.url.relativePath
    try output.printResult(
      Trained(scorer: place, description: scorer.description),
      SummaryTable.lines(scorer.description) + ["Scorer: \(place)"])
  }
}
