import Fovea
import FoveaArray
import Glibc

/// A text with some parts marked, for a terminal.
enum MarkedText {
  /// Whether standard output shows bold letters: a terminal, and nobody said that it should not.
  static var isBold: Bool {
    func value(_ name: String) -> String? {
      unsafe getenv(name).map { unsafe String(cString: $0) }
    }
    return isatty(STDOUT_FILENO) == 1 && (value("NO_COLOR") ?? "").isEmpty
      && value("TERM") != "dumb" && value("TERM") != nil
  }

  /// The lines of a text with marks around some of its parts: bold, or between » and «.
  ///
  /// - Parameter ranges: characters, ascending and apart.
  static func marked(_ text: String, _ ranges: [Range<Int>], bold: Bool) -> [StyledLine] {
    var lines = [StyledLine()]
    for (part, isMarked) in parts(text, ranges) {
      let pieces = part.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      if isMarked, !bold { lines[lines.count - 1].append("»") }
      for (number, piece) in pieces.enumerated() {
        if number > 0 { lines.append(StyledLine()) }
        lines[lines.count - 1].append(String(piece), isMarked && bold ? .bold : .plain)
      }
      if isMarked, !bold { lines[lines.count - 1].append("«") }
    }
    return lines
  }

  /// The text in parts that are marked and parts that are not.
  static func parts(_ text: String, _ ranges: [Range<Int>]) -> [(String, isMarked: Bool)] {
    let scalars = Array(text.unicodeScalars)
    func part(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
    var result: [(String, isMarked: Bool)] = []
    var place = 0
    for range in ranges {
      if range.lowerBound > place { result.append((part(place..<range.lowerBound), false)) }
      result.append((part(range), true))
      place = range.upperBound
    }
    if place < scalars.count { result.append((part(place..<scalars.count), false)) }
    return result
  }
}
