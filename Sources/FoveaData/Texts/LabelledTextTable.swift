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

    package init(text: String, label: String, row: Int) {
      self.text = text
      self.label = label
      self.row = row
    }
  }

  /// The file's name for errors.
  public let name: String
  /// The records, top to bottom.
  public let records: [Record]

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - textColumn: the name of the texts.
  ///   - labelColumn: the name of the labels; whole numbers of JSON are labels too.
  /// - Throws: `InputError` that names the file and, where it concerns one, the row: bytes that are
  ///   no text, a ragged row, a column that is not there, an empty text or label.
  public init(
    contentsOf url: URL, textColumn: String = "text", labelColumn: String = "label"
  ) throws {
    name = url.relativePath
    let rows: [(row: Int, text: String, label: String)]
    switch url.pathExtension.lowercased() {
    case "jsonl", "ndjson":
      rows = try JSONLines(contentsOf: url).pairs(textColumn, labelColumn)
    case "csv", "tsv", "tab":
      // What is no text at all is told before it is told as a table.
      _ = try TextFile.read(url)
      let table = try CSVTable(
        contentsOf: url, separator: url.pathExtension.lowercased() == "csv" ? .comma : .tab)
      let text = try table.index(of: textColumn)
      let label = try table.index(of: labelColumn)
      rows = table.records.map { ($0.row, $0.fields[text], $0.fields[label]) }
    default:
      throw InputError(
        "is not a table of texts", at: url.relativePath,
        advice: "Expected a file that ends in .csv, .tsv or .jsonl")
    }
    let name = url.relativePath
    records = try rows.map { row, text, label in
      let label = label.trimmingASCIISpace()
      guard !label.isEmpty else {
        throw InputError(
          "the label is empty", at: name, row: row, advice: "Fill it in, or remove the row")
      }
      guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
        throw InputError(
          "the text is empty", at: name, row: row, advice: "Fill it in, or remove the row")
      }
      return Record(text: text, label: label, row: row)
    }
    guard !records.isEmpty else {
      throw InputError("the table has no rows", at: name)
    }
  }
}

extension JSONLines {
  /// A text and a label of each line.
  fileprivate func pairs(
    _ textColumn: String, _ labelColumn: String
  ) throws -> [(row: Int, text: String, label: String)] {
    try zip(values(textColumn), values(labelColumn)).map { text, label in
      (text.row, text.value, label.value)
    }
  }
}
