package import FoundationEssentials
import FoveaArray

/// A page that is one file: styles, charts and pictures are in it, nothing is fetched, nothing runs.
package struct HTMLPage: Sendable {
  /// What the page is, in small type above the title: `Comparison`.
  package var kind: String
  /// The title.
  package var title: String
  /// What is under the title.
  package var lead: HTML
  /// The sections, in order.
  package var sections: [Section]
  /// The last line.
  package var footer: String

  /// A page of these parts.
  package init(
    kind: String, title: String, lead: HTML = .empty, sections: [Section], footer: String = ""
  ) {
    self.kind = kind
    self.title = title
    self.lead = lead
    self.sections = sections
    self.footer = footer
  }

  /// The text of the file.
  package var source: String {
    let page = HTML("html", ["lang": "en"]) {
      HTML("head") {
        HTML("meta", ["charset": "utf-8"])
        HTML("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        HTML("meta", ["name": "color-scheme", "content": "light dark"])
        // Names come from files; even if one ever became markup, nothing could run or be fetched.
        HTML(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
          ])
        HTML("title") { "\(title) – Fovea" }
        HTML.style(StyleSheet.text)
      }
      HTML("body") {
        HTML("main") {
          HTML("header") {
            HTML("p", ["class": "kind"]) { kind }
            HTML("h1") { title }
            lead
          }
          if sections.count > 2 {
            contents
          }
          for (index, section) in sections.enumerated() {
            section.html(identifier: "section-\(index + 1)")
          }
          if !footer.isEmpty {
            HTML("footer") { HTML("p") { footer } }
          }
        }
      }
    }
    return "<!DOCTYPE html>\n" + page.source + "\n"
  }

  /// Writes the page so that the file is whole at every moment.
  ///
  /// - Throws: `InputError` when the file cannot be written.
  package func write(to url: URL) throws {
    try AtomicFile.write(Data(source.utf8), to: url)
  }

  private var contents: HTML {
    HTML("nav", ["aria-label": "Contents"]) {
      HTML("ul") {
        for (index, section) in sections.enumerated() {
          HTML("li") { HTML("a", ["href": "#section-\(index + 1)"]) { section.title } }
        }
      }
    }
  }
}

/// A part of a page with a heading. Whoever has more to show appends sections of their own.
package struct Section: Sendable {
  /// The heading.
  package var title: String
  /// What is in it, from the top.
  package var content: [any HTMLConvertible]

  /// A section with this content.
  package init(_ title: String, _ content: [any HTMLConvertible]) {
    self.title = title
    self.content = content
  }

  func html(identifier: String) -> HTML {
    HTML("section", ["id": identifier]) {
      HTML("h2") { title }
      content
    }
  }
}
