import FoveaArray

/// A text with some of its parts marked, as a page.
package struct MarkedTextPage: Sendable {
  /// A part of a text.
  package struct Part: Sendable {
    let text: String
    /// How strongly it is marked, 0…1; 0 for what is not.
    let strength: Double

    /// A part.
    package init(_ text: String, isMarked: Bool) { self.init(text, strength: isMarked ? 1 : 0) }

    /// A part with a mark of some strength.
    package init(_ text: String, strength: Double) {
      self.text = text
      self.strength = strength
    }

    fileprivate func html(_ line: Substring) -> HTML {
      let text = HTML(text: String(line))
      guard strength > 0 else { return text }
      if strength >= 1 { return HTML("mark") { text } }
      let share = Int((100 * strength).rounded())
      return HTML(
        "mark", ["style": "background: color-mix(in srgb, Mark \(share)%, transparent)"]
      ) { text }
    }
  }

  private let kind: String
  private let title: String
  private let note: String
  private let sections: [(title: String, note: String, parts: [Part])]

  /// A page of these parts, which follow one another without anything between.
  package init(kind: String, title: String, note: String, parts: [Part]) {
    self.init(kind: kind, title: title, note: note, sections: [("Text", "", parts)])
  }

  /// A page with the text several times, each with marks of its own.
  package init(
    kind: String, title: String, note: String,
    sections: [(title: String, note: String, parts: [Part])]
  ) {
    self.kind = kind
    self.title = title
    self.note = note
    self.sections = sections
  }

  /// The page. Each line of the text is a paragraph, written from the side that its letters ask for.
  package var page: HTMLPage {
    HTMLPage(
      kind: kind, title: title, lead: HTML("p") { note },
      sections: sections.map { section in
        let note = section.note.isEmpty ? [] : [HTML("p") { section.note }]
        return Section(
          section.title, (note + paragraphs(section.parts)).map { $0 as any HTMLConvertible })
      })
  }

  private func paragraphs(_ parts: [Part]) -> [HTML] {
    var paragraphs: [[HTML]] = [[]]
    for part in parts {
      for (index, line) in part.text.split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline
      ).enumerated() {
        if index > 0 { paragraphs.append([]) }
        guard !line.isEmpty else { continue }
        paragraphs[paragraphs.count - 1].append(part.html(line))
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { pieces in
      HTML("p", ["dir": "auto"]) { pieces.map { $0 as any HTMLConvertible } }
    }
  }
}
