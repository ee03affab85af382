import FoveaArray

/// A text with some of its parts marked, as a page.
package struct MarkedTextPage: Sendable {
  /// A part of a text.
  package struct Part: Sendable {
    let text: String
    let isMarked: Bool

    /// A part.
    package init(_ text: String, isMarked: Bool) {
      self.text = text
      self.isMarked = isMarked
    }
  }

  private let kind: String
  private let title: String
  private let note: String
  private let parts: [Part]

  /// A page of these parts, which follow one another without anything between.
  package init(kind: String, title: String, note: String, parts: [Part]) {
    self.kind = kind
    self.title = title
    self.note = note
    self.parts = parts
  }

  /// The page. Each line of the text is a paragraph, written from the side that its letters ask for.
  package var page: HTMLPage {
    HTMLPage(
      kind: kind, title: title, lead: HTML("p") { note },
      sections: [Section("Text", paragraphs.map { $0 as any HTMLConvertible })])
  }

  private var paragraphs: [HTML] {
    var paragraphs: [[HTML]] = [[]]
    for part in parts {
      for (index, line) in part.text.split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline
      ).enumerated() {
        if index > 0 { paragraphs.append([]) }
        guard !line.isEmpty else { continue }
        let text = HTML(text: String(line))
        paragraphs[paragraphs.count - 1].append(part.isMarked ? HTML("mark") { text } : text)
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { pieces in
      HTML("p", ["dir": "auto"]) { pieces.map { $0 as any HTMLConvertible } }
    }
  }
}
