import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

struct LabelledTextTableTests {
  private func table(
    _ bytes: [UInt8], _ name: String, text: String = "text", label: String = "label"
  ) throws -> LabelledTextTable {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: folder.file(name))
    do {
      var columns = LabelledTextTable.Columns()
      (columns.text, columns.label) = (text, label)
      return try LabelledTextTable(contentsOf: folder.file(name), columns: columns)
    } catch let error as InputError {
      throw InputError(
        error.problem, at: error.place?.split(separator: "/").last.map(String.init),
        row: error.row, advice: error.advice)
    }
  }

  private func table(
    _ content: String, _ name: String, text: String = "text", label: String = "label"
  ) throws -> LabelledTextTable { try table(Array(content.utf8), name, text: text, label: label) }

  private let expected = [
    LabelledTextTable.Record(text: "two, \"words\"", label: "very good", row: 2),
    LabelledTextTable.Record(text: " ü\nline ", label: "it's \"bad\"", row: 3),
  ]

  @Test func threeKindsOfTableGiveTheSame() throws {
    let csv = "label,text\n very good ,\"two, \"\"words\"\"\"\n\"it's \"\"bad\"\"\",\" ü\nline \"\n"
    #expect(try table(csv, "a.csv").records == expected)
    let tsv = "text\tlabel\n\"two, \"\"words\"\"\"\tvery good\n\" ü\nline \"\tit's \"bad\"\n"
    #expect(try table(tsv, "a.tsv").records == expected)
    let lines =
      #"{"t": "two, \"words\"", "l": "very good"}"# + "\n\n" + #"{"l": 7, "t": " ü\nline "}"#
    let json = try table(lines, "a.jsonl", text: "t", label: "l").records
    #expect(json.map(\.text) == expected.map(\.text))
    #expect(json.map(\.label) == ["very good", "7"])
    #expect(json.map(\.row) == [1, 3])
  }

  @Test func whatIsWrongIsNamedWithItsRow() {
    expectError(
      "a.tsv, row 3: the row has 3 fields, the table has 2 columns. "
        + "A field with a tab in it needs quotes"
    ) {
      try table("text\tlabel\na\tb\na\tb\tc\n", "a.tsv")
    }
    expectError("a.csv: there is no column called label. The columns are: text, class") {
      try table("text,class\na,b\n", "a.csv")
    }
    expectError("a.jsonl, row 1: there is nothing called label. The names are: text, class") {
      try table(#"{"text": "a", "class": "b"}"#, "a.jsonl")
    }
    expectError("a.csv, row 3: the text is empty. Fill it in, or remove the row") {
      try table("text,label\na,b\n\u{3000} ,b\n", "a.csv")
    }
    expectError("a.csv, row 2: the label is empty. Fill it in, or remove the row") {
      try table("text,label\na, \n", "a.csv")
    }
    expectError("a.csv, row 3: the byte 0xE9 is not UTF-8. Save the text as UTF-8") {
      try table(Array("text,label\na,b\n".utf8) + [0xE9, 0x2C, 0x62, 0x0A], "a.csv")
    }
    expectError("a.csv, row 2: there is a NUL byte. Is it a text file? Remove the byte") {
      try table(Array("text,label\na,b".utf8) + [0, 0x0A], "a.csv")
    }
    expectError("a.csv: the table has no rows") { try table("text,label\n", "a.csv") }
    expectError(
      "a.xls: is not a table of texts. Expected a file that ends in .csv, .tsv or .jsonl"
    ) { try table("text,label\n", "a.xls") }
  }
}
