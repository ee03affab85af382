import Foundation
import FoveaTestSupport
import Testing

/// Rates that no training survives, as a person gives them.
@Suite(.serialized) struct DivergenceCommandTests {
  private static let network = [
    "--image-size", "8", "--widths", "4,8", "--hidden", "8", "--batch-size", "4",
    "--validation-split", "0.3", "--threads", "1", "--highlights", "none",
  ]

  @Test(arguments: [("1e4", "adam"), ("1e8", "sgd"), ("1e12", "adam"), ("1e30", "sgd")])
  func aTrainingThatDivergesSaysSo(rate: String, optimizer: String) async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "pics", count: 10)
    let train =
      [
        "train", "pics", "-o", "run", "--learning-rate", rate, "--optimizer", optimizer, "--epochs",
        "4",
      ]
      + Self.network
    let outcome = try await fovea(arguments: train + ["--json"], in: folder.url)
    let resumed = try await fovea(
      arguments: ["train", "pics", "-o", "run", "--resume"] + Self.network, in: folder.url)
    let evaluated = try await fovea("evaluate", "run", "pics", "--json", in: folder.url)
    for one in [outcome, resumed, evaluated] {
      #expect([0, 1].contains(one.code), "\(one.errors)")
      #expect(!one.output.lowercased().contains("nan"), "\(one.output)")
      #expect(!one.errors.contains("EncodingError"), "\(one.errors)")
    }
    let weights = folder.file("run/weights.safetensors").path
    guard FileManager.default.fileExists(atPath: weights) else {
      for one in [outcome, resumed, evaluated] {
        #expect(one.code == 1)
        let said = one.errors + one.output
        #expect(said.contains("training diverged in epoch 1"), "\(said)")
        #expect(said.contains("smaller learning rate"), "\(said)")
      }
      return
    }
    // What is kept can be used, or says in a sentence why not.
    #expect(
      outcome.code == 0 || outcome.output.contains("not a finite number"), "\(outcome.output)")
    #expect(evaluated.code == 0 || evaluated.output.contains("not a finite number"))
    if let divergence = try? outcome.object()["divergence"] as? [String: Any] {
      let epoch = try #require(divergence["epoch"] as? Int)
      #expect(resumed.errors.contains("Training diverged in epoch \(epoch)"), "\(resumed.errors)")
    }
  }

  @Test func aComparisonGoesOn() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "pics", count: 10)
    let compare =
      [
        "compare", "pics", "-o", "study", "--seeds", "2", "--learning-rate", "1e38", "--epochs",
        "1",
      ]
      + Self.network
    let outcome = try await fovea(arguments: compare, in: folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("Verdict: no proven gain\n"))
    let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("6 networks diverged and have no answers"))
    #expect(words.contains("matched with seed 2 in epoch 1"))
    let again = try await fovea(arguments: compare + ["--json"], in: folder.url)
    let diverged = try #require(try again.object()["diverged"] as? [[String: Any]])
    #expect(diverged.count == 6 && diverged.allSatisfy { $0["isScored"] as? Bool == false })
    let page = try String(contentsOf: folder.file("study/report.html"), encoding: .utf8)
    #expect(page.contains("augmented with seed 1 in epoch 1") && page.contains("diverged"))
    let results = try await fovea("compare", "--results", "study/results.csv", in: folder.url)
    #expect(results.output.hasPrefix("Verdict: no proven gain\n"))
    #expect(results.output.contains("6 networks diverged"))
  }
}
