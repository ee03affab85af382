public import FoundationEssentials
import FoveaArray

/// A table read from comma-separated text: a line of column names, then records.
///
/// RFC 4180 with what occurs in practice: lines may end in CRLF, LF or CR, a byte order mark and
/// empty lines are skipped, a quote inside an unquoted field is a character like any other.
public struct CSVTable: Sendable {
  /// One record.
  public struct Record: Hashable, Sendable {
    /// The row as a spreadsheet counts: the column names are row 1.
    public let row: Int
    /// The fields, as many as the table has columns.
    public let fields: [String]
  }

  /// What stands between fields.
  public enum Separator: String, Hashable, Sendable {
    /// CSV.
    case comma
    /// TSV, with the same rules for quotes.
    case tab

    fileprivate var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : UInt8(ascii: "\t") }

    /// What stands in a lone column's name where another separator was used: the names of the two.
    fileprivate func mistaken(in column: String) -> (found: String, wanted: String)? {
      let others: [(Character, String)] = [
        (";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (",", "commas"),
      ]
      let wanted = self == .comma ? "commas" : "tabs"
      return others.first { column.contains($0.0) && $0.1 != wanted }.map { ($0.1, wanted) }
    }
  }

  /// The file's name for errors.
  public let name: String
  /// The names of the columns, left to right; no two are equal.
  public let columns: [String]
  /// The records, top to bottom.
  public let records: [Record]

  /// Reads the file at `url`.
  ///
  /// - Throws: `InputError` that names the file and, where it concerns one, the row.
  public init(contentsOf url: URL, separator: Separator = .comma) throws {
    try self.init(
      FileBytes.read(url.checkedFilePath), name: url.relativePath, separator: separator)
  }

  /// Reads text that is already in memory; `name` names it in errors.
  ///
  /// - Throws: `InputError` when the text is not UTF-8, a quote is left open, a row has more or
  ///   fewer fields than there are columns, or a column's name is missing or used twice.
  public init(_ data: Data, name: String, separator: Separator = .comma) throws {
    try self.init(Array(data), name: name, separator: separator)
  }

  private init(_ bytes: [UInt8], name: String, separator: Separator) throws {
    var rows = CSVRows(bytes, name: name, separator: separator.byte)
    try rows.refuseOtherEncodings()
    guard let header = try rows.next() else {
      throw InputError(
        "the table is empty", at: name, advice: "The first row should name the columns")
    }
    columns = header.fields.map { $0.trimmingASCIISpace() }
    // Rows and columns would be told wrong later, each with advice that does not help.
    if columns.count == 1, let (found, wanted) = separator.mistaken(in: columns[0]) {
      throw InputError(
        "the columns are separated by \(found), not \(wanted)", at: name, row: header.row,
        advice:
          "Save the table with \(wanted) between the fields; texts with \(wanted) in them need "
          + "quotes")
    }
    var known: Set<String> = []
    for (index, column) in columns.enumerated() {
      guard !column.isEmpty else {
        throw InputError("column \(index + 1) has no name", at: name, row: header.row)
      }
      guard known.insert(column).inserted else {
        throw InputError("two columns are called \(column)", at: name, row: header.row)
      }
    }
    var records: [Record] = []
    while let record = try rows.next() {
      guard record.fields.count == columns.count else {
        throw InputError(
          "the row has \(record.fields.count) \(record.fields.count == 1 ? "field" : "fields"), "
            + "the table has \(columns.count) columns",
          at: name, row: record.row,
          advice: "A field with a \(separator.rawValue) in it needs quotes")
      }
      records.append(record)
    }
    self.name = name
    self.records = records
  }

  /// Where the column called `column` is, counted from 0.
  ///
  /// - Throws: `InputError` that lists the columns there are.
  public func index(of column: String) throws -> Int {
    if let index = columns.firstIndex(of: column) { return index }
    let rest = columns.count > 12 ? ", … (\(columns.count) in all)" : ""
    let advice = "The columns are: \(columns.prefix(12).joined(separator: ", "))\(rest)"
    throw InputError("there is no column called \(column)", at: name, advice: advice)
  }

  /// The fields of the column called `column`, top to bottom.
  ///
  /// - Throws: `InputError` that lists the columns there are.
  public func values(of column: String) throws -> [String] {
    let index = try index(of: column)
    return records.map { $0.fields[index] }
  }
}

// MARK: - Writing

extension CSVTable {
  /// The bytes of a table with these columns and rows, quoted where needed; lines end in LF.
  ///
  /// A row with another number of fields than columns is a programmer's mistake and traps.
  public static func encoded(
    columns: [String], rows: [[String]], file: StaticString = #fileID, line: UInt = #line
  ) -> Data {
    var text = Self.line(columns)
    for row in rows {
      require(
        row.count == columns.count,
        "table: a row of \(row.count) fields under \(columns.count) columns", file: file, line: line
      )
      text += Self.line(row)
    }
    return Data(text.utf8)
  }

  private static func line(_ fields: [String]) -> String {
    // A lone empty field would read as an empty line.
    if fields == [""] { return "\"\"\n" }
    return fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    let special: Set<UInt8> = [
      UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
    ]
    let spaced = field.utf8.first == UInt8(ascii: " ") || field.utf8.last == UInt8(ascii: " ")
    guard spaced || field.utf8.contains(where: special.contains) else { return field }
    var result = "\""
    for character in field.unicodeScalars {
      if character == "\"" { result += "\"" }
      result.unicodeScalars.append(character)
    }
    return result + "\""
  }
}
