import Foundation
import FoundationXML
import FoveaReport

/// A page as an XML parser reads it: what is not well-formed has an error instead of elements.
final class ParsedPage: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// The names of the elements around it, the outermost first.
    let path: [String]
    /// The text in it and in all elements within.
    var text = ""
  }

  private(set) var elements: [Element] = []
  private(set) var problem: String?
  private var open: [Int] = []

  init(_ source: String) {
    super.init()
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = self
    if !parser.parse() {
      problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "?")"
    }
  }

  convenience init(_ piece: some HTMLConvertible) {
    self.init(HTML("div") { piece }.source)
  }

  /// All text of the page.
  var text: String { elements.first?.text ?? "" }

  func all(_ name: String, class style: String? = nil) -> [Element] {
    elements.filter { element in
      guard element.name == name else { return false }
      guard let style else { return true }
      return element.attributes["class"]?.split(separator: " ").contains { $0 == style } == true
    }
  }

  /// The text of each cell of each row of each table.
  var rows: [[String]] {
    var rows: [[String]] = []
    for element in elements {
      if element.name == "tr" { rows.append([]) }
      if element.name == "td" || element.name == "th" { rows[rows.count - 1].append(element.text) }
    }
    return rows
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(
      Element(name: name, attributes: attributes, path: open.dropLast().map { elements[$0].name }))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { open.removeLast() }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    // Where lines may break is no part of what is said.
    let text = string.replacingOccurrences(of: "\u{A0}", with: " ")
    for index in open { elements[index].text += text }
  }
}
