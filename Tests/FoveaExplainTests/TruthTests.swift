import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaExplain
import Testing

@Suite("Truth from masks and boxes")
struct TruthTests {
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "fovea-truth-\(UUID().uuidString)", directoryHint: .isDirectory)

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func text(_ text: String, _ name: String = "boxes.csv") throws -> URL {
      let file = url.appending(path: name)
      try Data(text.utf8).write(to: file)
      return file
    }

    func mask(
      _ name: String, width: Int = 4, height: Int = 4, _ light: Set<Int>, value: UInt8 = 255
    ) throws -> URL {
      let file = url.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try PictureEncoder(.png).write(
        Picture(
          width: width, height: height, channels: 1,
          made: (0..<(width * height)).map { light.contains($0) ? value : 0 }), to: file)
      return file
    }

    func target(_ name: String) -> TruthSet.Target {
      TruthSet.Target(name: name, url: url.appending(path: name))
    }
  }

  private func error(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test("boxes are found by the path from the table and by the end of a path; several count")
  func boxes() throws {
    let folder = try Folder()
    let table = try folder.text(
      "image,x,y,width,height,label\na.png,0,0,2,2,u\na.png,2,2,1,1,u\nsub/b.png,1,1,1,1,v\n"
        + "c.png,,,,,v\nd.png,0,0,1,1,v\n")
    let set = try TruthSet(
      contentsOf: table,
      for: [
        folder.target("images/a.png"), folder.target("sub/b.png"), folder.target("c.png"),
        folder.target("e.png"),
      ])
    let first = try set.truth(of: 0, width: 4, height: 4)
    #expect(
      first.truth
        == .boxes([.init(x: 0, y: 0, width: 2, height: 2), .init(x: 2, y: 2, width: 1, height: 1)]))
    #expect(try set.truth(of: 1, width: 4, height: 4).state == .known)
    #expect(try set.truth(of: 2, width: 4, height: 4).state == .blank)
    #expect(try set.truth(of: 3, width: 4, height: 4).state == .unknown)
    #expect(
      set.notes == ["The truth also names 1 picture that is not to be explained (d.png); left out."]
    )
  }

  @Test("a box outside of the picture is an error with its row; one that sticks out is cut, said")
  func outside() throws {
    let folder = try Folder()
    let table = try folder.text("image,x,y,width,height\na.png,9,0,2,2\nb.png,3,3,4,4\n")
    let set = try TruthSet(
      contentsOf: table, for: [folder.target("a.png"), folder.target("b.png")])
    #expect(
      error { try set.truth(of: 0, width: 8, height: 6) }
        == "\(table.relativePath), row 2: the box lies outside the picture, which has 8×6 pixels. "
        + "x and y are the box's upper left corner, counted from 0")
    #expect(
      try set.truth(of: 1, width: 6, height: 6).notes
        == ["\(table.relativePath), row 3: the box reaches beyond the picture and is cut off."])
  }

  @Test("tables that cannot be are refused with the row")
  func badTables() throws {
    let folder = try Folder()
    let targets = [folder.target("a.png")]
    let header = "image,x,y,width,height\n"
    func refused(_ rows: String) throws -> String {
      let table = try folder.text(header + rows)
      let text = error { try TruthSet(contentsOf: table, for: targets) }
      return text.replacing(table.relativePath, with: "T")
    }
    #expect(try refused("a.png,1,one,2,2\n") == "T, row 2: y is no number: one")
    #expect(try refused("a.png,1,,2,2\n") == "T, row 2: y is empty")
    #expect(
      try refused("a.png,1,1,0,2\n") == "T, row 2: the box has no area: it is 0 wide and 2 high")
    #expect(try refused("") == "T: the table names no picture")
    #expect(
      try refused("z.png,1,1,2,2\n")
        == "T: no name fits a picture to be explained (such as z.png beside a.png). Paths start "
        + "from the table's folder, or are the end of a picture's path")
    let missing = folder.url.appending(path: "none.csv")
    #expect(
      error { try TruthSet(contentsOf: missing, for: targets) }
        == "\(missing.relativePath): the truth does not exist. Give a mask picture, a folder of "
        + "masks, or a CSV file of boxes")
  }

  @Test("a name that fits several pictures is refused")
  func ambiguous() throws {
    let folder = try Folder()
    let table = try folder.text("image,x,y,width,height\na.png,0,0,1,1\n")
    #expect(
      error {
        try TruthSet(
          contentsOf: table, for: [folder.target("u/a.png"), folder.target("v/a.png")])
      }.hasSuffix(
        "a.png fits several pictures: u/a.png, v/a.png. Name the pictures with their folders"))
  }

  @Test("a mask of another size is scaled, said; a black one marks nothing")
  func masks() throws {
    let folder = try Folder()
    _ = try folder.mask("masks/a.png", [0])
    _ = try folder.mask("masks/b.png", [])
    let set = try TruthSet(
      contentsOf: folder.url.appending(path: "masks"),
      for: [folder.target("a.jpg"), folder.target("b.jpg")])
    let found = try set.truth(of: 0, width: 8, height: 8)
    #expect(found.state == .known)
    #expect(found.notes.count == 1)
    #expect(
      found.notes[0].hasSuffix("a.png has 4×4 pixels, the picture 8×8; the mask is scaled."))
    // One of 16 places of the mask is light: the same share of the picture is inside.
    let frame = PictureFrame(
      pictureWidth: 8, pictureHeight: 8, x: 0, y: 0, width: 8, height: 8)
    let coverage = try #require(found.truth).coverage(width: 4, height: 4, frame: frame)
    #expect(coverage == [1] + [Float](repeating: 0, count: 15))
    let blank = try set.truth(of: 1, width: 4, height: 4)
    #expect(blank.state == .blank && blank.truth == nil)
    #expect(blank.notes[0].hasSuffix("b.png is all black: nothing is marked."))
  }

  @Test(
    "a mask whose marks are too dark is refused, alone and in a folder",
    arguments: [1, 100] as [UInt8])
  func darkMask(_ value: UInt8) throws {
    let folder = try Folder()
    let mask = try folder.mask("masks/a.png", [3], value: value)
    let message =
      ": the mask has no pixel of 128 or more: it marks nothing. What matters should be white (255)"
    #expect(
      error { try TruthSet(contentsOf: mask, for: [folder.target("a.jpg")]) }
        == mask.relativePath + message)
    let set = try TruthSet(
      contentsOf: folder.url.appending(path: "masks"), for: [folder.target("a.jpg")])
    #expect(error { try set.truth(of: 0, width: 4, height: 4) }.hasSuffix("a.png" + message))
  }

  @Test("a single mask is for a single picture, and must mark something")
  func singleMask() throws {
    let folder = try Folder()
    let black = try folder.mask("black.png", [])
    #expect(
      error { try TruthSet(contentsOf: black, for: [folder.target("a.png")]) }
        == "\(black.relativePath): the mask is all black: it marks nothing. What matters should "
        + "be white (255)")
    let light = try folder.mask("light.png", [5])
    #expect(
      error {
        try TruthSet(
          contentsOf: light, for: [folder.target("a.png"), folder.target("b.png")])
      }
        == "\(light.relativePath): one mask cannot be the truth of 2 pictures. Give a folder of "
        + "masks with the pictures' names")
    let set = try TruthSet(contentsOf: light, for: [folder.target("a.png")])
    #expect(try set.truth(of: 0, width: 4, height: 4).state == .known)
  }

  @Test("share inside and pointing, worked by hand")
  func score() throws {
    let frame = PictureFrame(
      pictureWidth: 2, pictureHeight: 2, x: 0, y: 0, width: 2, height: 2)
    let map = HighlightMap(width: 2, height: 2, values: [4, 2, 1, 1], frame: frame)
    // The right column: 2 + 1 of 8.
    let truth = Truth.boxes([.init(x: 1, y: 0, width: 1, height: 2)])
    let score = try #require(
      TruthScore(map, truth: truth, shifts: [(rows: 0, columns: 1), (rows: 1, columns: 0)]))
    #expect(!score.pointsInside)
    #expect(score.shareInside == 0.375)
    #expect(score.truthShare == 0.5)
    #expect(score.shiftedPointsInside == 0.5)
    // Outside of what the network sees there is nothing to score.
    #expect(
      TruthScore(map, truth: .boxes([.init(x: 5, y: 5, width: 1, height: 1)]), shifts: []) == nil)
  }

  @Test("maps are written into the JSON or as a table beside it")
  func documents() throws {
    let folder = try Folder()
    let frame = PictureFrame(
      pictureWidth: 2, pictureHeight: 1, x: 0, y: 0, width: 2, height: 1)
    let score = ControlledScore(value: 0, shifted: [1], middle: 1, isLowerBetter: true)
    let answer = Highlight.Answer(label: "a", probability: 1)
    let highlight = Highlight(
      prediction: answer, explained: answer, method: .rise,
      map: HighlightMap(width: 2, height: 1, values: [0.5, 1], frame: frame), regions: [],
      scores: HighlightScores(deletion: score, insertion: score, stability: 1),
      localContrast: HighlightControl(deletion: 1, insertion: 1),
      verdict: HighlightVerdict(reasons: []),
      cost: HighlightCost(
        forwardPasses: 1, scoringForwardPasses: 1, seconds: 0, scoringSeconds: 0))
    let document = HighlightDocument(picture: "p.png", highlights: [highlight])
    let output = try OwnedFolder(folder.url, .highlights, .goingOn, verb: "explain")
    #expect(try document.write(to: output, name: "p") == ["p.json"])
    let written = try Data(contentsOf: folder.url.appending(path: "p.json"))
    struct Read: Decodable {
      struct Entry: Decodable { let map: HighlightMap }
      let highlights: [Entry]
    }
    #expect(
      try JSONDecoder().decode(Read.self, from: written).highlights.map(\.map) == [highlight.map])
    #expect(
      try document.write(to: output, name: "q", mapFormat: .csv)
        == ["q.json", "q.rise.csv"])
    let table = try Data(contentsOf: folder.url.appending(path: "q.rise.csv"))
    #expect(String(decoding: table, as: UTF8.self) == "0.5,1.0\n")
    let json = try Data(contentsOf: folder.url.appending(path: "q.json"))
    #expect(String(decoding: json, as: UTF8.self).contains("\"file\" : \"q.rise.csv\""))
  }
}
