import FoveaArray

/// A piece of a page: well-formed both as HTML and as XML.
///
/// Text becomes markup in one place, `init(text:)`, and everything else is made of elements, so
/// what a file or a class is called can never act as markup.
///
/// ```swift
/// HTML("p", ["class": "note"]) {
///   "Classes: "
///   for name in classes { HTML("code") { name } }
/// }
/// ```
package struct HTML: Hashable, Sendable, HTMLConvertible {
  /// The markup.
  package let source: String

  private init(source: String) { self.source = source }

  /// Nothing.
  package static let empty = HTML(source: "")

  /// Text, with all that could be markup escaped.
  ///
  /// Control characters but line ends, and the marks that turn the direction of writing, become
  /// U+FFFD.
  package init(text: String) { source = Self.escaped(text) }

  /// An element; attributes that are `nil` are left out.
  ///
  /// Names of elements and attributes are the program's own; values are escaped.
  package init(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:],
    @HTMLBuilder content: () -> HTML = { .empty }
  ) {
    let inner = content().source
    var text = "<\(name)"
    for case (let key, let value?) in attributes {
      text += " \(key)=\"\(Self.escaped(value))\""
    }
    if Self.voidElements.contains("\(name)") {
      require(inner.isEmpty, "<\(name)> holds nothing")
      source = text + " />"
    } else {
      source = text + ">" + inner + "</\(name)>"
    }
  }

  /// One after the other.
  package init(joining parts: [HTML]) { source = parts.map(\.source).joined() }

  /// A style sheet of the program's own; text with `<` or `&` would be read differently as XML and
  /// traps.
  static func style(_ sheet: String) -> HTML {
    require(!sheet.contains { "<&".contains($0) }, "a style sheet with < or &")
    return HTML(source: "<style>\n\(sheet)</style>")
  }

  package var html: HTML { self }

  /// Elements that have no end tag in HTML.
  private static let voidElements: Set = ["br", "hr", "img", "meta", "wbr"]

  /// Control characters, line ends other than a browser's, and what turns the direction of writing.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    case .format:
      (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    default: false
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      // XML knows no such characters.
      case "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
      case "\n": result.append(scalar)
      case _ where isForbidden(scalar): result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

/// What can be put on a page.
package protocol HTMLConvertible: Sendable {
  /// The markup.
  var html: HTML { get }
}

extension String: HTMLConvertible {
  /// The text, escaped.
  package var html: HTML { HTML(text: self) }
}

/// Puts pieces of a page one after the other.
@resultBuilder
package enum HTMLBuilder {
  package static func buildExpression(_ piece: any HTMLConvertible) -> HTML { piece.html }
  package static func buildExpression(_ pieces: [any HTMLConvertible]) -> HTML {
    HTML(joining: pieces.map(\.html))
  }
  package static func buildBlock(_ parts: HTML...) -> HTML { HTML(joining: parts) }
  package static func buildOptional(_ part: HTML?) -> HTML { part ?? .empty }
  package static func buildEither(first: HTML) -> HTML { first }
  package static func buildEither(second: HTML) -> HTML { second }
  package static func buildArray(_ parts: [HTML]) -> HTML { HTML(joining: parts) }
}
