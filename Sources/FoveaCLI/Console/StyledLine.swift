import FoveaArray

/// A line for a terminal in parts, some of them in a style.
///
/// Styles are the only control codes that come out of it: the text of a part is made visible like any
/// other.
struct StyledLine {
  enum Style: Equatable {
    case plain, bold
    /// One of the 256 colours behind the text, and one for its letters.
    case shade(Int, ink: Int)
  }

  private(set) var codes = ""

  init() {}

  /// A line without a style.
  init(_ text: String) { append(text) }

  mutating func append(_ text: String, _ style: Style = .plain) {
    let text = TerminalText.printable(text)
    switch style {
    case .plain: codes += text
    case .bold: codes += "\u{1B}[1m\(text)\u{1B}[0m"
    case .shade(let shade, let ink):
      codes += "\u{1B}[48;5;\(shade)m\u{1B}[38;5;\(ink)m\(text)\u{1B}[0m"
    }
  }
}
