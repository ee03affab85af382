import Foundation
import FoveaArray
import FoveaTestSupport
import Testing

/// Sentences that lead where they should: each fact has its own.
@Suite(.serialized) struct SentenceTests {
  // MARK: Verbs and options

  @Test func aMisspeltVerbIsNamedWithWhatWasMeant() async throws {
    for (arguments, text) in [
      (["trian", "data"], "there is no verb trian. Did you mean train? The verbs are: train, "),
      (["data", "chekc", "x"], "there is no verb data chekc. Did you mean check? "),
      (["xyz"], "there is no verb xyz. The verbs are: train, "),
    ] {
      let outcome = try await fovea(arguments: arguments)
      #expect(outcome.code == 64 && outcome.errors.hasPrefix("fovea: \(text)"), "\(outcome.errors)")
    }
    let json = try await fovea("trian", "--json")
    #expect(try json.code == 64 && json.object()["error"] != nil)
  }

  /// Words that only `train` knows are named with it where another verb runs.
  @Test func adviceNamesTheVerbThatHasAnOption() async throws {
    let folder = try TemporaryFolder()
    try folder.write("taken", "notes/mine.txt")
    let own = try await fovea("data", "scenes", "--output", "notes", in: folder.url)
    #expect(own.errors.hasSuffix("choose another --output\n"))
    try MadeFolder.scenes(folder, "scenes", count: 40, testCount: 10)
    let run = try await fovea(
      "train", "scenes", "--output", "run", "--image-size", "16", "--epochs", "1", "--highlights",
      "none", "--skip-check", in: folder.url)
    #expect(run.code == 0, "\(run.errors)")
    let other = try await fovea("predict", "run", "--text", "words", in: folder.url)
    #expect(other.code == 1 && !other.errors.contains("--model"))
    try folder.write("picture,label\na.png,x\n", "t.csv")
    let table = try await fovea("evaluate", "run", "t.csv", in: folder.url)
    #expect(table.errors.hasSuffix("Name it with --image-column\n"))
    try FileManager.default.removeItem(at: folder.file("run/weights.safetensors"))
    let left = try await fovea("evaluate", "run", "scenes", in: folder.url)
    #expect(left.code == 1)
    // Where it advises to go on, it says with what.
    #expect(
      !left.errors.contains("--resume") || left.errors.contains("--resume of fovea train"),
      "\(left.errors)")
  }

  // MARK: Tables

  @Test func aTableWithoutTheColumnNamesTheRightOption() async throws {
    let folder = try TemporaryFolder()
    try folder.write("recording,kind\na.wav,x\nb.wav,y\n", "kind.csv")
    try folder.write("sample,label\na.wav,x\nb.wav,y\n", "sounds.csv")
    try folder.write("body,label\nA good day,x\nA bad day,y\n", "texts.csv")
    try folder.write("text;label\nOne, two;x\n", "semicolons.csv")
    for (table, text) in [
      (
        "sounds.csv",
        "there is no column called file. The columns are: sample, label. Name it with --file-column"
      ),
      (
        "kind.csv",
        "there is no column called label. The columns are: recording, kind. Name it with "
          + "--label-column"
      ),
      (
        "texts.csv",
        "no column is called text, file or image. The columns are: body, label. Name the one with "
          + "the texts with --text-column, or the one with the paths of files with --file-column"
      ),
      (
        "semicolons.csv, row 1",
        "the columns are separated by semicolons, not commas. Save the table with commas between the "
          + "fields; texts with commas in them need quotes"
      ),
    ] {
      let name = table.split(separator: ",")[0]
      let outcome = try await fovea("train", String(name), "--output", "run", in: folder.url)
      #expect(outcome.code == 1 && outcome.errors == "fovea: \(table): \(text)\n")
    }
  }

  @Test func aTextAsAFolderAndACutLineAreSaid() async throws {
    let folder = try TemporaryFolder()
    try folder.write("One. Two.", "texts/a.txt")
    try folder.write("{\"text\": \"a\", \"label\": \"b\"}\n{\"text\": \"c\", ", "cut.jsonl")
    let outcome = try await fovea("summarize", "texts", in: folder.url)
    #expect(outcome.errors == "fovea: texts: is a folder, not a file\n")
    let cut = try await fovea("train", "cut.jsonl", "--output", "run", in: folder.url)
    #expect(
      cut.errors
        == "fovea: cut.jsonl, row 2: the JSON ends too early. It was probably cut off: copy "
        + "or write it again\n")
  }

  // MARK: Summaries

  @Test func sentencesThatScoreAlikeAreSaid() async throws {
    let folder = try TemporaryFolder()
    let alike = ["今天很冷。", "他去了学校。", "猫在睡觉。", "我们吃了面包。", "火车晚点。"]
    try folder.write(alike.joined(), "chinese.txt")
    try folder.write("الطقس بارد. ذهب أخي. نامت قطة. أكلنا خبزا. وصل قطار.", "arabic.txt")
    try folder.write(
      "The bridge is new. The bridge opened today. Today it rained. A cat slept.", "told.txt")
    for name in ["chinese.txt", "arabic.txt"] {
      let outcome = try await fovea("summarize", name, "--sentences", "2", in: folder.url)
      #expect(
        outcome.errors
          == "All 5 sentences score alike by lexrank: the first are "
          + "taken. --model compares what sentences mean.\n", "\(name)")
      let json = try await fovea("summarize", name, "--json", in: folder.url)
      #expect(try json.object()["allScoreAlike"] as? Bool == true)
    }
    let told = try await fovea("summarize", "told.txt", "--sentences", "1", in: folder.url)
    #expect(told.errors == "" && !told.output.contains("cat"))
  }

  // MARK: Highlights

  @Test func highlightsCanBeLeftOutOrCounted() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.scenes(folder, "scenes", count: 40, testCount: 12)
    func train(_ name: String, _ options: String...) async throws -> FoveaProcess.Outcome {
      try await fovea(
        arguments: [
          "train", "scenes", "--output", name, "--image-size", "16", "--epochs", "1",
          "--skip-check",
        ] + options, in: folder.url)
    }
    let none = try await train("none", "--highlights", "none")
    #expect(none.code == 0 && !none.errors.contains("Finding out where the network looks"))
    #expect(!none.errors.contains(", then about"))
    let report = try String(contentsOf: folder.file("none/report.html"), encoding: .utf8)
    #expect(!report.contains("Where it looks"))
    // A run that goes on keeps to what it was begun with, unless it is told otherwise.
    let goingOn = try await train("none", "--resume")
    #expect(goingOn.code == 0 && !goingOn.errors.contains("Finding out where the network looks"))
    let asked = try await train("none", "--resume", "--highlights", "2")
    #expect(asked.code == 0 && asked.errors.contains("Finding out where the network looks"))
    let old = try await train("old", "--no-highlights")
    #expect(old.code == 0 && !old.errors.contains("Finding out where the network looks"))
    let two = try await train("two", "--highlights", "2")
    #expect(two.code == 0 && two.errors.contains("Finding out where the network looks"))
    let shown = try String(contentsOf: folder.file("two/report.html"), encoding: .utf8)
    #expect(shown.contains("of 2 pictures"))
    #expect(try await train("bad", "--highlights", "some").code == 64)
    let zero = try await train("zero", "--highlights", "0")
    #expect(zero.code == 0 && !zero.errors.contains("Finding out where the network looks"))
  }

  // MARK: Runs that go on

  @Test func aFinishedRunIsNotTrainedForMoreEpochsInSilence() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.scenes(folder, "scenes", count: 40)
    let train = [
      "train", "scenes", "--output", "run", "--image-size", "16", "--highlights", "none",
      "--skip-check", "--quiet", "--patience", "0",
    ]
    let first = try await fovea(arguments: train + ["--epochs", "1"], in: folder.url)
    #expect(first.code == 0)
    #expect(
      first.output.contains(
        "There is no test part. These pictures chose the temperature of probabilities, which will"))
    let again = try await fovea(
      arguments: train + ["--epochs", "3", "--resume"], in: folder.url)
    #expect(again.code == 1)
    #expect(
      again.errors == "fovea: run: the run is finished: it was begun for 1 epoch, and what goes on "
        + "keeps its settings. Begin another run for more epochs; --from lets it start from these "
        + "weights\n")
    let same = try await fovea(arguments: train + ["--epochs", "1", "--resume"], in: folder.url)
    #expect(same.code == 0)
    let grey = try await fovea(
      "train", "scenes", "--output", "grey", "--from", "run", "--channels", "grey", "--epochs", "1",
      in: folder.url)
    #expect(
      grey.code == 1 && grey.errors.contains("fovea: run: was trained on pictures in colour"))
  }
}
