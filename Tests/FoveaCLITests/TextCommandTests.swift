import Foundation
import FoveaArray
import FoveaTestSupport
import Testing

/// `train`, `evaluate`, `predict` and `explain` on texts.
@Suite(.serialized) struct TextCommandTests {
  /// Two classes told apart by one word, in a table.
  private static func table(_ rows: Range<Int>) -> String {
    let filler = ["the", "a", "on", "of", "day", "house", "long", "small", "tree", "road"]
    var table = "text,label\n"
    for index in rows {
      let key = RandomKey(seed: 7).folding(index)
      var words = (0..<(4 + index % 7)).map { filler[key.integer(below: 10, at: UInt64($0))] }
      words[key.integer(below: words.count, at: 99)] = index % 2 == 0 ? "sunshine" : "thunder"
      table += "\(words.joined(separator: " ")),\(index % 2 == 0 ? "fair" : "foul")\n"
    }
    return table
  }

  private struct Trained: Sendable {
    let folder: TemporaryFolder
    let outcome: FoveaProcess.Outcome

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      try folder.write(table(0..<80), "weather.csv")
      try folder.write(table(80..<110), "test.csv")
      try folder.write("A long day of thunder.\n", "day.txt")
      try folder.write(Data([0x61, 0, 0x62]), "nul.txt")
      let outcome = try await fovea(
        "train", "weather.csv", "--output", "run", "--epochs", "6", "--batch-size", "8",
        "--learning-rate", "0.01", "--token-width", "16", "--layer-count", "1", "--heads", "2",
        "--vocabulary-size", "320", "--most-tokens", "12", "--long-texts", "windows", "--threads",
        "1", in: folder.url)
      return Trained(folder: folder, outcome: outcome)
    }
  }

  @Test func trainingSaysWhatTextsAre() async throws {
    let trained = try await Trained.shared.value
    #expect(trained.outcome.code == 0)
    let errors = trained.outcome.errors
    #expect(errors.hasPrefix("Reading 80 texts …\n"))
    #expect(errors.contains("tokens is learned from the texts that are trained on."))
    #expect(errors.contains("Network transformer with attention multihead: "))
    #expect(errors.contains("12 tokens at most"))
  }

  /// Results of each value of a column, with intervals over groups, in lines and in JSON.
  private func tellsPartsApart(in folder: TemporaryFolder) async throws {
    var rows = Self.table(80..<110).split(separator: "\n").map(String.init)
    rows[0] += ",year,writer"
    for index in rows.indices.dropFirst() { rows[index] += ",\(index % 3 + 9),w\(index / 3)" }
    try folder.write(rows.joined(separator: "\n") + "\n", "parts.csv")
    let json = try await fovea(
      "evaluate", "run", "parts.csv", "--by", "year", "--group-column", "writer", "--json",
      in: folder.url)
    #expect(json.code == 0, "\(json.errors)")
    let report = try json.object()
    #expect(report["groupCount"] as? Int == 11)
    let by = try #require(report["by"] as? [String: Any])
    #expect(by["column"] as? String == "year")
    let parts = try #require(by["parts"] as? [[String: Any]])
    #expect(parts.map { $0["value"] as? String } == ["9", "10", "11"])
    #expect(parts.map { $0["itemCount"] as? Int } == [10, 10, 10])
    #expect(parts.allSatisfy { $0["accuracyInterval"] is [String: Double] })
    let lines = try await fovea("evaluate", "run", "parts.csv", "--by", "year", in: folder.url)
    #expect(lines.output.contains("By year:\n\nyear  texts  accuracy  95 % interval\n9        10 "))
    let unknown = try await fovea("evaluate", "run", "parts.csv", "--by", "town", in: folder.url)
    #expect(unknown.code == 1 && unknown.errors.contains("there is no column called town"))
  }

  @Test func predictingAndMeasuringFollowTheRun() async throws {
    let trained = try await Trained.shared.value
    let result = try await fovea("evaluate", "run", "test.csv", "--json", in: trained.folder.url)
    #expect(result.code == 0)
    #expect(try #require(result.object()["accuracy"] as? Double) > 0.9)
    try await tellsPartsApart(in: trained.folder)
    let predicted = try await fovea(
      "predict", "run", "day.txt", "nul.txt", "--text", "sunshine on the road", "--text", " ",
      "--json", in: trained.folder.url)
    #expect(predicted.code == 1)
    let lines = try predicted.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.compactMap { $0["label"] as? String } == ["fair", "foul"])
    #expect(predicted.errors.contains("NUL") && predicted.errors.contains("the text is empty"))
  }

  /// A text with more tokens than fit is read window by window, and its parts are told.
  @Test func linesOfStandardInputThatAreNoTextAreNamed() async throws {
    let trained = try await Trained.shared.value
    let lines = try trained.folder.write(
      Data("sunshine\n\nbad ".utf8) + [0xFF] + Data(" byte\r\nlong thunder".utf8), "lines.bin")
    let outcome = try await fovea("predict", "run", "-", in: trained.folder.url, input: lines)
    #expect(outcome.code == 1)
    #expect(
      outcome.errors == "fovea: line 3: the byte 0xFF is not UTF-8. Save the text as UTF-8\n")
    #expect(outcome.output.contains("line 1  fair") && outcome.output.contains("line 4  foul"))
  }

  @Test func inspectingShowsTexts() async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea("inspect", "run", in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.output.hasPrefix(
        "transformer with attention multihead: texts of at most 12 tokens, 2 classes; train"),
      "\(outcome.output)")
  }

  @Test func longTextsAreReadWindowByWindow() async throws {
    let trained = try await Trained.shared.value
    let long = String(repeating: "thunder on the road ", count: 12)
    let result = try await fovea(
      "predict", "run", "--text", long, "--json", in: trained.folder.url)
    let windows = try #require(try result.object()["windows"] as? [[String: Any]])
    #expect(windows.count > 3 && windows[0]["start"] as? Double == 0)
    for (first, second) in zip(windows, windows.dropFirst()) {
      #expect(try #require(first["end"] as? Double) <= #require(second["start"] as? Double) + 1)
    }
  }

  /// A table is a table wherever texts are wanted, not one long text.
  @Test func tablesArePredictedRowByRow() async throws {
    let trained = try await Trained.shared.value
    try trained.folder.write(
      "note\tbody\n1\ta day of thunder\n2\tsunshine on the road\n", "more.tsv")
    let outcome = try await fovea(
      "predict", "run", "test.csv", "more.tsv", "--text-column", "text", "--format", "csv",
      in: trained.folder.url)
    #expect(
      outcome.code == 1
        && outcome.errors.hasPrefix(
          "fovea: more.tsv: there is no column called text. The columns are: note, body. Name that of "
            + "the texts with --text-column"),
      "\(outcome.errors)")
    let rows = try await fovea(
      "predict", "run", "more.tsv", "--text-column", "body", "--json", in: trained.folder.url)
    let lines = try rows.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["path"] as? String } == ["more.tsv row 2", "more.tsv row 3"])
    #expect(lines.map { $0["label"] as? String } == ["foul", "fair"])
  }

  @Test func whatDoesNotGoTogetherIsSaid() async throws {
    let trained = try await Trained.shared.value
    for (arguments, code, words) in [
      (
        ["train", "weather.csv", "--output", "x", "--model", "cnn"], 1, "reads pictures, not texts"
      ),
      (
        ["train", "weather.csv", "--output", "x", "--text-column", "body"], 1,
        "no column called body"
      ),
      (
        ["train", "weather.csv", "--output", "x", "--vocabulary-size", "10"], 64,
        "--vocabulary-size cannot be 10"
      ),
      (["train", "weather.csv", "--output", "x", "--augment", "flip"], 1, "augmentation flip"),
      (
        ["train", "weather.csv", "--output", "x", "--model", "lstm", "--norm", "after"], 64,
        "--norm"
      ),
      (["predict", "run", "none.txt"], 1, "none.txt"),
    ] {
      let result = try await fovea(arguments: arguments, in: trained.folder.url)
      #expect(result.code == Int32(code), "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
    }
  }

  /// The words and sentences in JSON, on a page and on the terminal; spans that people marked as truth.
  @Test func aFullDiskIsNoFaultOfTheText() async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea(
      arguments: ["explain", "run", "day.txt", "day.txt", "-o", "full", "-q"],
      in: trained.folder.url, fileLimit: 512)
    #expect(outcome.code == 1)
    #expect(
      outcome.errors == "fovea: full/day.json: cannot be written: File too large\n")
  }

  @Test func aNameAsLongAsNamesMayBeIsExplained() async throws {
    let trained = try await Trained.shared.value
    let names = ["\(String(repeating: "n", count: 250)).txt", String(repeating: "é", count: 127)]
    for name in names { try trained.folder.write("A long day of thunder.\n", name) }
    let outcome = try await fovea(
      arguments: ["explain", "run"] + names + ["-o", "long", "-q"], in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let made = try FileManager.default.contentsOfDirectory(
      atPath: trained.folder.file("long").path)
    #expect(made.count { $0.hasSuffix(".json") } == 2 && made.count { $0.hasSuffix(".html") } == 2)
  }

  @Test func explainingMarksWords() async throws {
    let trained = try await Trained.shared.value
    let lines = [
      #"{"text": "a long day of thunder on the road", "spans": [[14, 21]]}"#,
      #"{"text": "the small tree & the sunshine", "spans": [[21, 29]]}"#,
    ]
    try trained.folder.write(lines.joined(separator: "\n"), "truth.jsonl")
    let result = try await fovea(
      "explain", "run", "truth.jsonl", "--truth", "truth.jsonl", "--method", "all", "--output",
      "marked", in: trained.folder.url)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("»thunder«") && result.output.contains("character F1"))
    let data = try Data(contentsOf: trained.folder.file("marked/truth-row-2.json"))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let highlights = try #require(object["highlights"] as? [[String: Any]])
    #expect(highlights.count == 6)
    let occlusion = try #require(highlights.first { $0["method"] as? String == "occlusion" })
    let spans = try #require(occlusion["spans"] as? [[String: Any]])
    // One of the two words is enough to tell the classes apart, and this is the one.
    #expect(spans.first?["text"] as? String == "sunshine" && spans.first?["start"] as? Int == 21)
    let page = try String(
      contentsOf: trained.folder.file("marked/truth-row-2.html"), encoding: .utf8)
    #expect(page.contains("<mark>sunshine</mark>") && page.contains("&amp;"))
    #expect(page.contains("What people marked") && page.contains("it is no approval of the answer"))
    for (truth, words) in [
      (#"{"text": "a day", "spans": [[2, 9]]}"#, "behind the text"),
      (#"{"text": "a day", "spans": [[2, 2]]}"#, "not after it begins"),
      (#"{"text": "another", "spans": []}"#, "none of the texts"),
    ] {
      try trained.folder.write(truth, "wrong.jsonl")
      let wrong = try await fovea(
        "explain", "run", "truth.jsonl", "--truth", "wrong.jsonl", "--output", "m2",
        in: trained.folder.url)
      #expect(wrong.code == 1 && wrong.errors.contains(words), "\(wrong.errors)")
    }
  }

  /// A bag of words is trained beside, and shown with its interval wherever the comparison is.
  @Test func aBagOfWordsStandsBesideAComparison() async throws {
    let trained = try await Trained.shared.value
    func compare(_ more: String...) async throws -> FoveaProcess.Outcome {
      try await fovea(
        arguments: [
          "compare", "weather.csv", "--output", "study", "--seeds", "2", "--epochs", "1",
          "--model", "lstm", "--hidden", "6", "--token-width", "6", "--threads", "1",
        ] + more, in: trained.folder.url)
    }
    let first = try await compare()
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.output.contains("Control beside, a bag of words"))
    #expect(first.errors.contains("Training 8 of 8: bag as control, seed 2"))
    let control = try #require(try await compare("--json").object()["control"] as? [String: Any])
    #expect((control["accuracies"] as? [Double])?.count == 2 && control["name"] as? String == "bag")
    let page = try String(
      contentsOf: trained.folder.file("study/report.html"), encoding: .utf8)
    #expect(page.contains("Beside: a bag of words"))
    let refused = try await fovea(
      "compare", "weather.csv", "--output", "s2", "--model", "bag", in: trained.folder.url)
    #expect(refused.code == 1 && refused.errors.contains("is what attention is compared with"))
  }

  /// What is learned without labels is what a classifier starts from, and no classifier itself.
  @Test(arguments: ["masked", "causal"]) func aClassifierStartsFromLanguage(
    _ objective: String
  )
    async throws
  {
    let trained = try await Trained.shared.value
    let learned = try await fovea(
      "pretrain", "weather.csv", "--objective", objective, "--output", "language-\(objective)",
      "--epochs", "3", "--batch-size", "8", "--token-width", "16", "--layer-count", "1", "--heads",
      "2", "--vocabulary-size", "320", "--learning-rate", "0.01", "--threads", "1", "--json",
      in: trained.folder.url)
    #expect(learned.code == 0, "\(learned.errors)")
    let epochs = try #require(try learned.object()["epochs"] as? [[String: Any]])
    let losses = epochs.compactMap { $0["trainingLoss"] as? Double }
    #expect(losses.count == 3 && losses[2] < losses[0] - 0.5, "\(losses)")
    let refused = try await fovea(
      "predict", "language-\(objective)", "--text", "a", in: trained.folder.url)
    #expect(refused.code == 1 && refused.errors.contains("--from"), "\(refused.errors)")
    let tuned = try await fovea(
      "train", "weather.csv", "--from", "language-\(objective)", "--output", "tuned-\(objective)",
      "--epochs", "1", "--threads", "1", in: trained.folder.url)
    #expect(tuned.code == 0, "\(tuned.errors)")
    for layer in ["tokens", "project", "layers.0.attention.qkv", "norm"] {
      #expect(tuned.errors.contains(layer), "\(tuned.errors)")
    }
    #expect(tuned.errors.contains("taken over") && !tuned.errors.contains("head,"))
    let arguments = [
      "generate", "--model", "language-\(objective)", "--prompt", "rain and", "--tokens", "9",
      "--no-filter", "--threads", "1",
    ]
    let written = try await fovea(arguments: arguments, in: trained.folder.url)
    if objective == "causal" {
      #expect(written.code == 0 && written.output.hasPrefix("rain and"), "\(written.errors)")
      let uncached = try await fovea(arguments: arguments + ["--no-cache"], in: trained.folder.url)
      #expect(uncached.output == written.output)
    } else {
      #expect(
        written.code == 1
          && written.errors.contains("was pre-trained (masked) and cannot go on with a text"),
        "\(written.errors)")
    }
    let wrong = try await fovea(
      "pretrain", "day.txt", "--output", "x", in: trained.folder.url)
    #expect(wrong.code == 1 && wrong.errors.contains("one text is too few"))
  }

  /// What is advised is an option of the verb that says it.
  @Test func aPretrainingGoesOnWithBrokenTexts() async throws {
    let folder = try TemporaryFolder()
    for index in 0..<12 { try folder.write("rain and wind of day \(index)", "texts/\(index).txt") }
    for index in 12..<14 { try folder.write(" ", "texts/\(index).txt") }
    let arguments = [
      "pretrain", "texts", "--output", "run", "--epochs", "1", "--token-width", "16",
      "--layer-count", "1", "--heads", "2", "--vocabulary-size", "300", "--threads", "1",
    ]
    let refused = try await fovea(arguments: arguments, in: folder.url)
    #expect(refused.code == 1)
    #expect(refused.errors.contains("2 of 14 texts are broken, more than a tenth"))
    #expect(refused.errors.hasSuffix("go on with --allow-broken\n"), "\(refused.errors)")
    for more in [["--allow-broken"], ["--resume"]] {
      let outcome = try await fovea(arguments: arguments + more, in: folder.url)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
  }

  /// Stopped twice and gone on with, a pre-training ends with the same bits as one that was not.
  @Test func aPretrainingThatIsStoppedGoesOn() async throws {
    let trained = try await Trained.shared.value
    func arguments(_ run: String) -> [String] {
      [
        "pretrain", "weather.csv", "--objective", "causal", "--output", run, "--epochs", "6",
        "--batch-size", "4", "--token-width", "16", "--layer-count", "1", "--heads", "2",
        "--vocabulary-size", "320", "--threads", "1",
      ]
    }
    let whole = try await fovea(arguments: arguments("whole-language"), in: trained.folder.url)
    #expect(whole.code == 0, "\(whole.errors)")
    for epoch in [1, 3] {
      let process = try FoveaProcess(
        arguments("stopped-language") + ["--resume"], in: trained.folder.url)
      _ = try await process.wait { process.errorsSoFar.contains("epoch \(epoch):") }
      process.send(SIGINT)
      let stopped = await process.outcome()
      #expect(stopped.code == 130, "\(stopped.errors)")
      #expect(stopped.errors.contains("Everything is kept; go on with: fovea pretrain"))
    }
    let resumed = try await fovea(
      arguments: arguments("stopped-language") + ["--resume"], in: trained.folder.url)
    #expect(resumed.code == 0, "\(resumed.errors)")
    let weights = try ["whole", "stopped"].map {
      try Data(contentsOf: trained.folder.file("\($0)-language/weights.safetensors"))
    }
    #expect(weights[0] == weights[1])
    for (text, run, problem) in [
      ("day.txt", "whole-language", "the texts are no longer those that the run began with"),
      ("more.csv", "whole-language", "the texts are no longer those that the run began with"),
      ("weather.csv", "run", "holds a classifier's run, which is not pre-trained"),
    ] {
      try trained.folder.write("text,label\nsun,a\nrain,b\n", "more.csv")
      let refused = try await fovea(
        "pretrain", text, "--output", run, "--resume", in: trained.folder.url)
      #expect(refused.code == 1 && refused.errors.contains(problem), "\(refused.errors)")
    }
  }

  /// A filter stops what its classifier takes for the class, and says so; without one that is said too.
  @Test func whatIsWrittenPassesAFilter() async throws {
    let trained = try await Trained.shared.value
    let model = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "References/models/gpt2").path
    let arguments = [
      "generate", "--model", model, "--prompt", "The", "--tokens", "12", "--temperature", "0",
    ]
    let free = try await fovea(arguments: arguments + ["--no-filter"], in: trained.folder.url)
    #expect(free.code == 0 && free.errors.contains("not filtered"))
    for (threshold, isStopped) in [("0.000001", true), ("1", false)] {
      let result = try await fovea(
        arguments: arguments + [
          "--filter", "run", "--filter-class", "foul", "--filter-threshold", threshold, "--json",
        ], in: trained.folder.url
      ).object()
      let stopped = try #require(result["stopped"] as? [[String: Any]])
      #expect(stopped.isEmpty != isStopped && result["isFiltered"] as? Bool == true)
      #expect((result["text"] as? String)?.contains("[stopped]") == isStopped)
      #expect((result["ids"] == nil) == isStopped)
    }
    for (more, code, words) in [
      ([], 64, "--no-filter"), (["--filter", "run"], 64, "--filter-class"),
      (["--filter", "run", "--filter-class", "x"], 1, "no class called x"),
      (
        ["--filter", "run", "--filter-class", "foul", "--filter-threshold", "0"], 1,
        "probability of"
      ),
    ] as [([String], Int32, String)] {
      let result = try await fovea(arguments: arguments + more, in: trained.folder.url)
      #expect(result.code == code && result.errors.contains(words), "\(result.errors)")
    }
  }
}
