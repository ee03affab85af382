import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// `fovea data check` on data with every trouble that it knows.
@Suite struct DataCheckTests {
  private func smooth(_ seed: Int, brightness: Double = 1) throws -> Data {
    let key = RandomKey(seed: UInt64(seed))
    let words = (0..<6).map { key.words(at: UInt64($0)) }
    var pixels: [UInt8] = []
    for index in 0..<(32 * 32 * 3) {
      let x = Double(index / 3 % 32) / 32
      let y = Double(index / 96) / 32
      var wave = 0.0
      for (number, word) in words.enumerated() {
        let across: Double = Double(word[0] % 100) / 10 * x
        let down: Double = Double(word[1] % 100) / 10 * y
        let phase: Double = Double(word[2] % 63) / 10 + Double(number + index % 3)
        wave += sin(across + down + phase)
      }
      let value: Double = brightness * (110 + 20 * wave)
      pixels.append(UInt8(max(0, min(255, value))))
    }
    return try PictureEncoder(.png).encode(
      Picture(width: 32, height: 32, channels: 3, made: pixels))
  }

  @Test func soundDataGivesNothingToMind() async throws {
    let folder = try TemporaryFolder()
    for index in 0..<40 {
      try folder.write(smooth(index), "data/\(index % 2 == 0 ? "cat" : "dog")/\(index).png")
    }
    let outcome = try await fovea("data", "check", "data", in: folder.url)
    #expect(outcome.code == 0 && outcome.errors == "")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "Training (data): 40 pictures, 2 classes")
    #expect(lines.contains("  Size: 32×32, all alike") && lines.contains("  Formats: PNG 40"))
    #expect(lines.contains("Exact copies: none") && lines.contains("Near copies: none"))
    #expect(
      lines.suffix(2) == [
        "To mind:",
        "  ! Results will rest on 4 pictures (a tenth of each class, at least one, set aside): an accuracy of "
          + "80 % would be uncertain by ±39 points.",
      ])
    let strict = try await fovea("data", "check", "data", "--strict", in: folder.url)
    #expect(strict.code == 1 && strict.output == outcome.output)
  }

  @Test func everyTroubleIsWarnedOf() async throws {
    let folder = try TemporaryFolder()
    var rows = ["image,label,split,patient"]
    func add(
      _ name: String, _ data: Data, _ label: String, _ part: String, _ patient: String
    )
      throws
    {
      try folder.write(data, "pictures/\(name)")
      rows.append("\(name),\(label),\(part),\(patient)")
    }
    for index in 0..<66 {
      try add(
        "a\(index).png", smooth(index), index < 60 ? "cat" : "dog", "train", "p\(index)")
    }
    for index in 0..<30 {
      // Twice as bright, as from another camera.
      try add(
        "t\(index).png", smooth(100 + index, brightness: 1.9), index < 25 ? "cat" : "dog", "test",
        "q\(index)")
    }
    try add("copy.png", smooth(3), "cat", "test", "q90")  // of a training picture
    try add("again.png", smooth(5), "dog", "train", "p90")  // with another label
    try add("twin.png", smooth(7), "cat", "train", "p91")
    try add("both.png", smooth(200), "cat", "test", "p8")  // a patient on both sides
    try add("dot.png", MadeFolder.picture(width: 3, height: 3), "cat", "train", "p92")
    try add("broken.jpg", Data("a text".utf8), "cat", "train", "p93")
    try folder.write(rows.joined(separator: "\n") + "\n", "cases.csv")
    let arguments = [
      "data", "check", "cases.csv", "--images", "pictures", "--group-column", "patient",
    ]
    let outcome = try await fovea(arguments: arguments, in: folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = outcome.output
    #expect(report.contains("Exact copies: 3 sets, 1 test picture has one in training, 1 with "))
    #expect(report.contains("Shift between training and test: yes, they can be told apart (AUC "))
    let warnings = report.split(separator: "\n").filter { $0.hasPrefix("  ! ") }.joined(
      separator: "\n")
    for text in [
      "1 of 32 test pictures (3.1 %) has an exact copy in training: the test score will be too good.",
      "p8", "again.png", "1 of 70 pictures is broken", "9 times as many pictures as dog",
      "a side below 8 pixels", "2 of 69 training pictures are exact copies of others",
    ] {
      #expect(warnings.contains(text), "\(text) in\n\(warnings)")
    }
    #expect(warnings.contains("brightness") || warnings.contains("told apart"), "\(warnings)")

    let json = try await fovea(arguments: arguments + ["--json"], in: folder.url)
    let object = try json.object()
    #expect(object["schemaVersion"] as? Int == 1)
    #expect(object["groupsOnBothSides"] as? [String] == ["p8"])
    #expect((object["warnings"] as? [String])?.count == warnings.split(separator: "\n").count)
    let shift = try #require(object["shift"] as? [String: Any])
    #expect(shift["isAlarm"] as? Bool == true)

    // Training says the same beforehand, unless told not to look.
    let train =
      ["train"] + arguments.dropFirst(2) + ["--epochs", "1", "--image-size", "8", "--output"]
    let trained = try await fovea(arguments: train + ["one"], in: folder.url)
    #expect(trained.code == 0, "\(trained.errors)")
    for warning in try #require(object["warnings"] as? [String]) {
      #expect(trained.errors.contains("Warning: \(warning)\n"), "\(warning)")
    }
    let skipped = try await fovea(arguments: train + ["two", "--skip-check"], in: folder.url)
    #expect(skipped.code == 0 && !skipped.errors.contains("Warning: "))
  }

  /// What is refused is not in the help.
  @Test func theHelpSpeaksOfPicturesAlone() async throws {
    let help = try await fovea("data", "check", "--help")
    #expect(help.code == 0 && help.output.contains("--image-column"))
    let text = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let options = try #require(text.range(of: "ARGUMENTS:"))
    let described = text[options.lowerBound...]
    #expect(described.contains("A folder with a folder of pictures for each class"))
    for word in ["recordings", ".txt", ".jsonl", "--task", "--text-column", "sounds"] {
      #expect(!described.contains(word), "\(word)")
    }
    #expect(text.contains("mirrored left to right, or shifted or cropped"))
    let refused = try await fovea("data", "check", "data", "--task", "texts")
    #expect(refused.code == 64 && refused.errors.contains("Unknown option '--task'"))
  }

  @Test func recordingsAndTextsAreRefusedInASentence() async throws {
    let folder = try TemporaryFolder()
    for index in 0..<8 {
      let kind = index % 2 == 0 ? "low" : "high"
      let tone = MadeWAV.tone(index % 2 == 0 ? 300 : 900, seconds: 0.2)
      try folder.write(MadeWAV.file([tone]), "sounds/\(kind)/\(index).wav")
      try folder.write("number \(index) is \(kind)", "texts/\(kind)/\(index).txt")
    }
    try folder.write("text,label\na b,one\nc d,two\n", "table.csv")
    try folder.write("body\tlabel\na b\tone\nc d\ttwo\n", "table.tsv")
    try folder.write("sample,label\na.wav,one\nb.wav,two\n", "sounds.csv")
    for (data, nouns) in [
      ("sounds", "recordings"), ("texts", "texts"), ("table.csv", "texts"), ("table.tsv", "texts"),
      ("sounds.csv", "recordings"),
    ] {
      let outcome = try await fovea("data", "check", data, in: folder.url)
      #expect(outcome.code == 1 && outcome.output == "")
      #expect(
        outcome.errors
          == "fovea: \(data): holds \(nouns). Only pictures are looked at here; train and "
          + "compare say which \(nouns) are exact copies\n")
    }
    try folder.write("body,label\na b,one\nc d,two\n", "other.csv")
    let other = try await fovea("data", "check", "other.csv", in: folder.url)
    #expect(
      other.errors
        == "fovea: other.csv: there is no column called image. The columns are: body, label. "
        + "Name it with --image-column. Only pictures are looked at here; train and compare say which texts "
        + "are exact copies\n")
  }
}
