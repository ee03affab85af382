import Foundation
import FoveaTestSupport
import Testing

/// Strings of words from recordings of single ones, and what is trained to hear them.
@Suite(.serialized) struct SpeechCommandTests {
  private struct Trained: Sendable {
    let folder: TemporaryFolder
    let made: FoveaProcess.Outcome
    let outcome: FoveaProcess.Outcome

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      var table = "file,label,speaker\n"
      for index in 0..<24 {
        let samples = MadeWAV.tone(
          [400.0, 1500][index % 2] + Double(10 * (index % 7)),
          seconds: 0.15 + 0.02 * Double(index % 5), level: 0.4)
        try folder.write(MadeWAV.file([samples]), "tones/\(index).wav")
        table += "\(index).wav,\(index % 2),\(["ann", "bob", "cleo"][index / 2 % 3])\n"
      }
      try folder.write(table, "tones/recordings.csv")
      let made = try await fovea(
        "data", "digit-strings", "tones", "--output", "strings", "--count", "300", "--test-count",
        "12", "--test-speaker", "bob", "--seed", "3", "--json", in: folder.url)
      let outcome = try await fovea(
        "train", "strings/strings.csv", "--task", "transcribe", "--output", "run", "--hidden",
        "12", "--heads", "2", "--epochs", "8", "--patience", "0", "--schedule", "cosine",
        "--batch-size", "8",
        "--learning-rate", "0.01",
        "--bands", "20", "--threads", "1", in: folder.url)
      return Trained(folder: folder, made: made, outcome: outcome)
    }
  }

  @Test func stringsAreMadeAndTrainedOn() async throws {
    let trained = try await Trained.shared.value
    #expect(trained.made.code == 0, "\(trained.made.errors)")
    #expect(try trained.made.object()["testCount"] as? Int == 12)
    #expect(trained.outcome.code == 0, "\(trained.outcome.errors)")
    let errors = trained.outcome.errors
    #expect(errors.contains("recordings of 2 words at 80 mel bands every 40 ms"))
    #expect(errors.contains("Network lstm-ctc with attention multihead"))
    #expect(trained.outcome.output.hasPrefix("Word error rate "))
    #expect(trained.outcome.output.contains("on 12 test recordings, 95 % interval "))
  }

  @Test func inspectingShowsWords() async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea("inspect", "run", "--mode", "infer", in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(" features, 2 words; infer, batch 8\n"), "\(outcome.output)")
  }

  @Test func measuringAndHearingFollowTheRun() async throws {
    let trained = try await Trained.shared.value
    for beam in ["1", "8"] {
      let result = try await fovea(
        "evaluate", "run", "strings/strings.csv", "--beam", beam, "--json", in: trained.folder.url)
      #expect(result.code == 0, "\(result.errors)")
      #expect(try #require(result.object()["rate"] as? Double) < 0.5)
    }
    let table = try await fovea(
      "evaluate", "run", "strings/strings.csv", in: trained.folder.url)
    #expect(table.output.contains("mostly heard as"))
    // How errors are counted is said where there are some.
    #expect(
      table.output.contains(/one\s+of\s+several\s+ways\s+to\s+count\s+the\s+same\s+errors/)
        == !table.output.contains(": 0 errors in "))
    let voices = try await fovea(
      "evaluate", "run", "strings/strings.csv", "--by", "speaker", "--json", in: trained.folder.url)
    #expect(voices.code == 0, "\(voices.errors)")
    let by = try #require(try voices.object()["by"] as? [String: Any])
    let parts = try #require(by["parts"] as? [[String: Any]])
    #expect(parts.map { $0["value"] as? String } == ["bob"])
    let rate = try voices.object()["rate"] as? Double
    #expect(rate != nil && parts[0]["wordErrorRate"] as? Double == rate)
    let json = try await fovea(
      "predict", "run", "strings/clips/00001.wav", "strings/strings.csv", "--json",
      in: trained.folder.url)
    #expect(json.code == 1)
    let lines = try json.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let words = try #require(lines[0]["words"] as? [[String: Any]])
    let transcript = words.compactMap { $0["word"] as? String }.joined(separator: " ")
    #expect(lines[0]["transcript"] as? String == transcript && !words.isEmpty)
    #expect(words.allSatisfy { ($0["start"] as? Double ?? 9) < ($0["end"] as? Double ?? 0) })
    #expect(lines[1]["error"] != nil)
    let csv = try await fovea(
      "predict", "run", "strings/clips/00001.wav", "--format", "csv", in: trained.folder.url)
    #expect(csv.output.hasPrefix("path,word,start,end,probability\n"))
    #expect(csv.output.split(separator: "\n").count == words.count + 1)
  }

  /// What a network that hears words cannot do is said, not tried.
  @Test func whatItCannotDoIsNamed() async throws {
    let trained = try await Trained.shared.value
    let stream = try await fovea("predict", "run", "--stream", in: trained.folder.url)
    #expect(stream.code == 1 && stream.errors.contains("hears words and tells no classes apart"))
    let explained = try await fovea(
      "explain", "run", "strings/clips/00001.wav", "--output", "heard", in: trained.folder.url)
    #expect(explained.code == 1 && explained.errors.contains("hears words"))
    let folders = try await fovea(
      "train", "strings/clips", "--task", "transcribe", "--output", "no", in: trained.folder.url)
    #expect(folders.code == 1 && folders.errors.contains("there is no table of transcripts"))
    let other = try await fovea(
      "train", "strings/strings.csv", "--task", "transcribe", "--model", "lstm", "--output", "no",
      in: trained.folder.url)
    #expect(other.code == 1)
    #expect(other.errors.contains("model lstm tells classes apart, and the data have words"))
    let beam = try await fovea(
      "evaluate", "run", "strings/strings.csv", "--beam", "0", in: trained.folder.url)
    #expect(beam.code == 64, "\(beam.errors)")
    let speaker = try await fovea(
      "data", "digit-strings", "tones", "--test-speaker", "dora", "--output", "none",
      in: trained.folder.url)
    #expect(speaker.code == 1 && speaker.errors.contains("The speakers are ann, bob, cleo"))
  }

  @Test func comparisonsAreOfWordErrorRates() async throws {
    let trained = try await Trained.shared.value
    let outcome = try await fovea(
      "compare", "strings/strings.csv", "--model", "transformer-ctc", "--token-width", "16",
      "--heads", "2", "--layer-count", "1", "--seeds", "2", "--epochs", "1", "--batch-size", "16",
      "--bands", "20", "--threads", "1", "--output", "study", in: trained.folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("Verdict: ") && outcome.output.contains("Word error rates:"))
    let again = try await fovea(
      "compare", "--results", "study/results.csv", in: trained.folder.url)
    #expect(again.code == 0 && outcome.output.hasPrefix(again.output), "\(again.errors)")
  }
}
