import Foundation
import FoveaArray
import FoveaTestSupport
import Testing

/// `fovea compare`: the verdict on results from anywhere, and a study of its own.
@Suite(.serialized) struct CompareTests {
  /// A made-up study of five seeds and 300 items, whose networks are right with these
  /// probabilities, item by item the same draw.
  private static func table(
    plain: Double, augmented: Double, matched: Double?, seeds: Int = 5
  ) -> String {
    let key = RandomKey(seed: 11)
    var rows = ["seed,item,plain,augmented" + (matched == nil ? "" : ",matched")]
    for seed in 0..<seeds {
      for item in 0..<300 {
        // Items have a difficulty of their own, and every training its luck with each.
        let words = key.folding(item).words(at: UInt64(seed))
        let difficulty = Double(key.folding(item).words(at: 99)[0]) * 0x1p-32
        func isRight(_ share: Double, _ word: UInt32) -> String {
          (difficulty + Double(word) * 0x1p-32) / 2 < 0.25 + share / 2 ? "1" : "0"
        }
        var row = ["\(seed)", "\(item)", isRight(plain, words[0]), isRight(augmented, words[1])]
        if let matched { row.append(isRight(matched, words[2])) }
        rows.append(row.joined(separator: ","))
      }
    }
    return rows.joined(separator: "\n") + "\n"
  }

  struct Study: Sendable, CustomTestStringConvertible {
    let verdict: String
    let plain: Double
    let augmented: Double
    let matched: Double?
    var testDescription: String { "\(verdict)\(matched == nil ? ", no control" : "")" }
  }

  static let studies = [
    Study(verdict: "attention helps", plain: 0.4, augmented: 0.7, matched: 0.42),
    Study(verdict: "undecided", plain: 0.4, augmented: 0.7, matched: nil),
    Study(verdict: "more parameters help", plain: 0.4, augmented: 0.7, matched: 0.7),
    Study(verdict: "attention hurts", plain: 0.7, augmented: 0.4, matched: 0.7),
    Study(verdict: "no proven gain", plain: 0.5, augmented: 0.5, matched: 0.5),
    Study(verdict: "no proven gain", plain: 0.5, augmented: 0.5, matched: nil),
  ]

  @Test(arguments: studies) func everyVerdictIsReached(_ study: Study) async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      Self.table(plain: study.plain, augmented: study.augmented, matched: study.matched), "r.csv")
    let helps = study.verdict == "attention helps"
    let title =
      study.verdict == "undecided"
      ? "gain over the plain twin: attention or size not told apart" : study.verdict
    let text = try await fovea(
      "compare", "--results", "r.csv", "--require", "helps", in: folder.url)
    #expect(text.code == (helps ? 0 : 2))
    #expect(text.output.hasPrefix("Verdict: \(title)\n"))
    #expect(
      text.errors == (helps ? "" : "fovea: --require helps is not met: \(title)\n"))
    #expect(text.output.contains("McNemar p"))
    #expect(text.output.contains("so few seeds reach 0.063 at best"))
    #expect(text.output.contains(/are\s+easily\s+missed\./))
    #expect(text.output.contains(/another\s+training\s+set/))
    #expect(text.output.contains("the control of equal size: ") == (study.matched != nil))

    let json = try await fovea(
      "compare", "--results", "r.csv", "--json", "--require", "helps", in: folder.url)
    #expect(json.code == text.code)
    let object = try json.object()
    #expect(object["verdict"] as? String == study.verdict)
    #expect(object["schemaVersion"] as? Int == 1)
    #expect(object["seedCount"] as? Int == 5 && object["itemCount"] as? Int == 300)
    let against = try #require(object["againstPlain"] as? [String: Any])
    let interval = try #require(against["interval"] as? [String: Double])
    let mean = try #require(against["meanDifference"] as? Double)
    #expect(try #require(interval["lower"]) < mean && mean < (try #require(interval["upper"])))
    #expect((against["seeds"] as? [[String: Any]])?.count == 5)
    #expect((object["againstMatched"] != nil) == (study.matched != nil))
    // Without being asked for a verdict, any is a success.
    #expect(try await fovea("compare", "--results", "r.csv", in: folder.url).code == 0)
  }

  @Test func oneSeedProvesNothing() async throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.table(plain: 0.1, augmented: 0.9, matched: 0.1, seeds: 1), "r.csv")
    let outcome = try await fovea(
      "compare", "--results", "r.csv", "--json", "--require", "helps", in: folder.url)
    #expect(outcome.code == 2)
    let object = try outcome.object()
    #expect(object["verdict"] as? String == "no proven gain")
    #expect((object["caveat"] as? String)?.contains("train three or more") == true)
  }

  @Test(arguments: [
    ("seed,item,plain\n1,1,0\n", "row 1: there is no column `augmented`"),
    ("seed,item,plain,augmented\n", "there are no results"),
    ("seed,item,plain,augmented\n1,a,1,0\n1,b,2,0\n", "row 3: `plain` is \"2\""),
    (
      "seed,item,plain,augmented\n1,a,1,0\n1,a,1,0\n",
      "row 3: item \"a\" stands twice under seed \"1\", first in row 2"
    ),
    (
      "seed,item,plain,augmented\n1,a,1,0\n1,b,1,0\n2,a,1,1\n",
      "item \"b\" has no result for seed \"2\""
    ),
    ("seed,item,plain,augmented\n1,a,1\n", "row 2: "),
    ("seed,item,plain,augmented\n1,,1,0\n", "row 2: the item is empty"),
    ("", "is empty"),
  ]) func malformedResultsAreNamedByRow(text: String, message: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write(text, "r.csv")
    let outcome = try await fovea("compare", "--results", "r.csv", in: folder.url)
    #expect(outcome.code == 1 && outcome.output == "")
    #expect(outcome.errors.hasPrefix("fovea: r.csv"), "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  private static func command(_ output: String) -> [String] {
    [
      "compare", "scenes", "--output", output, "--seeds", "2", "--epochs", "2", "--image-size",
      "16",
      "--batch-size", "16", "--widths", "8,8", "--hidden", "16",
    ]
  }

  /// A study's numbers without how long it took.
  private static func numbers(_ text: String) throws -> NSDictionary {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    var study = try #require(object as? [String: Any])
    #expect(study.removeValue(forKey: "seconds") != nil)
    let networks = try #require(study["networks"] as? [[String: Any]])
    study["networks"] = networks.map { network in
      var network = network
      #expect(network.removeValue(forKey: "secondsPerTraining") != nil)
      return network
    }
    return study as NSDictionary
  }

  @Test func aStudyGivesItsNumbersWhateverInterruptsIt() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.scenes(folder, "scenes", count: 80)
    let whole = try await fovea(arguments: Self.command("whole") + ["--json"], in: folder.url)
    try #require(whole.code == 0, "\(whole.errors)")
    let object = try whole.object()
    #expect(object["verdict"] is String && object["explanation"] is String)
    let counts = ["trainingCount", "validationCount", "testCount"].map { object[$0] as? Int ?? 0 }
    #expect(counts[0] + counts[1] == 64 && counts[1] > 0 && counts[2] == 16)
    // Sixteen pictures show of none that it knows more than the commonest class, of two epochs least of all.
    let warning = try #require((object["warnings"] as? [String])?.last)
    #expect(
      warning.contains(" not shown to be better than always saying ")
        && warning.contains(" of 6 networks "))
    let networks = try #require(object["networks"] as? [[String: Any]])
    #expect(networks.map { $0["attention"] as? String } == ["augmented", "none", "matched"])
    let parameters = networks.map { $0["totalParameters"] as? Int ?? 0 }
    #expect(parameters[0] == parameters[2] && parameters[1] < parameters[0])
    #expect(networks.allSatisfy { ($0["floatingPointOperations"] as? Int ?? 0) > 0 })
    // The runs whose highlights the report shows know which method does best on them.
    for arm in ["augmented", "plain"] {
      let data = try Data(
        contentsOf: folder.file("whole/runs/seed-1-\(arm)/highlights/method.json"))
      let study = try #require(
        try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(study["part"] as? String == "validation")
    }

    // Interrupted in the second training, killed in the fourth, then to the end.
    for (signal, run) in [(SIGINT, "seed-1-plain"), (SIGKILL, "seed-2-augmented")] {
      let process = try FoveaProcess(Self.command("again"), in: folder.url)
      let place = folder.file("again/runs/\(run)/metrics.csv").path
      _ = try await process.wait { FileManager.default.fileExists(atPath: place) }
      process.send(signal)
      let outcome = await process.outcome()
      #expect(outcome.code == (signal == SIGINT ? 130 : 128 + SIGKILL), "\(outcome.errors)")
      #expect(
        outcome.errors.contains(
          "Training on \(counts[0]) pictures of 4 classes at 16×16, \(counts[1]) for validation, "
            + "scored on 16 others."))
      if signal == SIGINT {
        #expect(
          outcome.errors.hasSuffix(
            "Stopped. What is trained is kept; go on with: fovea "
              + Self.command("again").joined(separator: " ") + "\n"))
      }
    }
    let again = try await fovea(arguments: Self.command("again"), in: folder.url)
    #expect(again.code == 0, "\(again.errors)")
    func file(_ path: String) throws -> String {
      try String(contentsOf: folder.file(path), encoding: .utf8)
    }
    #expect(try file("again/results.csv") == file("whole/results.csv"))
    #expect(
      try Self.numbers(file("again/comparison.json")) == Self.numbers(file("whole/comparison.json"))
    )
    #expect(try Self.numbers(whole.output) == Self.numbers(file("whole/comparison.json")))

    // What it wrote is what anybody may hand in.
    let results = try await fovea(
      "compare", "--results", "whole/results.csv", "--json", in: folder.url)
    let compared = try results.object()
    for key in ["verdict", "explanation", "plainAccuracy", "augmentedAccuracy", "matchedAccuracy"] {
      #expect(compared[key] as? NSObject == object[key] as? NSObject, "\(key)")
    }
    let text = again.output
    #expect(text.hasPrefix("Verdict: ") && text.contains("time a training"))

    // Other settings do not mix with what is there, unless it may go.
    let other = try await fovea(
      arguments: Self.command("again") + ["--learning-rate", "0.01"], in: folder.url)
    #expect(other.code == 1)
    #expect(
      other.errors.contains(
        "fovea: again/runs/seed-1-augmented: holds a training with other settings or data. Choose "
          + "another --output, or add --overwrite to replace the comparison"))
    // Any of its networks can be used.
    let evaluated = try await fovea(
      "evaluate", "whole/runs/seed-2-matched", "scenes", "--json", in: folder.url)
    #expect(try evaluated.object()["itemCount"] as? Int == 80)
  }
}
