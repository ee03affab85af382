import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// `fovea explain`: what it writes, prints and refuses.
@Suite(.serialized) struct ExplainTests {
  /// A run with attention and one without, pictures to explain, and what the test writes.
  struct Trained: Sendable {
    let folder: TemporaryFolder

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      try MadeFolder.scenes(folder, "scenes", count: 24)
      try folder.write(MadeFolder.picture(width: 40, height: 30, seed: 3), "pictures/a.png")
      try folder.write(MadeFolder.picture(width: 16, height: 16, seed: 4), "pictures/b.png")
      for (name, attention) in [("run", "augmented"), ("bare", "none")] {
        let outcome = try await fovea(
          "train", "scenes", "--output", name, "--attention", attention, "--image-size", "8",
          "--widths", "4,4", "--hidden", "8", "--epochs", "1", "--skip-check", "--quiet",
          in: folder.url)
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
      return Trained(folder: folder)
    }
  }

  static let worksEverywhere = [
    "grad-cam", "integrated-gradients", "integrated-gradients-blurred", "occlusion", "rise",
  ]

  func explain(_ arguments: String...) async throws -> FoveaProcess.Outcome {
    try await fovea(
      arguments: ["explain"] + arguments, in: Trained.shared.value.folder.url)
  }

  func exists(_ name: String) async throws -> Bool {
    FileManager.default.fileExists(atPath: try await Trained.shared.value.folder.file(name).path)
  }

  func object(_ name: String) async throws -> [String: Any] {
    let data = try await Data(contentsOf: Trained.shared.value.folder.file(name))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  func black(_ width: Int, _ height: Int, light: Range<Int> = 0..<0) throws -> Data {
    let pixels = (0..<(width * height)).map { UInt8(light.contains($0) ? 255 : 0) }
    return try PictureEncoder(.png).encode(
      Picture(width: width, height: height, channels: 1, made: pixels))
  }

  // MARK: What it says

  @Test func aLineSaysWhatWhereHowGoodAndHowLong() async throws {
    let outcome = try await explain(
      "run", "pictures/a.png", "--method", "grad-cam", "--output", "line")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let parts = lines[0].components(separatedBy: "  ")
    #expect(parts[0] == "pictures/a.png" && parts[2] == "grad-cam")
    #expect(parts[1].wholeMatch(of: /(000|045|090|135) \d+\.\d %/) != nil)
    #expect(parts[3].wholeMatch(of: /nowhere|\d+×\d+ pixels at x \d+, y \d+/) != nil)
    #expect(parts.count == 4 && lines.allSatisfy { $0.count < 200 })
    let score =
      #/  (deletion|insertion) \d\.\d{3} \(shifted \d\.\d{3}, middle \d\.\d{3}, local contrast \d\.\d{3}\)/#
    #expect(lines[1].wholeMatch(of: score) != nil && lines[2].wholeMatch(of: score) != nil)
    // Two or three validation pictures tell nothing: that is said once, beside no answer.
    #expect(lines[3] == "  not judged")
    #expect(
      outcome.errors.contains(
        /the network is not shown to be better than always saying (000|045|090|135), as/
      ))
    #expect(
      lines.contains(
        "Faithful says that the network did use the marked places: it is no approval of the answer."
      ))
    #expect(lines.contains { $0.hasPrefix("method ") && $0.hasSuffix(" seconds") })
    #expect(try await exists("line/a.png"))

    // The file says the same numbers.
    let document = try await object("line/a.json")
    #expect(document["picture"] as? String == "pictures/a.png")
    let highlight = try #require((document["highlights"] as? [[String: Any]])?.first)
    let scores = try #require(highlight["scores"] as? [String: Any])
    let deletion = try #require(scores["deletion"] as? [String: Any])
    let value = try #require(deletion["value"] as? Double)
    #expect(lines[1].hasPrefix("  deletion \(NumberText.fixed(value, decimals: 3)) "))
    #expect((deletion["shifted"] as? [Double])?.count == 19)
    let verdict = try #require(highlight["verdict"] as? [String: Any])
    #expect(verdict["faithful"] is NSNull)
    #expect((verdict["reasons"] as? [String])?.count == 1)
    let cost = try #require(highlight["cost"] as? [String: Any])
    // The prediction, and the gradient's own way through the network and back.
    #expect(try #require(cost["forwardPasses"] as? Double) < 3)
  }

  /// A run of before the classes of its validation part were counted is judged by scores alone.
  @Test func anOlderRunIsJudgedByScoresAndThatIsSaid() async throws {
    let folder = try await Trained.shared.value.folder
    try FileManager.default.copyItem(at: folder.file("run"), to: folder.file("older"))
    var configuration = try await object("older/config.json")
    var data = try #require(configuration["data"] as? [String: Any])
    #expect((data["validationClassCounts"] as? [Int])?.count == 4)
    data["validationClassCounts"] = nil
    configuration["data"] = data
    try JSONSerialization.data(withJSONObject: configuration)
      .write(to: folder.file("older/config.json"))
    let outcome = try await explain(
      "older", "pictures/a.png", "--method", "occlusion", "--output", "judged")
    #expect(outcome.code == 0)
    #expect(
      outcome.errors.contains("the run does not say how common the classes of its validation"))
    let line = outcome.output.split(separator: "\n")[3]
    #expect(line == "  faithful" || line.hasPrefix("  not faithful: "))
    let verdict = try #require(
      (try await object("judged/a.json")["highlights"] as? [[String: Any]])?.first?["verdict"]
        as? [String: Any])
    #expect(verdict["faithful"] as? Bool == (line == "  faithful"))
  }

  @Test func jsonIsOneObjectWithEveryMethod() async throws {
    let outcome = try await explain(
      "run", "pictures", "--method", "all", "--map-format", "csv", "--output", "all", "--json")
    #expect(outcome.code == 0 && outcome.errors == "", "\(outcome.errors)")
    #expect(outcome.output.count { $0 == "\n" } == 1)
    let report = try outcome.object()
    #expect(report["schemaVersion"] as? Int == 1)
    #expect(report["run"] as? String == "run" && report["output"] as? String == "all")
    let all = ["attention", "attention-gradient"] + Self.worksEverywhere
    let methods = try #require(report["methods"] as? [[String: Any]])
    #expect(methods.map { $0["method"] as? String } == all)
    for method in methods {
      #expect(method["pictureCount"] as? Int == 2)
      #expect(method["faithful"] == nil && method["notJudgedCount"] as? Int == 2)
      for score in ["deletion", "deletionGain", "insertion", "insertionGain", "stability"] {
        #expect((method[score] as? [String: Any])?["mean"] is Double, "\(score)")
      }
      #expect(try #require(method["seconds"] as? Double) > 0)
    }
    let pictures = try #require(report["pictures"] as? [[String: Any]])
    #expect(pictures.map { $0["picture"] as? String } == ["pictures/a.png", "pictures/b.png"])
    #expect(pictures.map { $0["file"] as? String } == ["a.json", "b.json"])
    for picture in pictures {
      let highlights = try #require(picture["highlights"] as? [[String: Any]])
      #expect(highlights.map { $0["method"] as? String } == all)
      for highlight in highlights {
        #expect(highlight["verdict"] is [String: Any] && highlight["cost"] is [String: Any])
        #expect(highlight["localContrast"] is [String: Any])
        // Regions are in the picture's own pixels.
        for region in highlight["regions"] as? [[String: Any]] ?? [] {
          let corner = ["x", "width"].compactMap { region[$0] as? Int }.reduce(0, +)
          #expect(corner <= (picture["file"] as? String == "a.json" ? 40 : 16))
        }
      }
    }
    // A sheet a picture, and a table a map.
    let files = try await FileManager.default.contentsOfDirectory(
      atPath: Trained.shared.value.folder.file("all").path)
    #expect(
      Set(files).subtracting([".fovea", ".fovea.files"])
        == Set(
          ["a", "b"].flatMap { name in
            ["\(name).json", "\(name).png"] + all.map { "\(name).\($0).csv" }
          }))
    let sheet = try await PictureDecoder().decode(
      contentsOf: Trained.shared.value.folder.file("all/a.png"))
    #expect(sheet.width > 400 && sheet.height > 200)
  }

  @Test func withoutAttentionEveryOtherMethodIsShown() async throws {
    let outcome = try await explain("bare", "pictures/b.png", "--method", "all", "-o", "others")
    #expect(outcome.code == 0)
    #expect(
      outcome.errors.contains(
        "Left out, as the run's attention shows no place: attention, attention-gradient."))
    let shown = outcome.output.split(separator: "\n").filter { $0.hasPrefix("pictures/b.png  ") }
      .map { $0.components(separatedBy: "  ")[2] }
    #expect(shown == Self.worksEverywhere)
  }

  @Test func anotherClassIsExplained() async throws {
    let outcome = try await explain(
      "run", "pictures", "--method", "grad-cam", "--class", "045", "-o", "other", "--json")
    #expect(outcome.code == 0)
    for picture in try #require(try outcome.object()["pictures"] as? [[String: Any]]) {
      let highlight = try #require((picture["highlights"] as? [[String: Any]])?.first)
      #expect((highlight["explained"] as? [String: Any])?["label"] as? String == "045")
    }
  }

  @Test func aFolderOfFramesBecomesAVideo() async throws {
    let outcome = try await explain(
      "run", "pictures", "--as-video", "--fps", "1", "--method", "grad-cam", "--video-format",
      "gif", "-o", "watched", "--json")
    // Frames of a video have one size.
    #expect(outcome.code == 1 && outcome.errors.contains("pictures"), "\(outcome.errors)")
    let folder = try await Trained.shared.value.folder
    for index in 0..<2 {
      try folder.write(MadeFolder.picture(seed: UInt64(20 + index)), "frames/\(index).png")
    }
    let video = try await explain(
      "run", "frames", "--as-video", "--fps", "1", "--method", "grad-cam", "--video-format",
      "gif", "-o", "watched", "--overwrite", "--json")
    #expect(video.code == 0, "\(video.errors)")
    let videos = try #require(try video.object()["videos"] as? [[String: Any]])
    #expect((videos[0]["seconds"] as? [[String: Any]])?.count == 2)
    #expect(try await exists("watched/frames.gif"))
    #expect(try await exists("watched/frames.json"))
  }

  // MARK: Where it is written

  @Test func aFolderThatHoldsSomethingIsWrittenIntoOnlyWhenAsked() async throws {
    let folder = try await Trained.shared.value.folder
    let command = ["run", "pictures/b.png", "--method", "grad-cam", "-o", "full", "--quiet"]
    try folder.write("mine", "full/notes.txt")
    for more in [[], ["--overwrite"]] {
      let refused = try await fovea(arguments: ["explain"] + command + more, in: folder.url)
      #expect(refused.code == 1)
      #expect(
        refused.errors == "fovea: full: holds files that Fovea did not make: notes.txt. They are "
          + "left alone; choose another --output\n")
    }
    try FileManager.default.removeItem(at: folder.file("full/notes.txt"))
    let first = try await fovea(arguments: ["explain"] + command, in: folder.url)
    #expect(first.code == 0 && first.errors == "")
    let second = try await fovea(arguments: ["explain"] + command, in: folder.url)
    #expect(
      second.errors == "fovea: full: holds a set of highlights already. Choose another --output, "
        + "or add --overwrite\n")
    // A picture that somebody put there keeps its name.
    try folder.write("mine", "full/notes.txt")
    try FileManager.default.copyItem(
      at: folder.file("pictures/b.png"), to: folder.file("full/c.png"))
    let written = try await explain(
      "run", "pictures/b.png", "full/c.png", "--method", "grad-cam", "-o", "full", "--quiet",
      "--overwrite")
    #expect(written.code == 0 && written.errors == "")
    #expect(try Data(contentsOf: folder.file("full/notes.txt")) == Data("mine".utf8))
    #expect(
      try Data(contentsOf: folder.file("full/c.png"))
        == Data(contentsOf: folder.file("pictures/b.png")))
    #expect(try await exists("full/b.json"))
    #expect(try await exists("full/full-c.json"))
    // What Fovea drew and what is explained may not be the same.
    let own = try await explain(
      "run", "full/b.png", "--method", "grad-cam", "-o", "full", "--quiet", "--overwrite")
    #expect(own.code == 1 && own.errors.contains("is what is read (full/b.png)"))
    let file = try await explain(
      "run", "pictures/b.png", "--method", "grad-cam", "-o", "full/notes.txt", "--overwrite")
    #expect(
      file.errors.hasSuffix(
        "fovea: full/notes.txt: is a file, not a folder. "
          + "Choose another --output\n"))
  }

  @Test func brokenPicturesAreNamedAndTheOthersExplained() async throws {
    let folder = try await Trained.shared.value.folder
    try folder.write("a text", "mixed/a.png")
    try folder.write(MadeFolder.picture(seed: 7), "mixed/b.png")
    let outcome = try await explain(
      "run", "mixed", "--method", "grad-cam", "-o", "partly", "--json")
    #expect(outcome.code == 1)
    #expect(outcome.errors == "fovea: mixed/a.png: is a text file, not a picture\n")
    let report = try outcome.object()
    #expect(report["broken"] as? [String] == ["mixed/a.png: is a text file, not a picture"])
    #expect((report["pictures"] as? [[String: Any]])?.count == 1)
  }
}
