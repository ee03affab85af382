import FoundationEssentials
import FoveaArray
import FoveaTestSupport
import Glibc
import Testing

/// Folders belong to somebody: whose one is, who writes there, and what is never written onto.
struct OwnedFolderTests {
  /// A kind with a file that makes it whole, one in an inner folder, and numbered ones.
  private static let kind = FolderKind(
    "thing", ["whole.txt", "inner/part.txt", "n-#.csv"], worthKeeping: ["whole.txt"],
    recognizes: { folder, _ in
      (try? String(contentsOf: folder.appending(path: "whole.txt"), encoding: .utf8)) == "ours"
    })

  private func open(
    _ folder: TemporaryFolder, _ purpose: OwnedFolder.Purpose, kind: FolderKind = kind,
    inputs: [URL] = []
  ) throws -> OwnedFolder {
    let owned = try OwnedFolder(
      folder.file("f"), kind, purpose, verb: "test", inputs: { InputFiles(inputs) })
    try owned.open()
    return owned
  }

  private func problem(_ body: () throws -> Void) -> String? {
    #expect(throws: InputError.self) { try body() }?.problem
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.file("f").path).sorted()
  }

  // MARK: Names

  @Test(arguments: [
    ("config.json", "config.json", true), ("config.json", "config.jsonl", false),
    ("a/#.png", "a/0012.png", true), ("a/#.png", "a/.png", false), ("a/#.png", "a/x1.png", false),
    ("a/#.png", "0012.png", false), ("a/#.png", "a/b/1.png", false),
    ("runs/seed-#-*/config.json", "runs/seed-12-plain/config.json", true),
    ("runs/seed-#-*/config.json", "runs/seed-12-/config.json", false),
    ("runs/seed-#-*/config.json", "runs/other/config.json", false),
    ("*.png", "a.b.png", true), ("*.png", "a/b.png", false), ("x", "", false),
    ("events.out.tfevents.#.fovea", "events.out.tfevents.17.fovea", true),
    ("events.out.tfevents.#.fovea", "events.out.tfevents.17.theirs", false),
  ]) func patternsTellNames(_ pattern: String, _ path: String, _ fits: Bool) {
    #expect(PathPattern(pattern).matches(path) == fits)
  }

  // MARK: Whose it is

  @Test func onlyOwnFilesMakeRoomAndOthersAreSaid() throws {
    let folder = try TemporaryFolder()
    let first = try open(folder, .new(replacing: false))
    try first.write(Data("ours".utf8), to: "whole.txt")
    try first.makeFolder("inner")
    try first.write(Data("ours".utf8), to: "inner/part.txt")
    try first.write(Data("ours".utf8), to: "n-7.csv")
    #expect(problem { try first.write(Data(), to: "other.txt") } == "is no file of a thing")
    let identity = first.identity
    first.close()
    let foreign = [
      "notes.txt", "n-x.csv", "inner/mine.txt", "deep/whole.txt", "whole.txt.old.partial",
    ]
    for name in foreign { try folder.write("mine", "f/\(name)") }
    try folder.write("half", "f/whole.txt.77.partial")
    #expect(problem { _ = try open(folder, .new(replacing: false)) } == "holds a thing already")

    let goesOn = try open(folder, .goingOn)
    #expect(goesOn.identity == identity)
    #expect(goesOn.notes.count == 1 && goesOn.notes[0].contains("deep, inner/mine.txt, n-x.csv"))
    goesOn.close()
    #expect(try names(folder).contains("whole.txt"))
    #expect(try !names(folder).contains("whole.txt.77.partial"))

    let replaced = try open(folder, .new(replacing: true))
    #expect(replaced.identity != identity)
    replaced.close()
    #expect(try names(folder) == ([".fovea", "deep", "inner"] + foreign).sorted())
    for name in foreign {
      #expect(try Data(contentsOf: folder.file("f/\(name)")) == Data("mine".utf8), "\(name)")
    }
  }

  @Test(arguments: [
    ["notes.txt"], ["whole.txt"], ["n-7.csv"], ["inner/part.txt"], [".hidden"],
    ["whole.txt.7.partial"],
  ]) func aFolderWithoutAMarkIsLeftAlone(_ files: [String]) throws {
    let folder = try TemporaryFolder()
    for name in files { try folder.write("mine", "f/\(name)") }
    for purpose in [OwnedFolder.Purpose.new(replacing: false), .new(replacing: true), .goingOn] {
      #expect(
        problem { _ = try open(folder, purpose) }?.hasPrefix("holds files that Fovea did not make")
          == true)
    }
    for name in files {
      #expect(try Data(contentsOf: folder.file("f/\(name)")) == Data("mine".utf8))
    }
    #expect(try !names(folder).contains(".fovea"))
  }

  @Test func anEmptyFolderAndOneThatWasOnlyBegunAreFree() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.file("f"), withIntermediateDirectories: true)
    // What a process leaves that is killed at once.
    try folder.write("", "f/.fovea.lock")
    try folder.write("half", "f/.fovea.12.partial")
    try open(folder, .new(replacing: false)).close()
    try folder.write("ours", "f/inner/part.txt")
    try open(folder, .new(replacing: false)).close()
    #expect(try names(folder) == [".fovea"])
  }

  @Test func onesFromBeforeMarksAreKnown() throws {
    let folder = try TemporaryFolder()
    try folder.write("ours", "f/whole.txt")
    #expect(problem { _ = try open(folder, .new(replacing: false)) } == "holds a thing already")
    try open(folder, .goingOn).close()
    #expect(try names(folder) == [".fovea", "whole.txt"])
    try FileManager.default.removeItem(at: folder.file("f/.fovea"))
    try folder.write("mine", "f/notes.txt")
    #expect(
      problem { _ = try open(folder, .new(replacing: true)) }
        == "holds files that Fovea did not make: notes.txt")
    try FileManager.default.removeItem(at: folder.file("f/notes.txt"))
    try open(folder, .new(replacing: true)).close()
    #expect(try names(folder) == [".fovea"])
  }

  @Test func anotherKindAndADamagedMarkAreRefused() throws {
    let folder = try TemporaryFolder()
    let other = FolderKind("other", ["a"], recognizes: { _, _ in false })
    try open(folder, .goingOn, kind: other).close()
    #expect(problem { _ = try open(folder, .new(replacing: true)) } == "holds a other, not a thing")
    for mark in ["", "{}", "[1]"] {
      try folder.write(mark, "f/.fovea")
      #expect(
        problem { _ = try open(folder, .new(replacing: true)) }?.hasPrefix("is damaged") == true)
    }
    try folder.write(
      #"{"schemaVersion": 2, "kind": "thing", "identity": "0"}"#, "f/.fovea")
    #expect(
      problem { _ = try open(folder, .goingOn) }?.hasPrefix("was written by a newer Fovea") == true)
  }

  @Test func linksAreNotFollowed() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine", "elsewhere/part.txt")
    try folder.write("mine", "target.txt")
    try open(folder, .new(replacing: false)).close()
    try folder.link("f/inner", to: "../elsewhere")
    try folder.link("f/whole.txt", to: "../target.txt")
    let owned = try open(folder, .new(replacing: true))
    #expect(
      problem { try owned.makeFolder("inner") } == "is a link, which Fovea did not make")
    try owned.write(Data("ours".utf8), to: "whole.txt")
    for name in ["elsewhere/part.txt", "target.txt"] {
      #expect(try Data(contentsOf: folder.file(name)) == Data("mine".utf8))
    }
  }

  @Test func namesThatFollowFromTheInputAreListed() throws {
    let folder = try TemporaryFolder()
    let kind = FolderKind("drawing", ["*.png"], isListed: true, recognizes: { _, _ in false })
    let first = try open(folder, .goingOn, kind: kind)
    try first.write(Data("ours".utf8), to: "a\nb.png")
    first.close()
    try folder.write("mine", "f/c.png")
    let second = try open(folder, .goingOn, kind: kind)
    #expect(second.isTaken("c.") && !second.isTaken("a\nb."))
    try second.write(Data("new".utf8), to: "a\nb.png")
    #expect(
      problem { try second.write(Data(), to: "c.png") }
        == "is there already, and Fovea did not make it")
    second.close()
    try open(folder, .new(replacing: true), kind: kind).close()
    #expect(try names(folder) == [".fovea", "c.png"])
  }

  // MARK: What is read

  @Test(arguments: ["f/whole.txt", "f/../f/whole.txt", "hard", "soft"])
  func whatIsReadIsNeverWrittenOnto(_ input: String) throws {
    let folder = try TemporaryFolder()
    let first = try open(folder, .new(replacing: false))
    try first.write(Data("ours".utf8), to: "whole.txt")
    first.close()
    #expect(link(folder.file("f/whole.txt").path, folder.file("hard").path) == 0)
    try folder.link("soft", to: "f/whole.txt")
    let read = URL(filePath: folder.path + "/" + input)
    for purpose in [OwnedFolder.Purpose.new(replacing: true), .goingOn] {
      #expect(
        problem { _ = try open(folder, purpose, inputs: [read]) }?.hasPrefix("is what is read (")
          == true)
    }
    #expect(throws: InputError.self) {
      try InputFiles([folder.file("f")]).check(folder.file("f/whole.txt"))
    }
    try InputFiles([folder.file("f")]).check(folder.file("f/new.txt"))
    #expect(try Data(contentsOf: folder.file("f/whole.txt")) == Data("ours".utf8))
  }

  // MARK: One writer

  @Test func aSecondWriterIsToldWhoHoldsTheFolder() throws {
    let folder = try TemporaryFolder()
    let first = try open(folder, .new(replacing: false))
    try first.write(Data("ours".utf8), to: "whole.txt")
    for purpose in [OwnedFolder.Purpose.new(replacing: true), .goingOn] {
      let said = problem { _ = try open(folder, purpose) }
      #expect(said?.hasPrefix("is being written to by process \(getpid()) on ") == true)
      #expect(said?.contains(" (test, since 2") == true)
    }
    first.close()
    let second = try open(folder, .goingOn)
    // Closing twice takes nothing from whoever came next.
    first.close()
    #expect(throws: InputError.self) { _ = try open(folder, .goingOn) }
    second.close()
    #expect(try names(folder) == [".fovea", "whole.txt"])
  }

  @Test func aLockOfADeadProcessDoesNotHold() throws {
    let folder = try TemporaryFolder()
    try open(folder, .new(replacing: false)).close()
    try folder.write("process 1 on elsewhere (train, since 2001)", "f/.fovea.lock")
    try open(folder, .goingOn).close()
    #expect(try names(folder) == [".fovea"])
  }

  @Test func whatLiesInsideIsNotTakenAwayFromItsWriter() throws {
    let folder = try TemporaryFolder()
    let outer = FolderKind(
      "outer", Self.kind.patterns(below: "runs/seed-#"), recognizes: { _, _ in false })
    let inside = try OwnedFolder(
      folder.file("f/runs/seed-1"), Self.kind, .new(replacing: false), verb: "inside")
    try OwnedFolder(folder.file("f"), outer, .goingOn, verb: "outside").open()
    try inside.write(Data("ours".utf8), to: "whole.txt")
    #expect(
      problem {
        let outside = try OwnedFolder(
          folder.file("f"), outer, .new(replacing: true), verb: "outside")
        try outside.open()
      }?.contains("(inside, since 2") == true)
    #expect(try names(folder).contains("runs/seed-1/whole.txt"))
    inside.close()
    try OwnedFolder(folder.file("f"), outer, .new(replacing: true), verb: "outside").open()
    #expect(try names(folder) == [".fovea"])
  }

  // MARK: Long names

  @Test(arguments: [200, 243, 255]) func aLongNameCanBeWritten(_ length: Int) throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "ä", count: length / 2) + String(repeating: "x", count: length % 2)
    try AtomicFile.write(Data("x".utf8), to: folder.file(name))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
  }
}
