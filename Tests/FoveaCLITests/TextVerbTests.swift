import Foundation
import FoveaArray
import FoveaTestSupport
import Testing

/// The verbs for text, as a person calls them.
struct TextVerbTests {
  private static let models = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "References/models").path

  private static let article =
    "The city opened a new bridge. The bridge is long & new. A cat slept. The old bridge closed.\n"

  @Test func aSummaryIsPrintedMarkedAndTold() async throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.article, "a.txt")
    let plain = try await fovea(
      "summarize", "a.txt", "--sentences", "2", "--method", "lead", in: folder.url)
    #expect(plain.output == "The city opened a new bridge.\nThe bridge is long & new.\n")
    #expect(plain.errors.isEmpty)
    let marked = try await fovea(
      "summarize", "a.txt", "--sentences", "1", "--method", "lead", "--marked", in: folder.url)
    #expect(
      marked.output.hasPrefix("»The city opened a new bridge.« The bridge is long & new. A cat"))
    let json = try await fovea(
      "summarize", "a.txt", "--words", "5", "--json", "--html", "a.html", in: folder.url
    ).object()
    let spans = try #require(json["summary"] as? [[String: Any]])
    let scalars = Array(Self.article.unicodeScalars)
    for span in spans {
      let (start, end) = try (
        #require(span["start"] as? Int), #require(span["end"] as? Int)
      )
      #expect(
        String(String.UnicodeScalarView(scalars[start..<end])) == span["text"] as? String)
    }
    let page = try String(contentsOf: folder.file("a.html"), encoding: .utf8)
    #expect(page.components(separatedBy: "<mark>").count == spans.count + 1)
    #expect(page.contains("long &amp; new"))
  }

  /// One sentence is taken however long it is, and then that is said.
  @Test func aSentenceThatIsLongerThanAskedForIsSaidToBe() async throws {
    let folder = try TemporaryFolder()
    try folder.write("The long old bridge closed at noon. It rained on all of us.\n", "a.txt")
    let arguments = ["summarize", "a.txt", "--method", "lead", "--words"]
    let long = try await fovea(arguments: arguments + ["3"], in: folder.url)
    #expect(long.code == 0 && long.output == "The long old bridge closed at noon.\n")
    #expect(
      long.errors
        == "The summary is longer than asked for: its one sentence has 7 words, more than 3.\n")
    let json = try await fovea(arguments: arguments + ["3", "--json"], in: folder.url).object()
    #expect(json["words"] as? Int == 7 && json["exceedsWords"] as? Bool == true)
    let fits = try await fovea(arguments: arguments + ["7", "--json"], in: folder.url).object()
    #expect(fits["words"] as? Int == 7 && fits["exceedsWords"] as? Bool == false)
    #expect(try await fovea(arguments: arguments + ["13"], in: folder.url).errors == "")
    let help = try await fovea("summarize", "--help").output
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(help.contains("one sentence is taken however long it is"))
  }

  @Test func methodsAreMeasuredAgainstTheFirstSentences() async throws {
    let folder = try TemporaryFolder()
    let line =
      #"{"sentences": ["Cats slept.", "The bridge is new.", "The new bridge is long."], "#
      + #""gold": ["The bridge is new.", "A new bridge"]}"#
    try folder.write(String(repeating: line + "\n", count: 8), "t.jsonl")
    let result = try await fovea(
      "summarize", "t.jsonl", "--against", "gold", "--sentences", "1", "--json", in: folder.url
    ).object()
    #expect(result["texts"] as? Int == 8)
    let methods = try #require(result["methods"] as? [[String: Any]])
    #expect(methods.compactMap { $0["method"] as? String } == ["lead", "lexrank", "textrank"])
    // Lead says nothing that the references say; the others choose a sentence about the bridge.
    #expect(methods[0]["rougeL"] as? Double == 0)
    #expect(methods[1]["verdict"] as? String == "beats lead")
    // Two texts cannot show what others would say.
    try folder.write(line + "\n" + line + "\n", "two.jsonl")
    let two = try await fovea(
      "summarize", "two.jsonl", "--against", "gold", "--sentences", "1", "--json", in: folder.url
    ).object()
    let second = try #require(two["methods"] as? [[String: Any]])[1]
    #expect(second["verdict"] as? String == "no verdict: too few texts differ")
    #expect((second["differenceToLead"] as? [String: Any])?["interval"] == nil)
    let table = try await fovea(
      "summarize", "t.jsonl", "--against", "gold", "--sentences", "1", in: folder.url)
    #expect(table.output.contains("ROUGE-L less lead's"))
  }

  /// Ctrl-C in the second of three networks, then the same as if nothing had been.
  @Test func aScorersTrainingThatWasInterruptedGoesOn() async throws {
    let folder = try TemporaryFolder()
    let lines = (0..<24).map { index in
      """
      {"parts": ["Cats slept \(index) times.", "The bridge number \(index) is new.", "It rained."], \
      "gold": "A bridge number \(index)"}
      """
    }
    try folder.write(lines.joined(separator: "\n"), "t.jsonl")
    let train = [
      "summarize", "t.jsonl", "--text-column", "parts", "--against", "gold", "--train", "--model",
      Self.models + "/bert", "--threads", "1", "--epochs", "40", "--output",
    ]
    #expect(try await fovea(arguments: train + ["whole"], in: folder.url).code == 0)
    let process = try FoveaProcess(train + ["cut"], in: folder.url)
    let checkpoint = folder.file("cut/checkpoints/matched.safetensors").path
    try #require(
      try await process.wait { FileManager.default.fileExists(atPath: checkpoint) })
    process.send(SIGINT)
    let stopped = await process.outcome()
    #expect(stopped.code == 130)
    #expect(stopped.errors.hasSuffix("--output cut --resume\n"))
    let other = try await fovea(
      arguments: train + ["cut", "--resume", "--seed", "2"], in: folder.url)
    #expect(
      other.errors.contains("fovea: cut: holds a training that was begun with other settings."))
    let refused = try await fovea(arguments: train + ["cut"], in: folder.url)
    #expect(refused.errors.contains("fovea: cut: holds a sentence scorer already"))
    let resumed = try await fovea(arguments: train + ["cut", "--resume"], in: folder.url)
    #expect(resumed.code == 0, "\(resumed.errors)")
    let weights = [
      "weights.safetensors", "weights-matched.safetensors", "weights-plain.safetensors",
    ]
    for name in weights {
      #expect(
        try Data(contentsOf: folder.file("cut/\(name)"))
          == Data(contentsOf: folder.file("whole/\(name)")), "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("cut/checkpoints").path))
  }

  /// Trained, used, measured beside its controls, and refused with another model than its own.
  @Test func aScorerOfSentencesIsTrained() async throws {
    let folder = try TemporaryFolder()
    let lines = (0..<16).map { index in
      """
      {"parts": ["Cats slept \(index) times.", "The bridge number \(index) is new.", "It rained."], \
      "gold": "A bridge number \(index)"}
      """
    }
    try folder.write(lines.joined(separator: "\n"), "t.jsonl")
    try folder.write(Self.article, "a.txt")
    let model = Self.models + "/bert"
    let train = [
      "summarize", "t.jsonl", "--text-column", "parts", "--against", "gold", "--train", "--model",
      model, "--output", "scorer", "--epochs", "3", "--threads", "1",
    ]
    let trained = try await fovea(arguments: train + ["--json"], in: folder.url)
    #expect(trained.code == 0, "\(trained.errors)")
    let description = try #require(try trained.object()["description"] as? [String: Any])
    #expect(description["trainingCount"] as? Int == 14)
    #expect(description["validationCount"] as? Int == 2)
    #expect((description["keptEpochs"] as? [String: Any])?.count == 3)
    let again = try await fovea(arguments: train, in: folder.url)
    #expect(again.code == 1 && again.errors.contains("holds a sentence scorer already"))
    let replaced = try await fovea(arguments: train + ["--overwrite"], in: folder.url)
    #expect(replaced.code == 0 && replaced.errors.contains("Learning from 14 texts, 2 set aside."))
    #expect(replaced.output.contains("plain: ROUGE"))

    let summary = try await fovea(
      "summarize", "a.txt", "--model", model, "--scorer", "scorer", "--sentences", "2", "--json",
      in: folder.url
    ).object()
    #expect(summary["method"] as? String == "trained")
    #expect((summary["summary"] as? [Any])?.count == 2)
    let measure = [
      "summarize", "t.jsonl", "--text-column", "parts", "--against", "gold", "--model", model,
      "--scorer", "scorer", "--sentences", "1",
    ]
    let measured = try await fovea(arguments: measure + ["--json"], in: folder.url).object()
    let methods = try #require(measured["methods"] as? [[String: Any]])
    #expect(
      methods.compactMap { $0["method"] as? String } == [
        "lead", "lexrank", "textrank", "centrality", "trained", "trained-matched", "trained-plain",
      ])
    let attention = try #require(measured["attention"] as? [[String: Any]])
    #expect(
      attention.compactMap { $0["control"] as? String } == ["trained-matched", "trained-plain"])
    let table = try await fovea(arguments: measure, in: folder.url)
    #expect(table.output.contains("trained less trained-plain: ROUGE-L"))

    // A copy of the model with other bytes, and one of another width.
    for file in ["config.json", "model.safetensors", "tokenizer.json"] {
      var data = try Data(contentsOf: URL(filePath: model).appending(component: file))
      if file == "config.json" { data.append(UInt8(ascii: "\n")) }
      try folder.write(data, "other/\(file)")
    }
    let other = try await fovea(
      "summarize", "a.txt", "--model", "other", "--scorer", "scorer", in: folder.url)
    #expect(other.code == 1 && other.output.isEmpty)
    #expect(
      other.errors.contains(
        "scorer: learned from vectors of another model than other: their files"),
      "\(other.errors)")
    #expect(other.errors.contains("Give the model that it was trained with, bert"))
    let text = try String(contentsOf: folder.file("scorer/config.json"), encoding: .utf8)
    try folder.write(text.replacing("\"width\" : 16", with: "\"width\" : 12"), "scorer/config.json")
    let narrow = try await fovea(
      "summarize", "a.txt", "--model", model, "--scorer", "scorer", in: folder.url)
    #expect(
      narrow.errors.contains("the network reads vectors of 16 numbers, and the model's have 12"),
      "\(narrow.errors)")
  }

  /// A folder that Fovea wrote is called by what it is where another model is wanted.
  @Test func aRunInPlaceOfAModelIsNamed() async throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.article, "a.txt")
    for (name, text, said) in [
      (
        "run", #"{"classifier": {"classes": ["a", "b"]}}"#,
        "run: is a trained classifier of Fovea, not a model of the kind bert. A model's folder has "
      ),
      (
        "language", #"{"classifier": {"classes": []}, "objective": "causal"}"#,
        "language: is a pre-trained network of Fovea, not a model of the kind bert. "
      ),
      (
        "scorer", #"{"kind": "sentence-scorer"}"#,
        "scorer: is a scorer of sentences of Fovea, not a model of the kind bert. "
      ),
      (
        "other", "{}",
        "other/config.json: no kind of model is named by model_type. It should be bert\n"
      ),
      (
        "newer", #"{"model_type": "llama"}"#,
        "newer/config.json: a model of the kind llama is not supported here. It should be bert\n"
      ),
    ] {
      try folder.write(text, "\(name)/config.json")
      for verb in ["embed", "summarize"] {
        let outcome = try await fovea(verb, "a.txt", "--model", name, in: folder.url)
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("fovea: \(said)"), "\(verb): \(outcome.errors)")
      }
    }
  }

  @Test func textsBecomeVectors() async throws {
    let folder = try TemporaryFolder()
    try folder.write("the word\n\nthe other word\n", "a.txt")
    let lines = try await fovea(
      "embed", "a.txt", "--lines", "--model", Self.models + "/bert", in: folder.url)
    #expect(lines.code == 0)
    let objects = try lines.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(objects.count == 2)
    #expect(objects.map { $0["line"] as? Int } == [1, 3])
    #expect(objects.allSatisfy { ($0["embedding"] as? [Double])?.count == 16 })
    let bytes = try await fovea(
      "embed", "a.txt", "--lines", "--precision", "int8", "--model", Self.models + "/bert",
      in: folder.url)
    #expect(bytes.code == 0)
    #expect(bytes.output.split(separator: "\n").count == 2)
    #expect(bytes.output != lines.output)
  }

  @Test func aTextIsGoneOnWithTheSameWayForTheSameSeed() async throws {
    let arguments = [
      "generate", "--model", Self.models + "/gpt2", "--prompt", "The", "--tokens", "8",
      "--no-filter",
    ]
    let first = try await fovea(arguments: arguments + ["--json"]).object()
    let second = try await fovea(arguments: arguments + ["--json", "--no-cache"]).object()
    #expect(first["text"] as? String == second["text"] as? String)
    #expect((first["ids"] as? [Int])?.count == 8)
    let text = try await fovea(arguments: arguments)
    #expect(text.output.hasPrefix("The"))
  }

  @Test func aTokensTimeIsHeldAgainstReadingTheWeights() async throws {
    let sizes = ["vocabulary=90", "width=16", "heads=2", "layers=3", "context=40"]
    let result = try await fovea(
      arguments: ["bench", "generate", "--iterations", "1", "--threads", "1", "--json"]
        + sizes.flatMap { ["--size", $0] }
    ).object()
    // Of each layer four norm vectors, twelve squares of weights and nine vectors of biases; the last
    // norm; the vectors of tokens.
    let layer = 4 * 16 + 12 * 16 * 16 + 9 * 16
    #expect(result["weightBytes"] as? Int == 4 * (3 * layer + 2 * 16 + 90 * 16))
    #expect(result["context"] as? Int == 40)
    let milliseconds = try #require(result["millisecondsPerToken"] as? Double)
    let floor = try #require(result["floorMilliseconds"] as? Double)
    let rate = try #require(result["gigabytesPerSecond"] as? Double)
    // Keys and values of three layers.
    #expect(result["cacheBytes"] as? Int == 4 * 3 * 2 * 16 * 40)
    let bytes =
      try #require(result["weightBytes"] as? Double) + #require(result["cacheBytes"] as? Double)
    #expect(abs(floor * rate * 1e6 - bytes) < 1e-6 * bytes)
    // A difference of two times, which noise can turn round in so small a model.
    let ratio = try #require(result["ratio"] as? Double)
    #expect(abs(ratio * floor - milliseconds) <= 1e-9 * abs(milliseconds))
  }

  @Test func tokensAreShownWithTheirPlaces() async throws {
    let folder = try TemporaryFolder()
    try folder.write("é the", "a.txt")
    let json = try await fovea(
      "tokenize", "a.txt", "--model", Self.models + "/gpt2", "--json", in: folder.url
    ).object()
    let tokens = try #require(json["tokens"] as? [[String: Any]])
    #expect(tokens.last?["end"] as? Int == 5)
    #expect(tokens.first?["start"] as? Int == 0)
  }

  /// Lines have the numbers that an editor gives them, rows those of their table.
  @Test func embeddingsKnowTheirLineOrRow() async throws {
    let folder = try TemporaryFolder()
    try folder.write("First.\n\n  \nSecond.\r\nThird.\u{2028}Still the third.", "lines.txt")
    try folder.write("title,body\na,\"One\nand more\"\nb,Two\n", "table.csv")
    func numbers(_ name: String, _ arguments: String...) async throws -> [Int?] {
      let outcome = try await fovea(
        arguments: ["embed", name, "--model", Self.models + "/bert"] + arguments, in: folder.url)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try outcome.output.split(separator: "\n").map {
        let object = try #require(
          JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        return object[name == "table.csv" ? "row" : "line"] as? Int
      }
    }
    #expect(try await numbers("lines.txt", "--lines") == [1, 4, 5])
    #expect(try await numbers("lines.txt") == [nil])
    #expect(try await numbers("table.csv", "--text-column", "body") == [2, 3])
  }

  /// A way to get it wrong.
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: String
    let code: Int32
    let message: String
    var testDescription: String { arguments }

    init(_ arguments: String, _ code: Int32, _ message: String) {
      self.arguments = arguments
      self.code = code
      self.message = message
    }
  }

  static let cases: [Case] = [
    Case("summarize none.txt", 1, "none.txt: there is no such file or folder. Check the path"),
    Case("summarize empty.txt", 1, "empty.txt: the file is empty"),
    Case("summarize signs.txt", 1, "signs.txt: there is no sentence in the text"),
    Case("summarize a.txt --sentences 0", 64, "fovea: --sentences cannot be 0. "),
    Case(
      "summarize a.txt --sentences 1 --words 3", 64, "Give --sentences or --words, not both."),
    Case(
      "summarize a.txt --method centrality", 64, "--method centrality needs --model FOLDER."),
    Case(
      "embed a.txt --model none --precision int4", 64,
      "The value 'int4' is invalid for '--precision <precision>'. Please provide one of 'float32' "
        + "and 'int8'."),
    Case("summarize a.txt --method trained", 64, "--method trained needs --scorer FOLDER."),
    Case("summarize a.txt --scorer s", 64, "A scorer reads embeddings: give --model FOLDER."),
    Case(
      "summarize t.jsonl --train --model m", 64, "--train needs --against NAME and --output FOLDER."
    ),
    Case(
      "summarize a.txt --output s", 64,
      "--output, --epochs, --seed, --resume and --overwrite belong to --train."),
    Case("summarize a.txt --scorer . --model \(models)/bert", 1, ".: holds no config.json"),
    Case(
      "summarize t.jsonl --against gold --train --model \(models)/bert --output s", 1,
      "t.jsonl, row 1: there is nothing called gold. The names are: sentences, summaries"),
    Case(
      "summarize t.jsonl --against summaries --train --model \(models)/bert --output s", 1,
      "1 text with two sentences or more is too few to learn from"),
    Case("embed a.txt --model none", 1, "none: holds no config.json."),
    Case("generate --no-filter --model none", 1, "none: holds no config.json."),
    Case(
      "bench generate --size length=3", 64,
      "generate has no size called length. It has vocabulary, width, heads, layers and context"),
    Case(
      "bench generate --size context=2000", 1,
      "32 tokens around position 2000 do not fit into 1024 positions"),
    Case("tokenize a.txt --model .", 1, "holds no tokenizer"),
  ]

  @Test(arguments: cases) func whatCannotBeIsSaid(_ testCase: Case) async throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.article, "a.txt")
    try folder.write("", "empty.txt")
    try folder.write("… !\n", "signs.txt")
    try folder.write(#"{"sentences": ["A word.", "One."], "summaries": ["word"]}"#, "t.jsonl")
    let arguments = testCase.arguments.split(separator: " ").map(String.init)
    let outcome = try await fovea(arguments: arguments, in: folder.url)
    #expect(outcome.code == testCase.code)
    #expect(outcome.errors.contains(testCase.message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }
}
