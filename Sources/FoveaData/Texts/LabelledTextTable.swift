public import FoundationEssentials
import FoveaArray
import FoveaText

/// Texts with labels from a table: CSV, TSV or JSON lines, told by the file's ending.
public struct LabelledTextTable: Sendable {
  /// A text with its label.
  public struct Record: Hashable, Sendable {
    /// The text as the file has it.
    public let text: String
    /// The label without spaces at its ends.
    public let label: String
    /// The row of the table, or the line of the file.
    public let row: Int
    /// What the column of parts says, if one was named.
    public let part: String?
    /// What the column of groups says, if one was named.
    public let group: String?
    /// What the column says that results are told apart by, if one was named.
    package let category: String?

    package init(
      text: String, label: String, row: Int, part: String? = nil, group: String? = nil,
      category: String? = nil
    ) {
      self.text = text
      self.label = label
      self.row = row
      self.part = part
      self.group = group
      self.category = category
    }
  }

  /// The names of columns.
  public struct Columns: Hashable, Sendable {
    /// The texts.
    public var text = "text"
    /// The labels: texts, whole numbers, or in JSON lines a list, of which it counts whether there is
    /// anything in it: `some` or `none`.
    public var label = "label"
    /// Train, valid or test.
    public var split: String?
    /// What a split keeps whole.
    public var group: String?
    /// What results are told apart by.
    package var category: String?

    /// `text` and `label`.
    public init() {}
  }

  /// The file's name for errors.
  public let name: String
  /// The records, top to bottom.
  public let records: [Record]

  /// Reads a table.
  ///
  /// - Throws: `InputError` that names the file and, where it concerns one, the row: bytes that are
  ///   no text, a ragged row, a column that is not there, an empty text or label.
  public init(contentsOf url: URL, columns: Columns = Columns()) throws {
    name = url.relativePath
    let table = try TextColumns(contentsOf: url)
    let name = url.relativePath
    func filled(_ text: String, _ what: String, _ row: Int) throws -> String {
      let text = text.trimmingASCIISpace()
      guard !text.isEmpty else {
        throw InputError(
          "the \(what) is empty", at: name, row: row, advice: "Fill it in, or remove the row")
      }
      return text
    }
    let texts = try table.texts(columns.text)
    let labels = try table.values(columns.label)
    let parts = try columns.split.map(table.values)
    let groups = try columns.group.map(table.values)
    let categories = try columns.category.map(table.values)
    records = try texts.indices.map { index in
      let (row, text) = texts[index]
      return Record(
        text: text, label: try filled(labels[index].value, "label", row), row: row,
        part: parts?[index].value.trimmingASCIISpace(),
        group: try groups.map { try filled($0[index].value, "group", row) },
        category: categories?[index].value.trimmingASCIISpace())
    }
    guard !records.isEmpty else {
      throw InputError("the table has no rows", at: name)
    }
  }
}

/// The columns of a table that holds texts: CSV, TSV or JSON lines, told by the file's ending.
package struct TextColumns: Sendable {
  private enum Content: Sendable {
    case lines(JSONLines)
    case table(CSVTable)
  }

  /// Endings of such files, in lower case.
  package static let extensions: Set<String> = ["jsonl", "ndjson", "csv", "tsv", "tab"]

  private let content: Content
  private let name: String

  /// Reads a file.
  ///
  /// - Throws: `InputError` that names it where it is none.
  package init(contentsOf url: URL) throws {
    name = try url.checkedFilePath
    let end = url.pathExtension.lowercased()
    switch end {
    case "jsonl", "ndjson": content = .lines(try JSONLines(contentsOf: url))
    case "csv", "tsv", "tab":
      // What is no text at all is told before it is told as a table.
      _ = try TextFile.read(url)
      content = .table(try CSVTable(contentsOf: url, separator: end == "csv" ? .comma : .tab))
    default:
      throw InputError(
        "is not a table of texts", at: url.relativePath,
        advice: "Expected a file that ends in .csv, .tsv or .jsonl")
    }
  }

  /// The names of the columns, in JSON lines those of the first line.
  package var names: [String] {
    switch content {
    case .lines(let lines): lines.columns
    case .table(let table): table.columns
    }
  }

  /// What a column says in each row.
  ///
  /// - Throws: `InputError` where it is not there.
  package func values(_ column: String) throws -> [(row: Int, value: String)] {
    switch content {
    case .lines(let lines): return try lines.values(column)
    case .table(let table):
      let index = try table.index(of: column)
      return table.records.map { ($0.row, $0.fields[index]) }
    }
  }

  /// The texts of a column, none of which is empty.
  ///
  /// - Throws: `InputError` with the row of an empty one.
  package func texts(_ column: String) throws -> [(row: Int, text: String)] {
    try values(column).map { row, text in
      guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
        throw InputError(
          "the text is empty", at: name, row: row, advice: "Fill it in, or remove the row")
      }
      return (row, text)
    }
  }

  /// For each row the ranges of characters that a column of JSON lines lists as `[start, end]`.
  ///
  /// - Throws: `InputError` with the row of what is no such list.
  package func spans(_ column: String) throws -> [(row: Int, ranges: [Range<Int>])] {
    guard case .lines(let lines) = content else {
      throw InputError(
        "is no list of character spans", at: name,
        advice: "Give JSON lines with \(column): [[start, end], …]")
    }
    return try lines.spans(column)
  }
}
