import Foundation
import FoveaTestSupport
import Testing

/// Examples that are both trained and tested on are warned of, whatever they are.
@Suite(.serialized) struct CopyWarningTests {
  private static let network = ["--epochs", "1", "--batch-size", "8", "--threads", "1"]

  private func weather() -> String {
    var table = "text,label\n"
    for index in 0..<40 {
      table += "\(index % 2 == 0 ? "sunshine" : "thunder") on day \(index),"
      table += "\(index % 2 == 0 ? "fair" : "foul")\n"
    }
    return table
  }

  /// The warning in the report, in the lines and in the JSON of a verb.
  private func expectWarning(
    _ arguments: [String], _ output: String, _ text: String, in folder: TemporaryFolder
  ) async throws {
    let lines = try await fovea(
      arguments: arguments + Self.network + ["--output", output], in: folder.url)
    #expect(lines.code == 0 && lines.errors.contains("Warning: \(text)\n"), "\(lines.errors)")
    let page = try String(contentsOf: folder.file("\(output)/report.html"), encoding: .utf8)
    #expect(page.replacing("\u{a0}", with: " ").contains(text))
    let json = try await fovea(
      arguments: arguments + Self.network + ["--output", "\(output)-json", "--json"],
      in: folder.url)
    let said = try json.object()["warnings"] as? [String]
    #expect(said?.contains(text) == true, "\(json.output)")
  }

  @Test func textsThatAreTestedOnToo() async throws {
    let folder = try TemporaryFolder()
    try folder.write(weather(), "weather.csv")
    let network = ["--model", "bag", "--vocabulary-size", "300"]
    let text =
      "40 of 40 test texts (100 %) have an exact copy in training: the test score will be too good."
    try await expectWarning(
      ["train", "weather.csv", "--test", "weather.csv"] + network, "run", text, in: folder)
    try await expectWarning(
      [
        "compare", "weather.csv", "--test", "weather.csv", "--seeds", "1", "--model", "gru",
        "--hidden", "4", "--token-width", "8", "--vocabulary-size", "300",
      ], "study", text, in: folder)
    let measured = try await fovea("evaluate", "run", "weather.csv", in: folder.url)
    #expect(
      measured.output.contains(
        "\nWarning: 36 of these 40 texts were trained on and 4 validated it"),
      "\(measured.output)")
    let skipped = try await fovea(
      arguments: ["train", "weather.csv", "--test", "weather.csv", "--skip-check"] + network
        + Self.network + ["--output", "skipped"], in: folder.url)
    #expect(skipped.code == 0 && !skipped.errors.contains("exact copy"), "\(skipped.errors)")
  }

  @Test func recordingsAndPicturesThatAreTestedOnToo() async throws {
    let folder = try TemporaryFolder()
    for index in 0..<20 {
      let tone = MadeWAV.tone(Double(index % 2 == 0 ? 300 : 900) + Double(index), seconds: 0.2)
      try folder.write(
        MadeWAV.file([tone]), "sounds/\(index % 2 == 0 ? "low" : "high")/\(index).wav")
    }
    try await expectWarning(
      ["train", "sounds", "--test", "sounds", "--model", "gru", "--hidden", "4"], "run",
      "20 of 20 test recordings (100 %) have an exact copy in training: the test score will be too "
        + "good.", in: folder)
    try MadeFolder.noise(folder, "pictures", count: 10)
    try await expectWarning(
      [
        "compare", "pictures", "--test", "pictures", "--seeds", "1", "--image-size", "16",
        "--widths", "4,4", "--hidden", "8", "--highlights", "none",
      ], "study",
      "20 of 20 test pictures (100 %) have an exact copy in training: the test score will be too good.",
      in: folder)
  }
}
