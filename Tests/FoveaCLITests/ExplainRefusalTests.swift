import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// What `explain` does not take, and what a truth is taken for.
extension ExplainTests {
  /// A way to get it wrong and the end of what is said; nothing may be written.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let arguments: [String]
    let message: String
    var make: @Sendable (TemporaryFolder) throws -> Void = { _ in }

    init(
      _ name: String, _ arguments: String, _ message: String,
      make: @escaping @Sendable (TemporaryFolder) throws -> Void = { _ in }
    ) {
      testDescription = name
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.message = message
      self.make = make
    }
  }

  static let cases = [
    Case(
      "no attention", "bare pictures --method attention",
      "fovea: bare: the run has attention none, which shows no place to look at, so attention "
        + "cannot be shown. Choose one of \(worksEverywhere.joined(separator: ", "))\n"),
    Case(
      "unknown method", "run pictures --method gradcam",
      "fovea: there is no method called gradcam. Choose all, or one of attention, "
        + "attention-gradient, \(worksEverywhere.joined(separator: ", "))\n"),
    Case(
      "unknown class", "run pictures --method grad-cam --class 046",
      "fovea: there is no class called 046. The run has 000, 045, 090, 135\n"),
    Case(
      "no run", "nothing pictures",
      "fovea: nothing: does not exist. Give the folder that a training wrote, its --output\n"),
    Case(
      "wrong path", "run nothing.png --method grad-cam",
      "fovea: nothing.png: there is no such file or folder. Check the path\n"),
    Case("empty folder", "run hollow", "fovea: hollow: there are no pictures\n") {
      try $0.write("", "hollow/notes.txt")
    },
    Case(
      "only a broken picture", "run broken.png --method grad-cam",
      "fovea: broken.png: is a text file, not a picture\n"
    ) { try $0.write("a text", "broken.png") },
    Case(
      "no truth there", "run pictures --method grad-cam --truth nowhere.csv",
      "fovea: nowhere.csv: the truth does not exist. Give a mask picture, a folder of masks, or a "
        + "CSV file of boxes\n"),
    Case(
      "one mask for two", "run pictures --method grad-cam --truth pictures/a.png",
      "fovea: pictures/a.png: one mask cannot be the truth of 2 pictures. Give a folder of masks "
        + "with the pictures' names\n"),
    Case(
      "box outside", "run pictures --method grad-cam --truth outside.csv",
      "fovea: outside.csv, row 3: the box lies outside the picture, which has 16×16 pixels. "
        + "x and y are the box's upper left corner, counted from 0\n"
    ) { try $0.write("image,x,y,width,height\na.png,0,0,4,4\nb.png,16,0,4,4\n", "outside.csv") },
    Case(
      "truth for other pictures", "run pictures --method grad-cam --truth others.csv",
      "fovea: others.csv: no name fits a picture to be explained (such as x.png beside "
        + "pictures/a.png). Paths start from the table's folder, or are the end of a picture's "
        + "path\n"
    ) { try $0.write("image,x,y,width,height\nx.png,0,0,4,4\n", "others.csv") },
    Case(
      "truth for a video", "run pictures --as-video --method grad-cam --truth others.csv",
      "fovea: --truth is for pictures, not for videos. Leave it out\n"),
    Case(
      "all methods for a video", "run pictures --as-video --method all",
      "fovea: --method all is for pictures: a video shows one method. Name one, or leave --method "
        + "out\n"),
    Case("a broken frame", "run torn --as-video --method grad-cam", "not a picture\n") {
      try $0.write("a text", "torn/0.png")
    },
  ]

  @Test(arguments: cases) func isRefusedWithWordsAndLeavesNothing(_ wrong: Case) async throws {
    let folder = try await Trained.shared.value.folder
    try wrong.make(folder)
    let outcome = try await fovea(
      arguments: ["explain"] + wrong.arguments + ["--output", "refused"], in: folder.url)
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasSuffix(wrong.message), "\(outcome.errors)")
    #expect(!(try await exists("refused")))
  }

  @Test func aBlackMaskMarksNothing() async throws {
    let folder = try await Trained.shared.value.folder
    try folder.write(black(16, 16), "dark/b.png")
    // Alone it is of no use; among others it says that there is nothing.
    let alone = try await explain(
      "run", "pictures/b.png", "--method", "grad-cam", "--truth", "dark/b.png", "-o", "refused")
    #expect(alone.code == 1)
    #expect(
      alone.errors.hasSuffix(
        "fovea: dark/b.png: the mask is all black: it marks nothing. What matters should be "
          + "white (255)\n"))
    try folder.write(black(40, 30, light: 0..<600), "dark/a.png")
    try folder.write(black(4, 4, light: 0..<4), "dark/c.png")
    let both = try await explain(
      "run", "pictures", "--method", "grad-cam", "--truth", "dark", "-o", "dark-out")
    #expect(both.code == 0, "\(both.errors)")
    #expect(both.errors.contains("dark/b.png is all black: nothing is marked."))
    #expect(
      both.errors.contains(
        "The truth also names 1 picture that is not to be explained (c.png); left out."))
    #expect(
      both.output.contains(
        "Truth is known for 1 picture, 1 with nothing marked left out."))
    #expect(both.output.contains(/points (inside|outside) the truth, \d+ % inside/))
  }

  @Test func aMaskOfAnotherSizeIsScaledAndSaid() async throws {
    let folder = try await Trained.shared.value.folder
    // The upper half, in a tenth of the picture's size.
    try folder.write(black(4, 4, light: 0..<8), "small/a.png")
    let outcome = try await explain(
      "run", "pictures", "--method", "grad-cam", "--truth", "small", "-o", "scaled", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try outcome.object()
    let notes = try #require(report["notes"] as? [String])
    #expect(
      notes.contains(
        "small/a.png has 4×4 pixels, the picture 40×30; the mask is scaled."))
    let counts = try #require(report["truth"] as? [String: Int])
    #expect(counts["known"] == 1 && counts["unknown"] == 1)
    let method = try #require((report["methods"] as? [[String: Any]])?.first)
    let truth = try #require(method["truth"] as? [String: Any])
    #expect(truth["truthShare"] as? Double == 0.5)
    #expect((truth["pointing"] as? [String: Any])?["total"] as? Int == 1)
  }
}
