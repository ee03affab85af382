/// Text of one paragraph.
package struct Paragraph: HTMLConvertible {
  private let text: String
  private let isMuted: Bool

  /// A paragraph; muted ones explain what others state.
  package init(_ text: String, isMuted: Bool = false) {
    self.text = text
    self.isMuted = isMuted
  }

  package var html: HTML { HTML("p", ["class": isMuted ? "muted" : nil]) { text } }
}

/// A heading within a section.
package struct Heading: HTMLConvertible {
  private let text: String

  package init(_ text: String) { self.text = text }

  package var html: HTML { HTML("h3") { text } }
}

/// Whether something is well, is not, or is neither.
package enum Tone: String, Sendable {
  case good
  case bad
  case neutral
}

/// Text that must not be missed.
package struct Note: HTMLConvertible {
  private let lines: [String]
  private let tone: Tone

  /// One line as a paragraph, several as a list; none gives nothing.
  package init(_ lines: [String], tone: Tone = .bad) {
    self.lines = lines
    self.tone = tone
  }

  package var html: HTML {
    guard let first = lines.first else { return .empty }
    return HTML("div", ["class": "note \(tone.rawValue)"]) {
      if lines.count == 1 {
        HTML("p") { first }
      } else {
        BulletList(lines)
      }
    }
  }
}

/// Lines with bullets.
package struct BulletList: HTMLConvertible {
  private let lines: [String]

  package init(_ lines: [String]) { self.lines = lines }

  package var html: HTML {
    HTML("ul", ["class": "plain"]) { for line in lines { HTML("li") { line } } }
  }
}

/// Text as a machine takes it, such as a command.
package struct CodeBlock: HTMLConvertible {
  private let text: String

  package init(_ text: String) { self.text = text }

  package var html: HTML { HTML("pre") { text } }
}

/// Something that is shown after a click; on paper it is always shown.
package struct Folded: HTMLConvertible {
  private let summary: String
  private let content: [any HTMLConvertible]

  /// `content` behind a line that says what it is.
  package init(_ summary: String, _ content: [any HTMLConvertible]) {
    self.summary = summary
    self.content = content
  }

  package var html: HTML {
    HTML("details") {
      HTML("summary") { summary }
      content
    }
  }
}

/// A conclusion in large type with its reasons.
package struct VerdictBox: HTMLConvertible {
  private let verdict: String
  private let reasons: [String]
  private let tone: Tone

  package init(_ verdict: String, reasons: [String], tone: Tone) {
    self.verdict = verdict
    self.reasons = reasons
    self.tone = tone
  }

  package var html: HTML {
    HTML("div", ["class": "verdict \(tone.rawValue)"]) {
      HTML("strong") { verdict }
      for reason in reasons { HTML("p") { reason } }
    }
  }
}

extension String {
  /// The text with no line break between a number and its per-cent sign: for narrow places.
  var keepingUnits: String { replacing(" %", with: "\u{A0}%") }
}

/// A few numbers in large type, each with what it is.
package struct Facts: HTMLConvertible {
  /// One of them.
  package struct Fact: Sendable {
    let name: String
    let value: String
    let more: String?

    /// `name` is what `value` is; `more` is said in small type.
    package init(_ name: String, _ value: String, more: String? = nil) {
      self.name = name
      self.value = value
      self.more = more
    }
  }

  private let facts: [Fact]

  package init(_ facts: [Fact]) { self.facts = facts }

  package var html: HTML {
    HTML("dl", ["class": "facts"]) {
      for fact in facts {
        HTML("div") {
          HTML("dt") { fact.name }
          HTML("dd", ["class": "value"]) { fact.value }
          if let more = fact.more { HTML("dd", ["class": "more"]) { more.keepingUnits } }
        }
      }
    }
  }
}
