package import FoundationEssentials
import FoveaArray
package import FoveaData

/// Pictures side by side with what is to be said of them.
package struct Gallery: HTMLConvertible {
  /// A picture's file and how it is shown.
  package struct Image: Sendable {
    let png: Data
    let isSmall: Bool

    /// A PNG file; the pixels of small pictures are shown as squares rather than blurred.
    package init(png: Data, isSmall: Bool = false) {
      self.png = png
      self.isSmall = isSmall
    }
  }

  /// What an item shows of itself.
  package enum Look: Sendable {
    case image(Image)
    /// The beginning of a text.
    case text(String)

    /// How an example looks.
    ///
    /// - Throws: `InputError` for a picture that cannot be encoded.
    package init(_ appearance: ExampleAppearance) throws {
      self =
        switch appearance {
        case .picture(let picture): .image(try Image(picture))
        case .text(let words): .text(words)
        }
    }
  }

  /// A picture with its words.
  package struct Item: Sendable {
    /// Its name.
    package var name: String
    /// The picture or the words; where there is neither, their place is kept.
    package var look: Look?
    /// What the picture shows, for those who do not see it.
    package var description: String
    /// What is said of it, a line each.
    package var lines: [String]
    /// A verdict in a word or two.
    package var badge: (text: String, tone: Tone)?
    /// A second picture behind a click, with the words to click on.
    package var hidden: (prompt: String, image: Image, description: String)?

    /// An item without badge and second picture.
    package init(name: String, look: Look?, description: String, lines: [String] = []) {
      self.name = name
      self.look = look
      self.description = description
      self.lines = lines
    }
  }

  private let items: [Item]
  private let isLarge: Bool
  private let leftOut: Int

  /// A gallery; large ones have fewer pictures in a row.
  ///
  /// - Parameter total: how many there are, of which these are the first; what is not shown is counted
  ///   below.
  package init(_ items: [Item], isLarge: Bool = false, of total: Int? = nil) {
    self.items = items
    self.isLarge = isLarge
    leftOut = max(0, (total ?? items.count) - items.count)
  }

  package var html: HTML {
    HTML(joining: [
      list,
      leftOut == 0
        ? .empty : Paragraph("and \(NumberText.count(leftOut)) more", isMuted: true).html,
    ])
  }

  private var list: HTML {
    HTML("ul", ["class": isLarge ? "gallery large" : "gallery"]) {
      for item in items {
        HTML("li") {
          switch item.look {
          case .image(let image): Self.element(image, item.description)
          case .text(let words): HTML("blockquote") { words }
          case nil: HTML("div", ["class": "absent"]) { "cannot be shown" }
          }
          if let badge = item.badge {
            HTML("span", ["class": "badge \(badge.tone.rawValue)"]) { badge.text }
          }
          for line in item.lines { HTML("p") { line.keepingUnits } }
          HTML("p", ["class": "name"]) { Self.breakable(item.name) }
          if let hidden = item.hidden {
            Folded(hidden.prompt, [Self.element(hidden.image, hidden.description)])
          }
        }
      }
    }
  }

  /// A file's name that a line may end in behind a separator, before it ends anywhere.
  private static func breakable(_ name: String) -> [HTML] {
    var parts: [String] = [""]
    for character in name {
      parts[parts.count - 1].append(character)
      if "/_-".contains(character) { parts.append("") }
    }
    return parts.filter { !$0.isEmpty }.flatMap { part in
      [HTML("wbr"), HTML(text: part)]
    }.dropFirst().map { $0 }
  }

  private static func element(_ image: Image, _ description: String) -> HTML {
    HTML(
      "img",
      [
        "src": "data:image/png;base64," + image.png.base64EncodedString(), "alt": description,
        "class": image.isSmall ? "small" : nil,
      ])
  }
}

/// Groups of pieces side by side, as many as fit the page.
package struct SideBySide: HTMLConvertible {
  private let groups: [[any HTMLConvertible]]

  package init(_ groups: [[any HTMLConvertible]]) { self.groups = groups }

  package var html: HTML {
    HTML("div", ["class": "side-by-side"]) {
      for group in groups { HTML("div") { group } }
    }
  }
}

/// Figures side by side where the page is wide enough.
package struct FigureRow: HTMLConvertible {
  private let figures: [any HTMLConvertible]

  package init(_ figures: [any HTMLConvertible]) { self.figures = figures }

  package var html: HTML { HTML("div", ["class": "figures"]) { figures } }
}
