import FoveaArray
import FoveaText

/// Takes text with commas or tabs between fields apart, row by row, at the level of bytes: every character that
/// matters is ASCII, and no byte of a longer UTF-8 sequence is.
struct CSVRows {
  private let bytes: [UInt8]
  private let name: String
  private var position = 0
  private var row = 0
  private let separator: UInt8

  /// Fields of a row: far more than spreadsheets and statistics programs can have.
  private static let mostFields = 1_000_000

  init(_ bytes: [UInt8], name: String, separator: UInt8 = UInt8(ascii: ",")) {
    self.bytes = bytes
    self.name = name
    self.separator = separator
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Refuses what a spreadsheet calls Unicode text, before it is taken for a table of one column.
  func refuseOtherEncodings() throws {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw InputError(
        "the text is UTF-16, not UTF-8", at: name, advice: "Save it as CSV in UTF-8")
    }
    try TextFile.refuseZeros(bytes[...], name: name)
  }

  /// The next row that is not empty, or `nil` at the end.
  mutating func next() throws -> CSVTable.Record? {
    while position < bytes.count {
      row += 1
      if endLine() { continue }
      let first = row
      var fields: [String] = []
      repeat {
        guard fields.count < Self.mostFields else {
          throw InputError(
            "the row has more than \(NumberText.count(Self.mostFields)) fields", at: name,
            row: first,
            advice: "Is it a table? Leave columns out")
        }
        fields.append(try field())
      } while take(separator)
      _ = endLine()
      return CSVTable.Record(row: first, fields: fields)
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func endLine() -> Bool {
    if take(UInt8(ascii: "\r")) {
      _ = take(UInt8(ascii: "\n"))
      return true
    }
    return take(UInt8(ascii: "\n"))
  }

  private var isAtFieldEnd: Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    return byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private mutating func field() throws -> String {
    guard take(UInt8(ascii: "\"")) else {
      let start = position
      while !isAtFieldEnd { position += 1 }
      return try text(Array(bytes[start..<position]))
    }
    var content: [UInt8] = []
    while true {
      guard position < bytes.count else {
        throw InputError("a quote is opened and never closed", at: name, row: row)
      }
      let byte = bytes[position]
      position += 1
      if byte != UInt8(ascii: "\"") {
        content.append(byte)
      } else if take(UInt8(ascii: "\"")) {
        content.append(byte)
      } else {
        break
      }
    }
    guard isAtFieldEnd else {
      throw InputError(
        "there is text after a closing quote", at: name, row: row,
        advice: "Write a quote inside a quoted field twice")
    }
    return try text(content)
  }

  private func text(_ content: [UInt8]) throws -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      throw InputError(
        "the text is not UTF-8", at: name, row: row, advice: "Save it as CSV in UTF-8")
    }
    return text
  }
}

extension String {
  /// The text without spaces and tabs at its ends.
  func trimmingASCIISpace() -> String {
    let isSpace = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" }
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }),
      let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}
