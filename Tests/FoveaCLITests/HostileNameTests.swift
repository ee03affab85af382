import Foundation
import FoveaArray
import FoveaTestSupport
import Testing

/// Whatever files, classes, columns and options are called: nothing of it moves the cursor, sets a
/// title, turns the direction of writing, hides, or passes for a line of the command's own.
@Suite(.serialized) struct HostileNameTests {
  /// A title, a cleared screen, text from right to left, a sign without width, and a line that is forged.
  private static let hostile =
    "\u{1B}]0;title\u{7}\u{1B}[2J\u{202E}evil\u{200B}\u{2066}\u{85}\u{9B}31m\tx\nforged: line\r"

  private static let made = Task {
    let folder = try TemporaryFolder().removedAtExit()
    for (label, name) in ["one\(hostile)", "two"].enumerated() {
      for index in 0..<6 {
        let file = "\(name)/\(index)\(hostile).png"
        try folder.write(MadeFolder.picture(seed: UInt64(10 * label + index)), "data/\(file)")
      }
    }
    try folder.write("no picture", "data/two/broken\(hostile).png")
    try folder.write("a,\"b\(hostile)\",c\n1,2,3\n", "t\(hostile).csv")
    // The lines of a text are its own.
    let words = hostile.filter { !$0.isNewline }
    try folder.write("A\(words) sat. The \u{1B}[31mcat\u{202E} ran.\n", "text\(hostile).txt")
    let trained = try await fovea(
      "train", "data", "-o", "run\(hostile)", "--epochs", "1", "--image-size", "8", "--widths",
      "2,2",
      "--hidden", "2", "--threads", "1", in: folder.url)
    return (folder: folder, trained: trained)
  }

  /// Whether all of a text can be seen as it stands.
  private func expectVisible(_ text: String, _ comment: Comment) {
    let harmful = text.unicodeScalars.filter {
      $0 != "\n"
        && ($0.properties.generalCategory == .control || $0.properties.isDefaultIgnorableCodePoint)
    }
    #expect(harmful.isEmpty, comment)
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("forged") }, comment)
  }

  private func expectVisible(_ outcome: FoveaProcess.Outcome, _ verb: String) {
    expectVisible(outcome.output, "standard output of \(verb): \(outcome.output.debugDescription)")
    expectVisible(outcome.errors, "standard error of \(verb): \(outcome.errors.debugDescription)")
    #expect(outcome.code < 128, "\(verb)")
  }

  @Test func trainingNamesClassesAndFilesVisibly() async throws {
    let (_, trained) = try await Self.made.value
    expectVisible(trained, "train")
    #expect(trained.code == 0)
    #expect(trained.errors.contains(#"broken\u{1B}]0;title\u{7}\u{1B}[2J\u{202E}evil\u{200B}"#))
    #expect(
      trained.output.hasSuffix(
        #"Run: run\u{1B}]0;title\u{7}\u{1B}[2J\u{202E}evil"#
          + #"\u{200B}\u{2066}\u{85}\u{9B}31m\tx\nforged: line\r"# + "\n"))
  }

  /// Every verb that a run or data can be given to, and what each of its lines is.
  @Test func resultsAndErrorsAreOneLineEach() async throws {
    let (folder, _) = try await Self.made.value
    let (run, hostile) = ("run\(Self.hostile)", Self.hostile)
    let picture = "data/two/0\(hostile).png"
    let broken = "data/two/broken\(hostile).png"
    let cases: [(arguments: [String], output: Int?, errors: Int?)] = [
      // A heading and a row, and what could not be read.
      (["predict", run, picture, broken], 2, 1),
      (["predict", run, "data"], 13, 1),
      (["explain", run, picture, broken, "-o", "shown", "-q"], nil, 1),
      (["evaluate", run, "data", "-q"], nil, 0), (["data", "check", "data"], nil, 0),
      (["inspect", run], nil, 0), (["summarize", "text\(hostile).txt", "--sentences", "1"], 1, 1),
      (["summarize", "text\(hostile).txt", "--sentences", "1", "--marked"], nil, 1),
      // A table without the columns that are needed names those that it has.
      (["train", "t\(hostile).csv", "-o", "x"], 0, 1),
      (["compare", "t\(hostile).csv", "-o", "x"], 0, 1),
      (["data", "check", "t\(hostile).csv"], 0, 1),
      (["compare", "--results", "t\(hostile).csv"], 0, 1),
      (["evaluate", run, "t\(hostile).csv"], 0, 1),
      // The option is told with the usage of its verb.
      (["train", "data", "-o", "x", "--\(hostile)"], 0, nil), (["\(hostile)"], 0, nil),
      (["train", "data", "-o", "x", "--model=\(hostile)"], 0, 1),
      (["train", "data", "-o", "x", "--task=\(hostile)"], 0, nil),
    ]
    for (arguments, output, errors) in cases {
      let outcome = try await fovea(arguments: arguments, in: folder.url)
      let verb = arguments.prefix(2).joined(separator: " ").debugDescription
      expectVisible(outcome, verb)
      if let output {
        #expect(outcome.output.count { $0 == "\n" } == output, "\(verb): \(outcome.output)")
      }
      if let errors {
        #expect(outcome.errors.count { $0 == "\n" } == errors, "\(verb): \(outcome.errors)")
      }
    }
  }

  /// What is not there is named in one line by every verb that asks for a path.
  @Test func everyVerbNamesAMissingPathInOneLine() async throws {
    let (folder, _) = try await Self.made.value
    for verb in try await CommandTree.shared.value.verbs where !verb.positionals.isEmpty {
      let paths = verb.positionals.map { _ in "gone\(Self.hostile)" }
      let options = verb.output == nil ? [] : ["-o", "new"]
      let model = verb.argument("model").map { $0.isOptional ? [] : ["--model", "gone"] } ?? []
      let outcome = try await fovea(arguments: verb.path + paths + options + model, in: folder.url)
      expectVisible(outcome, "\(verb)")
      #expect(outcome.code == 1 || outcome.code == 64, "\(verb)")
      if outcome.code == 1 { #expect(outcome.errors.count { $0 == "\n" } == 1, "\(verb)") }
    }
  }

  /// JSON says the same name, by escapes alone.
  @Test func jsonEscapesWhatATerminalObeys() async throws {
    let (folder, _) = try await Self.made.value
    let picture = "data/two/0\(Self.hostile).png"
    let outcome = try await fovea(
      "predict", "run\(Self.hostile)", picture, "--json", in: folder.url)
    expectVisible(outcome, "predict --json")
    #expect(try outcome.object()["path"] as? String == picture)
    // A table for another program has names as they are, quoted.
    let table = try await fovea(
      "predict", "run\(Self.hostile)", picture, "--format", "csv", in: folder.url)
    #expect(table.output.contains("\"\(picture)\","))
  }
}
