import Foundation
import FoveaArray
import FoveaTestSupport
import Testing

/// What lies in folders is somebody's: no verb takes what is not Fovea's, onto what it reads, or out of
/// the hands of another.
@Suite(.serialized) struct FolderTests {
  private static let train = [
    "train", "data", "--image-size", "8", "--epochs", "1", "--skip-check", "-q",
  ]

  /// All files of a folder and what they hold.
  private func content(_ folder: TemporaryFolder, _ name: String) throws -> [String: Data] {
    let url = folder.file(name)
    var content: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
      content[path] = (try? Data(contentsOf: url.appending(path: path))) ?? Data()
    }
    return content
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let what: String
    let verb: String
    let files: [String]

    init(_ what: String, _ verb: String, _ files: [String]) {
      self.what = what
      self.verb = verb
      self.files = files
    }

    var testDescription: String { what }
  }

  private static let small = "--image-size 8 --epochs 1 -q"

  @Test(arguments: [
    Case("half files", "train data -o mine \(small)", ["thesis.partial", "config.json.7.partial"]),
    Case("a checkpoint", "train data -o mine \(small)", ["checkpoints/last.safetensors"]),
    Case(
      "runs of theirs", "compare data -o mine --seeds 1 \(small)",
      [
        "runs/1/log.txt", "results.csv", "report.html",
      ]),
    Case("their results", "compare data -o mine --seeds 1 \(small)", ["results.csv"]),
    Case(
      "a folder of work", "train data -o mine \(small)",
      [
        "config.json", "runs/a/config.json", "runs/notes.md", "report.html", "metrics.csv",
      ]),
    Case("texts", "pretrain notes.txt -o mine --epochs 1 -q", ["config.json", "metrics.csv"]),
    Case("scenes", "data scenes --count 4 -o mine", ["boxes.csv", "045/0001.png"]),
    Case("a demonstration", "demo -o mine -q", ["hard/runs/x", "demo.json", "report.html"]),
  ]) func foldersOfOthersStayAsTheyAre(_ test: Case) async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data")
    try folder.write("One. Two.", "notes.txt")
    for name in test.files { try folder.write("mine: \(name)", "mine/\(name)") }
    let before = try content(folder, "mine")
    for more in [[], ["--overwrite"], ["--resume"]] {
      // `compare`, `demo` and `data` know no `--resume`.
      if more == ["--resume"], !test.verb.hasPrefix("train"), !test.verb.hasPrefix("pretrain") {
        continue
      }
      let outcome = try await fovea(
        arguments: test.verb.split(separator: " ").map(String.init) + more, in: folder.url)
      #expect(outcome.code == 1, "\(outcome.output)\(outcome.errors)")
      if more != ["--resume"] {
        #expect(outcome.errors.contains("mine: holds files that Fovea did not make: "))
      }
      #expect(try content(folder, "mine") == before)
    }
  }

  @Test func theFolderOneStandsInIsNeverReplaced() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "work/data")
    try folder.write("mine", "work/runs/notes.txt")
    let before = try content(folder, "work")
    let refused = try await fovea(
      arguments: Self.train + ["--output", ".", "--overwrite"], in: folder.file("work"))
    #expect(refused.code == 1)
    #expect(try content(folder, "work") == before)
  }

  @Test func foreignFilesInARunSurviveItsReplacement() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data")
    let command = Self.train.dropLast() + ["-o", "run"]
    #expect(try await fovea(arguments: Array(command), in: folder.url).code == 0)
    let foreign = ["notes.txt", "runs/a.csv", "checkpoints/best.pt", "my.partial"]
    for name in foreign { try folder.write("mine", "run/\(name)") }
    for more in ["--overwrite", "--resume"] {
      let again = try await fovea(arguments: command + [more], in: folder.url)
      #expect(again.code == 0, "\(again.errors)")
      #expect(again.errors.contains("run holds what Fovea did not make, which stays as it is: "))
      for name in foreign {
        #expect(try Data(contentsOf: folder.file("run/\(name)")) == Data("mine".utf8), "\(name)")
      }
    }
  }

  /// A run and a comparison as they were before folders had marks.
  @Test func oldRunsAndComparisonsGoOnAndAreReplaced() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data", count: 10)
    func takeMarks(_ name: String) throws {
      for path in try FileManager.default.subpathsOfDirectory(atPath: folder.file(name).path)
      where path.split(separator: "/").last?.hasPrefix(".fovea") == true {
        try FileManager.default.removeItem(at: folder.file("\(name)/\(path)"))
      }
    }
    let compare = [
      "compare", "data", "--seeds", "1", "--image-size", "8", "--epochs", "1", "-q", "-o", "study",
    ]
    for command in [Self.train + ["-o", "run"], compare] {
      let name = command[command.count - 1]
      #expect(try await fovea(arguments: command, in: folder.url).code == 0)
      for more in [["--overwrite"], name == "run" ? ["--resume"] : []] {
        try takeMarks(name)
        let again = try await fovea(arguments: command + more, in: folder.url)
        #expect(again.code == 0, "\(name) \(more): \(again.errors)")
        #expect(FileManager.default.fileExists(atPath: folder.file("\(name)/.fovea").path))
      }
    }
  }

  // MARK: What is read

  @Test(arguments: ["x.txt", "a/../x.txt", "./x.txt", "hard.txt", "soft.txt"])
  func aSummarysPageIsNotWrittenOntoItsText(_ page: String) async throws {
    let folder = try TemporaryFolder()
    let text = "Cats sleep. Dogs bark. Birds sing. Fish swim."
    try folder.write(text, "x.txt")
    try folder.write("", "a/b")
    try FileManager.default.linkItem(at: folder.file("x.txt"), to: folder.file("hard.txt"))
    try folder.link("soft.txt", to: "x.txt")
    let outcome = try await fovea("summarize", "x.txt", "--html", page, in: folder.url)
    #expect(outcome.code == 1 && outcome.output == "")
    #expect(outcome.errors.contains("is what is read (x.txt) and would be written onto"))
    #expect(try Data(contentsOf: folder.file("x.txt")) == Data(text.utf8))
  }

  @Test func noVerbWritesOntoWhatItReads() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data")
    #expect(try await fovea(arguments: Self.train + ["-o", "run"], in: folder.url).code == 0)
    #expect(
      try await fovea("data", "scenes", "--count", "40", "-o", "scenes", in: folder.url).code == 0)
    try folder.write(
      "image,label\n../data/cat/1.png,cat\n../data/dog/1.png,dog\n", "run/metrics.csv")
    let commands = [
      // Into the folder of the pictures.
      "explain run data/cat --output data/cat --overwrite",
      "explain run data/cat/1.png --output data/cat",
      // A run whose own file is the table, and one that starts from itself.
      "train run/metrics.csv -o run --overwrite --image-size 8",
      "train data -o run --from run --overwrite",
      "compare data -o data/cat --overwrite",
      // A folder of scenes as data and as output.
      "train scenes -o scenes --overwrite --image-size 8",
    ]
    for command in commands {
      let before = try (content(folder, "data"), content(folder, "run"), content(folder, "scenes"))
      let outcome = try await fovea(
        arguments: command.split(separator: " ").map(String.init) + ["-q"], in: folder.url)
      #expect(outcome.code == 1, "\(command): \(outcome.output)\(outcome.errors)")
      #expect(try content(folder, "data") == before.0, "\(command)")
      #expect(try content(folder, "run") == before.1, "\(command)")
      #expect(try content(folder, "scenes") == before.2, "\(command)")
    }
  }

  // MARK: One writer, and what went on meanwhile

  @Test func aSecondWriterIsRefusedAndAReaderIsNot() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data", count: 30)
    let command = [
      "train", "data", "--image-size", "8", "--epochs", "2000", "--patience", "0", "--skip-check",
      "-o", "run",
    ]
    let first = try FoveaProcess(command, in: folder.url)
    try #require(try await first.wait { first.errorsSoFar.contains("epoch 2:") })
    let mark = try Data(contentsOf: folder.file("run/.fovea"))
    for more in ["--resume", "--overwrite"] {
      let second = try await fovea(arguments: command + [more], in: folder.url)
      #expect(second.code == 1)
      #expect(
        second.errors.contains("fovea: run: is being written to by process \(first.identifier) on ")
      )
      #expect(second.errors.contains(" (train, since 2"))
    }
    // Who reads is told that training has not ended, not that somebody writes.
    let reader = try await fovea("evaluate", "run", "data", in: folder.url)
    #expect(reader.errors.contains("training has not ended"))
    #expect(try Data(contentsOf: folder.file("run/.fovea")) == mark)
    #expect(first.isRunning)
    first.send(SIGKILL)
    #expect(await first.outcome().code == 128 + SIGKILL)
    // The lock went with the process.
    let third = try FoveaProcess(command + ["--resume"], in: folder.url)
    #expect(try await third.wait { third.errorsSoFar.contains("epoch ") })
    third.send(SIGINT)
    #expect(await third.outcome().code == 130)
    #expect(!FileManager.default.fileExists(atPath: folder.file("run/.fovea.lock").path))
  }

  @Test func aPictureThatChangedAndACheckpointOfAnotherRunAreNamed() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data")
    for run in ["run", "other"] {
      #expect(try await fovea(arguments: Self.train + ["-o", run], in: folder.url).code == 0)
    }
    let resume = Self.train + ["-o", "run", "--resume"]
    #expect(try await fovea(arguments: resume, in: folder.url).code == 0)
    let before = try Data(contentsOf: folder.file("data/dog/3.png"))
    try folder.write(MadeFolder.picture(seed: 99), "data/dog/3.png")
    let changed = try await fovea(arguments: resume, in: folder.url)
    #expect(changed.code == 1)
    #expect(
      changed.errors.hasPrefix(
        "fovea: run: the content of dog/3.png has changed since the run began."))
    try folder.write(before, "data/dog/3.png")
    let checkpoint = "checkpoints/last.safetensors"
    try folder.write(Data(contentsOf: folder.file("other/\(checkpoint)")), "run/\(checkpoint)")
    let stranger = try await fovea(arguments: resume, in: folder.url)
    #expect(stranger.code == 1)
    #expect(stranger.errors.hasPrefix("fovea: run/\(checkpoint): belongs to another run ("))
  }
}
