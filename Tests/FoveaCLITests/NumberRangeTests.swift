import Foundation
import FoveaArray
import FoveaData
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import Testing

/// Numbers far beyond use: said, never a crash, and nothing is made.
struct NumberRangeTests {
  /// Options whose values are texts, or that take every whole number.
  private static let others: Set<String> = [
    "--against", "--attention", "--augment", "--by", "--channels", "--chart", "--class",
    "--distractors",
    "--faithful", "--features", "--feed", "--file-column", "--files", "--filter", "--filter-class",
    "--format",
    "--freeze", "--from", "--golden", "--group-column", "--head", "--html", "--image-column",
    "--image-size", "--images", "--kind", "--label-column", "--long-texts", "--map-format",
    "--mel-scale", "--method", "--mode", "--model", "--norm", "--objective", "--optimizer",
    "--output", "--precision", "--prompt", "--prompt-file", "--require", "--resize", "--results",
    "--schedule", "--scorer", "--seed", "--size", "--spans-column", "--split-column", "--task",
    "--test", "--test-speaker", "--text", "--text-column", "--tokenizer", "--truth",
    "--video-format",
  ]

  /// Options with the verb that has them, as the command lists them itself.
  private static func options() async throws -> [String: [String]] {
    let help = try await fovea("--experimental-dump-help")
    var options: [String: [String]] = [:]
    func collect(_ command: [String: Any], _ path: [String]) {
      for argument in command["arguments"] as? [[String: Any]] ?? []
      where argument["kind"] as? String == "option" {
        for name in argument["names"] as? [[String: Any]] ?? []
        where name["kind"] as? String == "long" {
          options["--\(name["name"] as? String ?? "")"] = path
        }
      }
      for next in command["subcommands"] as? [[String: Any]] ?? [] {
        collect(next, path + [next["commandName"] as? String ?? ""])
      }
    }
    collect(try #require(help.object()["command"] as? [String: Any]), [])
    return options
  }

  @Test func everyOptionThatIsANumberHasARange() async throws {
    let options = try await Self.options()
    #expect(options.count > 80)
    let far = "99999999999999999999999999999999999999999"
    for (option, verb) in options.sorted(by: { $0.key < $1.key })
    where !Self.others.contains(option) {
      let outcome = try await fovea(arguments: verb + ["\(option)=\(far)"])
      #expect(outcome.code == 64)
      #expect(
        outcome.errors.hasPrefix("fovea: \(option) cannot be \(far). Give "), "\(outcome.errors)")
    }
  }

  @Test(arguments: [
    ("compare data -o s --seeds 9223372036854775807", "--seeds cannot be"),
    ("train data -o s --epochs 9223372036854775807", "--epochs cannot be"),
    ("train data -o s --clip-seconds 1e300", "--clip-seconds cannot be"),
    ("train data -o s --clip-seconds nan", "--clip-seconds cannot be"),
    ("generate m --tokens 9223372036854775807", "--tokens cannot be"),
    ("train data -o s --hidden 1000000000", "--hidden cannot be"),
    ("train data -o s --widths 32,4611686018427387904", "--widths cannot be"),
    ("inspect vit --layer-count 1000000", "--layer-count cannot be"),
    ("inspect resnet --depth 4611686018427387904", "--depth cannot be"),
    ("inspect cnn --batch=9223372036854775807", "--batch cannot be"),
    ("inspect cnn --classes -3", "--classes cannot be"),
    ("data digit-strings d -o s --noise 1e9", "--noise cannot be"),
  ])
  func theOptionIsNamed(_ arguments: String, _ message: String) async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data")
    let outcome = try await fovea(
      arguments: arguments.split(separator: " ").map(String.init), in: folder.url)
    #expect(outcome.code == 64)
    #expect(outcome.errors.hasPrefix("fovea: \(message) "), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("s").path))
  }

  @Test func seedsThatCannotBeCountedAreRefused() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data")
    let outcome = try await fovea(
      "compare", "data", "-o", "s", "--seed", "18446744073709551615", "--seeds", "2",
      in: folder.url)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("2 seeds from 18446744073709551615 on cannot be counted"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("s").path))
  }

  // MARK: Products

  @Test func memoryIsAskedForBeforeAFolderIsMade() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data", count: 12)
    for verb in ["train", "compare"] {
      let outcome = try await fovea(
        arguments: [
          verb, "data", "-o", "run", "--image-size", "224", "--widths", "512,512", "--epochs", "1",
        ], in: folder.url, memoryLimit: 4 << 30)
      #expect(outcome.code == 1, "\(verb): \(outcome.code)")
      #expect(outcome.errors.contains(" of memory, and "), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("run").path))
    }
  }

  @Test(arguments: [
    "inspect cnn --image-size 2048 --widths 65536,65536 --batch 131072",
    "inspect cnn --image-size 2048 --batch 131072", "inspect transformer --token-width 65536",
    "inspect lstm --hidden 65536 --batch 131072",
  ])
  func aNetworkBeyondAnyMachineIsRefused(_ arguments: String) async throws {
    let outcome = try await fovea(arguments: arguments.split(separator: " ").map(String.init))
    #expect(outcome.code == 1, "\(outcome.code)")
    #expect(outcome.errors.contains(" of memory"), "\(outcome.errors)")
  }

  // MARK: inspect

  @Test(arguments: NetworkCatalog.builtIn.names, ["train", "infer"])
  func everyNetworkIsShown(_ name: String, _ mode: String) async throws {
    let outcome = try await fovea("inspect", name, "--mode", mode, "--batch", "2", "--layers")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("\(name) with attention "))
    #expect(outcome.output.contains("; \(mode), batch 2\n"))
  }

  // MARK: Files

  @Test func aStrangersRunIsRefusedWithItsFile() async throws {
    let folder = try TemporaryFolder()
    let template = NetworkDescription(CNNFamily())
    let broken = try JSONDecoder().decode(
      BrokenExamples.self, from: Data(#"{"count": 0, "total": 9, "named": []}"#.utf8))
    let configuration = RunConfiguration(
      classifier: ClassifierDescription(
        network: try template.fitted(to: .map(height: 16, width: 16, channels: 3), classes: 2),
        input: .picture(try PictureInput(width: 16, height: 16)),
        normalization: ChannelStatistics(mean: [0, 0, 0], deviation: [1, 1, 1]),
        classes: ["a", "b"]),
      training: TrainingSettings(),
      data: RunConfiguration.DataSummary(
        path: "data", trainingCount: 8, validationCount: 1, testCount: nil, broken: broken,
        fingerprint: "ab"))
    let text = String(
      decoding: try JSONText.encoded(configuration, isCompact: true), as: UTF8.self)
    try folder.write(MadeFolder.picture(), "a.png")
    for (old, new) in [
      (#""height":16"#, #""height":9007199254740992"#),
      (#""deviation":[1,1,1]"#, #""deviation":[1,0,1]"#),
      (#"["a","b"]"#, #"["a","a"]"#), (#""hidden":128"#, #""hidden":4611686018427387904"#),
    ] {
      try #require(text.contains(old))
      try folder.write(text.replacing(old, with: new), "run/config.json")
      for arguments in [
        ["predict", "run", "a.png"], ["inspect", "run"], ["evaluate", "run", "."],
      ] {
        let outcome = try await fovea(arguments: arguments, in: folder.url)
        #expect(outcome.code == 1, "\(outcome.code)")
        #expect(outcome.errors.hasPrefix("fovea: run/config.json: "), "\(outcome.errors)")
      }
    }
  }

  @Test func countsOfWordsHaveARange() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      seed,item,words,plain,augmented
      1,a,9223372036854775807,1,0
      1,b,9223372036854775807,0,1
      """, "results.csv")
    let outcome = try await fovea("compare", "--results", "results.csv", in: folder.url)
    #expect(outcome.code == 1)
    #expect(
      outcome.errors.hasPrefix("fovea: results.csv, row 2: `words` is \"9223372036854775807\""),
      "\(outcome.errors)")
  }
}
