import FoveaReport
import Testing

struct HTMLTests {
  private let hostile = "<script>alert(\"x\")</script> & 'q' \u{7}\u{202E}\u{FFFE}"

  @Test func textNeverBecomesMarkup() {
    let page = ParsedPage(HTML("p", ["title": hostile]) { hostile })
    #expect(page.problem == nil)
    #expect(page.elements.map(\.name) == ["div", "p"])
    let shown = "<script>alert(\"x\")</script> & 'q' \u{FFFD}\u{FFFD}\u{FFFD}"
    #expect(page.elements[1].attributes["title"] == shown)
    #expect(page.text == shown)
    #expect(
      HTML(text: "<&>\"'").source == "&lt;&amp;&gt;&quot;&#39;")
  }

  @Test func linesOfCodeStayLines() {
    #expect(CodeBlock("one\ntwo\r").html.source == "<pre>one\ntwo\u{FFFD}</pre>")
  }

  @Test func elementsAreWrittenSoThatHTMLAndXMLReadThemAlike() {
    #expect(HTML("img", ["src": "data:,", "class": nil]).source == "<img src=\"data:,\" />")
    #expect(HTML("td").source == "<td></td>")
    let isShown = false
    let list = HTML("ul") {
      for number in 1...2 { HTML("li") { "\(number)" } }
      if isShown { HTML("li") { "3" } }
    }
    #expect(list.source == "<ul><li>1</li><li>2</li></ul>")
  }

  @Test func commandsAreQuotedAsAShellNeedsIt() {
    #expect(
      CommandText.quoted(["fovea", "train", "my data", "--augment", "flip,shift", "it's", ""])
        == "fovea train 'my data' --augment flip,shift 'it'\\''s' ''")
    #expect(CommandText.quoted(["a;b", "$HOME", "~", "größe"]) == "'a;b' '$HOME' '~' größe")
  }

  @Test func sectionsOfOthersAreAppendedAndListed() {
    let page = HTMLPage(
      kind: "Test", title: hostile,
      sections: ["One", "Two", "Two"].map { Section($0, [Paragraph($0)]) })
    let parsed = ParsedPage(page.source)
    #expect(parsed.problem == nil)
    #expect(
      parsed.all("section").map { $0.attributes["id"] } == ["section-1", "section-2", "section-3"])
    #expect(
      parsed.all("a").map { $0.attributes["href"] } == ["#section-1", "#section-2", "#section-3"])
    #expect(parsed.all("h2").map(\.text) == ["One", "Two", "Two"])
    #expect(parsed.all("script").isEmpty)
  }
}
