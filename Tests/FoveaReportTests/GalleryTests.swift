import Foundation
import FoveaArray
import FoveaData
import FoveaMetrics
import FoveaReport
import Testing

struct GalleryTests {
  @Test func picturesComeBackFromThePage() throws {
    let picture = MadeReports.picture(77, side: 13)
    let item = Gallery.Item(
      name: "a", look: .image(try Gallery.Image(picture)), description: "a <grey> square")
    let page = ParsedPage(Gallery([item]))
    let source = try #require(page.all("img").first?.attributes["src"])
    let data = try #require(Data(base64Encoded: String(source.dropFirst(22))))
    #expect(try PictureDecoder(channels: .grey).decode(data, name: "x") == picture)
    #expect(page.all("img").first?.attributes["alt"] == "a <grey> square")
    #expect(page.all("img", class: "small").count == 1)
  }

  /// Below what is shown stands how many there are beside.
  @Test func whatIsLeftOutIsCounted() {
    let items = (0..<6).map { Gallery.Item(name: "\($0)", look: .text("t"), description: "t") }
    let cut = ParsedPage(Gallery(items, of: 1_010))
    #expect(cut.problem == nil && cut.all("li").count == 6)
    #expect(cut.all("p", class: "muted").map(\.text) == ["and 1,004 more"])
    for whole in [Gallery(items), Gallery(items, of: 6)] {
      #expect(ParsedPage(whole).all("p", class: "muted").isEmpty)
    }
  }

  @Test func largePicturesAreMadeSmaller() throws {
    let wide = Picture(
      width: 1000, height: 250, channels: 1, made: [UInt8](repeating: 9, count: 250_000))
    let page = ParsedPage(
      Gallery([Gallery.Item(name: "a", look: .image(try Gallery.Image(wide)), description: "a")]))
    let source = try #require(page.all("img").first?.attributes["src"])
    let data = try #require(Data(base64Encoded: String(source.dropFirst(22))))
    let shown = try PictureDecoder(channels: .grey).decode(data, name: "x")
    #expect(shown.width == 160)
    #expect(shown.height == 40)
    #expect(page.all("img", class: "small").isEmpty)
  }

  @Test func whatIsHiddenIsBehindAClickAndVerdictsAreBadges() throws {
    var item = Gallery.Item(
      name: "scene", look: .image(try Gallery.Image(MadeReports.picture(1))),
      description: "a scene",
      lines: ["deletion 0.31"])
    item.badge = ("not faithful", .bad)
    item.hidden = (
      "Where it looks", try Gallery.Image(MadeReports.picture(2)), "the scene, marked"
    )
    let page = ParsedPage(Gallery([item], isLarge: true))
    #expect(page.problem == nil)
    #expect(page.all("summary").map(\.text) == ["Where it looks"])
    #expect(page.all("img").map { $0.path.contains("details") } == [false, true])
    #expect(page.all("span", class: "bad").map(\.text) == ["not faithful"])
    #expect(page.text.contains("deletion 0.31"))
  }
}

struct ConfusionTableTests {
  /// Class k is taken for class k + 1 by k of 100 pictures.
  private func table(_ count: Int) throws -> ParsedPage {
    let counts = (0..<count).map { row in
      (0..<count).map { $0 == row ? 100 - row : $0 == (row + 1) % count ? row : 0 }
    }
    return ParsedPage(
      ConfusionTable(
        classes: (0..<count).map { "c\($0)" }, confusion: try Confusion(counts: counts)))
  }

  @Test func fewClassesAreAMatrix() throws {
    let page = try table(16)
    #expect(page.all("table").count == 1)
    #expect(page.all("td").count == 256)
    #expect(page.text.contains("Shaded by share of the true class"))
    #expect(page.all("details").isEmpty)
  }

  @Test func moreClassesAreAListWithTheMatrixBehindAClick() throws {
    let page = try table(17)
    #expect(page.rows[1] == ["c16", "c0", "16", "16.0 %"])
    #expect(page.rows[2] == ["c15", "c16", "15", "15.0 %"])
    #expect(page.all("details").count == 1)
    #expect(page.all("table", class: "matrix").count == 1)
  }

  @Test func veryManyClassesAreTheListAlone() throws {
    let page = try table(61)
    #expect(page.all("table").count == 1)
    #expect(page.rows.count == 13)
    #expect(!page.text.lowercased().contains("shaded"))
    #expect(page.text.contains("The matrix of 61 classes is too large for a page."))
  }

  @Test func nothingConfusedIsSaid() throws {
    let counts = (0..<20).map { row in (0..<20).map { $0 == row ? 1 : 0 } }
    let page = ParsedPage(
      ConfusionTable(
        classes: (0..<20).map { "c\($0)" }, confusion: try Confusion(counts: counts)))
    #expect(page.text.contains("No class was taken for another."))
  }
}
