import Foundation
import FoveaArray
import FoveaTestSupport
import Testing

/// `train`, `evaluate`, `predict` and `compare` on recordings.
@Suite(.serialized) struct SoundCommandTests {
  /// Two classes of tones, with speakers in a table, and files that are odd.
  private static func make(_ folder: TemporaryFolder) throws {
    var table = "file,label,speaker\n"
    for index in 0..<24 {
      let label = index % 2 == 0 ? "low" : "high"
      let pitch = (index % 2 == 0 ? 400.0 : 1500) + Double(10 * (index % 7))
      let rate = index < 4 ? 11_025 : 8_000
      let samples = MadeWAV.tone(
        pitch, seconds: 0.2 + 0.02 * Double(index % 5), sampleRate: rate, level: 0.4)
      try folder.write(
        MadeWAV.file([samples], sampleRate: rate), "tones/\(label)/\(index).wav")
      table += "tones/\(label)/\(index).wav,\(label),\("abcd".map(String.init)[index / 2 % 4])\n"
    }
    try folder.write(MadeWAV.file([MadeWAV.tone(400, seconds: 0.2)], claimedRate: 0), "zero.wav")
    try folder.write(table, "tones.csv")
  }

  private struct Trained: Sendable {
    let folder: TemporaryFolder
    let outcome: FoveaProcess.Outcome

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      try make(folder)
      try folder.write(MadeFolder.picture(), "tones/low/cover.png")
      let outcome = try await fovea(
        "train", "tones", "--output", "run", "--hidden", "8", "--epochs", "4", "--batch-size", "8",
        "--learning-rate", "0.02", "--bands", "20", "--threads", "1", in: folder.url)
      return Trained(folder: folder, outcome: outcome)
    }
  }

  @Test func trainingSaysWhatRecordingsAre() async throws {
    let trained = try await Trained.shared.value
    #expect(trained.outcome.code == 0)
    let errors = trained.outcome.errors
    #expect(errors.hasPrefix("Reading 24 recordings …\n"))
    #expect(errors.contains("4 recordings with 11,025 samples a second are resampled to 8,000."))
    #expect(errors.contains("Network lstm with attention additive: "))
    #expect(errors.contains("20 mel bands every 10 ms of at most 0.3 s at 8,000 samples a second"))
    // What is no recording by its name is left, and said.
    #expect(errors.contains("png"))
  }

  @Test func inspectingShowsRecordings() async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea("inspect", "run", in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.output.hasPrefix("lstm with attention additive: recordings of "), "\(outcome.output)")
    #expect(outcome.output.contains(" frames of 20 features, 2 classes; train, batch 8\n"))
  }

  @Test func predictingAndMeasuringFollowTheRun() async throws {
    let trained = try await Trained.shared.value
    let result = try await fovea("evaluate", "run", "tones", "--json", in: trained.folder.url)
    #expect(result.code == 0)
    #expect(try #require(result.object()["accuracy"] as? Double) > 0.9)
    let predicted = try await fovea(
      "predict", "run", "tones/high/1.wav", "zero.wav", "--json", in: trained.folder.url)
    #expect(predicted.code == 1)
    let lines = try predicted.output.split(separator: "\n").map {
      try #require(
        JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.count == 2 && lines[0]["label"] as? String == "high")
    #expect(lines[0]["windows"] == nil && lines[1]["path"] as? String == "zero.wav")
    #expect(
      predicted.errors == "fovea: zero.wav: says that it has 0 samples a second. Recordings have "
        + "from 1,000 to 768,000; its header is probably damaged\n")
    let table = try await fovea("predict", "run", "tones/low", in: trained.folder.url)
    #expect(table.code == 0 && table.output.contains("recording"))
    #expect(table.output.split(separator: "\n").count { $0.contains(" low ") } >= 11)
  }

  @Test func whatIsOddAboutARecordingIsSaidBesideItsLabel() async throws {
    let trained = try await Trained.shared.value
    let folder = trained.folder
    let tone = MadeWAV.tone(400, seconds: 0.2)
    let silence = [Float](repeating: 0, count: tone.count)
    try folder.write(MadeWAV.file([silence]), "odd/silent.wav")
    try folder.write(MadeWAV.file([tone, silence]), "odd/dead.wav")
    try folder.write(MadeWAV.file([MadeWAV.tone(400, seconds: 0.02)]), "odd/click.wav")
    try folder.write(MadeWAV.file([tone]).dropLast(800), "odd/cut.wav")
    let outcome = try await fovea("predict", "run", "odd", in: folder.url)
    #expect(outcome.code == 1)
    for text in [
      "odd/silent.wav: it is silent.\n",
      "odd/dead.wav: nothing comes from channel 2 of 2; the other is used.\n",
      "odd/click.wav: it is 20 ms long, hardly more than a click.\n",
      "fovea: odd/cut.wav: is cut short: it says that 3,200 bytes of sound follow",
    ] {
      #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }
    let json = try await fovea("predict", "run", "odd/silent.wav", "--json", in: folder.url)
    #expect(try json.object()["notes"] as? [String] == ["it is silent"])
  }

  @Test func fewSpeakersAreSaidFirst() async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea(
      "train", "tones.csv", "--output", "few-speakers", "--hidden", "4", "--epochs", "1",
      "--group-column", "speaker", "--threads", "1", in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(
      lines.dropFirst().first
        == "Nothing could be set aside: each of the 4 groups holds more than 10 % of a class. A larger "
        + "share, more groups or a part of your own would change that.", "\(lines)")
    #expect(!lines.contains { $0.contains("without tearing a group apart") })
  }

  @Test func partsOfRecordingsThatATableNamesAreSaidNotToCount() async throws {
    let trained = try await Trained.shared.value
    var table = "file,label,start,end,text\n"
    for index in 0..<24 {
      let label = index % 2 == 0 ? "low" : "high"
      table += "tones/\(label)/\(index).wav,\(label),0.0,0.1,words\n"
    }
    try trained.folder.write(table, "parts.csv")
    let outcome = try await fovea(
      "train", "parts.csv", "--output", "parts-run", "--hidden", "4", "--epochs", "1", "--threads",
      "1", in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains(
        "parts.csv: the columns start, end are not looked at: each row stands for its whole recording."
      ))
    #expect(
      outcome.errors.contains(
        "parts.csv: the files of column file are read, and column text is not: say that the task is "
          + "texts to read it in their place."))
  }

  @Test func speakersStayTogetherInATable() async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea(
      "train", "tones.csv", "--output", "table-run", "--model", "gru", "--hidden", "4",
      "--epochs", "1", "--group-column", "speaker", "--validation-split", "0.25", "--threads", "1",
      in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("Network gru with attention additive: "))
  }

  @Test func comparingTrainsWithWithoutAndControl() async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea(
      "compare", "tones", "--output", "study", "--seeds", "2", "--test", "tones", "--hidden", "4",
      "--epochs", "1", "--batch-size", "8", "--bands", "20", "--threads", "1", "--json",
      in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let text = outcome.output
    for name in ["additive", "none", "matched-additive"] { #expect(text.contains("\"\(name)\"")) }
    let report = try String(
      contentsOf: trained.folder.file("study/report.html"), encoding: .utf8)
    #expect(report.contains("recordings"))
  }

  @Test func explainingNamesSecondsAndWritesThem() async throws {
    let trained = try await Trained.shared.value
    let folder = trained.folder
    try folder.write(
      MadeWAV.file([MadeWAV.tone(1500, from: 0.1, to: 0.2, of: 0.28)]), "heard/a.wav")
    try folder.write("clip,onset,offset,label\na.wav,0.1,0.2,high\n", "heard/events.csv")
    let outcome = try await fovea(
      "explain", "run", "heard/a.wav", "zero.wav", "--output", "highlights", "--truth",
      "heard/events.csv", "--method", "all", in: folder.url)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("fovea: zero.wav: says that it has 0 samples a second."))
    #expect(outcome.output.contains("0.0 s │") && outcome.output.contains("│ 0.3 s"))
    #expect(outcome.output.contains("loudest moment") && outcome.output.contains("truth's share"))
    for name in ["a.json", "a.png", "a.wav"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("highlights/\(name)").path))
    }
    let document = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.file("highlights/a.json"))) as? [String: Any])
    let highlights = try #require(document["highlights"] as? [[String: Any]])
    #expect(highlights.count >= 5 && document["recording"] as? String == "heard/a.wav")
    for highlight in highlights {
      for span in try #require(highlight["spans"] as? [[String: Double]]) {
        #expect(try #require(span["start"]) >= 0 && (try #require(span["end"])) <= 0.28)
      }
    }
    try folder.write("clip,onset,offset,label\na.wav,0.2,0.1,high\n", "heard/reversed.csv")
    let refused = try await fovea(
      "explain", "run", "heard/a.wav", "--output", "other", "--truth", "heard/reversed.csv",
      in: folder.url)
    #expect(
      refused.code == 1
        && refused.errors
          == "fovea: heard/reversed.csv, row 2: the event ends at 0.1 s, not after it begins, at 0.2 "
          + "s. Give the onset before the offset, both in seconds\n"
    )
  }

  @Test func aStreamGivesALineForEachWindow() async throws {
    let trained = try await Trained.shared.value
    // Nothing on standard input is an error of its own.
    let empty = try await fovea("predict", "run", "--stream", in: trained.folder.url)
    #expect(empty.code == 1 && empty.errors.contains("fovea: standard input: holds no samples"))
    try trained.folder.write(
      MadeWAV.file([
        MadeWAV.tone(400, seconds: 0.6, level: 0.4) + MadeWAV.tone(1500, seconds: 0.6, level: 0.4)
      ]), "stream.wav")
    let outcome = try await fovea(
      "predict", "run", "--stream", "--every", "0.1", "--quiet", in: trained.folder.url,
      input: trained.folder.file("stream.wav"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = try outcome.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.count >= 9)
    #expect(lines.first?["label"] as? String == "low" && lines.last?["label"] as? String == "high")
    #expect(lines.allSatisfy { $0["realTimeFactor"] is Double && $0["delaySeconds"] is Double })
    let both = try await fovea("predict", "run", "x.wav", "--stream", in: trained.folder.url)
    #expect(both.code == 64)
  }

  /// Whoever reads forward hears a stream frame by frame, and comes to what the whole file gives.
  @Test func aForwardNetworkHearsFrameByFrame() async throws {
    let trained = try await Trained.shared.value
    let run = try await fovea(
      "train", "tones", "--output", "forward", "--model", "gru", "--forward-only", "--hidden", "8",
      "--epochs", "2", "--batch-size", "8", "--learning-rate", "0.02", "--bands", "20",
      "--threads", "1", in: trained.folder.url)
    #expect(run.code == 0, "\(run.errors)")
    let file = "tones/low/10.wav"
    let outcome = try await fovea(
      "predict", "forward", "--stream", "--every", "0.05", in: trained.folder.url,
      input: trained.folder.file(file))
    #expect(outcome.code == 0 && outcome.errors.contains("Listening frame by frame"))
    let lines = try outcome.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    // 200 ms are 21 frames: a line every five, and one for the last.
    #expect(lines.count == 5)
    let whole = try await fovea("predict", "forward", file, "--json", in: trained.folder.url)
    let expected = try #require(whole.object()["probability"] as? Double)
    let last = try #require(lines.last?["probability"] as? Double)
    #expect(abs(last - expected) < 1e-4)
    #expect(try lines.last?["label"] as? String == whole.object()["label"] as? String)
    let empty = try await fovea("predict", "forward", "--stream", in: trained.folder.url)
    #expect(empty.code == 1 && empty.errors.contains("fovea: standard input: holds no samples"))
    let other = try await fovea(
      "train", "tones", "--output", "no", "--model", "transformer", "--forward-only",
      in: trained.folder.url)
    #expect(other.code == 64 && other.errors.contains("model transformer has no --forward-only"))
  }

  @Test(
    arguments: [
      ("train tones -o x --model vit --layer-count 1 --patch-size 7", 1, "patch"),
      (
        "train tones -o x --attention cbam", 64,
        "fovea: model lstm cannot carry attention cbam: it would see what shorter examples are "
          + "filled up with. Choose one of additive, none, matched-additive\n"
      ),
      ("train tones -o x --augment flip", 1, "fovea: recordings have no augmentation \"flip\". "),
      ("train tones -o x --sample-rate 0", 64, "fovea: --sample-rate cannot be 0. "),
      (
        "train tones -o x --sample-rate 1000000000", 64,
        "fovea: --sample-rate cannot be 1000000000. Give a whole number from 1,000 to 768,000\n"
      ),
      ("train tones -o x --clip-seconds -1", 64, "fovea: --clip-seconds cannot be -1. "),
      ("train tones -o x --bands 2", 64, "fovea: --bands cannot be 2. "),
      ("train tones -o x --hop-ms 40", 64, "fovea: a hop of 40.0 ms cannot be. "),
      ("predict run nothing.wav", 1, "fovea: nothing.wav: "),
      ("evaluate run tones --task pictures", 1, "fovea: tones: "),
    ] as [(String, Int32, String)])
  func whatCannotBeIsSaid(command: String, code: Int32, text: String) async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea(
      arguments: command.split(separator: " ").map(String.init), in: trained.folder.url)
    #expect(outcome.code == code)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: trained.folder.file("x/config.json").path))
  }
}
