import FoveaArray
import FoveaData
import FoveaRuns
import Glibc

/// The one way by which results leave: lines for people, JSON, and tables for other programs.
///
/// What a file, a class or a column is called reaches a terminal only as something that can be seen
/// (`TerminalText.printable`), and cannot end a line.
enum StandardOutput {
  /// Whether a person reads along.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// A line.
  static func line(_ text: String) { Swift.print(TerminalText.printable(text)) }

  /// A line with parts in a style.
  static func line(_ line: StyledLine) { Swift.print(line.codes) }

  /// Lines.
  static func lines(_ lines: [String]) { for text in lines { line(text) } }

  /// A value in one line of JSON.
  static func json(_ value: some Encodable) throws {
    json(text: String(decoding: try JSONText.encoded(value, isCompact: true), as: UTF8.self))
  }

  /// One line of JSON.
  static func json(text: String) { Swift.print(TerminalText.printable(json: text)) }

  /// A row of CSV. Names in it are data, which a file or another program gets as they are.
  static func csv(_ row: [String]) {
    let cells = isTerminal ? row.map { TerminalText.printable($0) } : row
    let bytes = CSVTable.encoded(columns: cells, rows: [])
    Swift.print(String(decoding: bytes, as: UTF8.self), terminator: "")
  }
}

/// Writing past `StandardOutput` does not compile.
@available(*, unavailable, message: "names would reach a terminal raw; use StandardOutput")
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {}
