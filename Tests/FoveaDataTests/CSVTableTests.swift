import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

struct CSVTableTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(Data(text.utf8), name: "t.csv")
  }

  private func message(_ bytes: [UInt8]) -> String? {
    do {
      _ = try CSVTable(Data(bytes), name: "t.csv")
      return nil
    } catch { return "\(error)" }
  }

  private func message(_ text: String) -> String? { message(Array(text.utf8)) }

  @Test func recordsKeepTheirRows() throws {
    let table = try table("image,label\na.png,cat\n\nb.png,dog\n")
    #expect(table.columns == ["image", "label"])
    #expect(table.records.map(\.fields) == [["a.png", "cat"], ["b.png", "dog"]])
    #expect(table.records.map(\.row) == [2, 4])
    #expect(try table.values(of: "label") == ["cat", "dog"])
    #expect(try table.index(of: "label") == 1)
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func everyLineEndIsUnderstood(_ end: String) throws {
    let table = try table("a,b\(end)1,2\(end)3,")
    #expect(table.records.map(\.fields) == [["1", "2"], ["3", ""]])
  }

  @Test func quotesHoldCommasQuotesAndLineEnds() throws {
    let table = try table("a,b\n\"x, \"\"y\"\"\",\"two\r\nlines\"\n\"\",5\" disk\nz,ü\n")
    #expect(
      table.records.map(\.fields)
        == [["x, \"y\"", "two\r\nlines"], ["", "5\" disk"], ["z", "ü"]])
    #expect(table.records.map(\.row) == [2, 3, 4])
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    #expect(try table("\u{FEFF}image,label\n").columns == ["image", "label"])
  }

  @Test func headerNamesAreTrimmedAndFieldsAreNot() throws {
    let table = try table(" a , b\n x ,y\n")
    #expect(table.columns == ["a", "b"])
    #expect(table.records[0].fields == [" x ", "y"])
  }

  @Test func badTablesAreRefusedWithTheRow() {
    #expect(
      message("") == "t.csv: the table is empty. The first row should name the columns")
    #expect(
      message("a,b\n1,2\n1,2,3\n")
        == "t.csv, row 3: the row has 3 fields, the table has 2 columns. "
        + "A field with a comma in it needs quotes")
    #expect(
      message("a,b\n1\n")
        == "t.csv, row 2: the row has 1 field, the table has 2 columns. "
        + "A field with a comma in it needs quotes")
    #expect(message("a,b\n1,\"2\n3,4\n") == "t.csv, row 2: a quote is opened and never closed")
    #expect(
      message("a,b\n1,\"2\"3\n")
        == "t.csv, row 2: there is text after a closing quote. "
        + "Write a quote inside a quoted field twice")
    #expect(message("a,,c\n") == "t.csv, row 1: column 2 has no name")
    #expect(message("a,b,a\n") == "t.csv, row 1: two columns are called a")
    #expect(
      message(Array("a,b\n1,2\n1,".utf8) + [0xFC, 0x0A])
        == "t.csv, row 3: the text is not UTF-8. Save it as CSV in UTF-8")
    #expect(
      message([0xFF, 0xFE, 0x61, 0x00])
        == "t.csv: the text is UTF-16, not UTF-8. Save it as CSV in UTF-8")
  }

  @Test func aMissingColumnListsThoseThereAre() throws {
    #expect(
      throws: InputError(
        "there is no column called lable", at: "t.csv", advice: "The columns are: image, label")
    ) { try self.table("image,label\n").index(of: "lable") }
  }

  @Test(arguments: [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
  func anotherSeparatorIsNamed(_ separator: String, _ name: String) {
    // A comma in a text must not be what is complained of.
    #expect(
      message("text\(separator)label\nOne, two\(separator)a\n")
        == "t.csv, row 1: the columns are separated by \(name), not commas. Save the table with "
        + "commas between the fields; texts with commas in them need quotes")
  }

  @Test(arguments: ["text,label\nA good day,one\n", "text,label\n今天天气很好,好\n"])
  func utf16WithoutAMarkIsNamed(_ text: String) {
    let little = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    for bytes in [little, big] {
      #expect(
        message(bytes)
          == "t.csv: the text looks like UTF-16 without a byte order mark. Save it as UTF-8")
    }
    #expect(
      message(Array("a,b\n1,".utf8) + [0, 0x0A])
        == "t.csv, row 2: there is a NUL byte. Is it a text file? Remove the byte")
  }

  @Test func aMissingFileIsNamed() throws {
    let folder = try TemporaryFolder()
    #expect(
      throws: InputError(
        "there is no such file or folder", at: folder.path + "/none.csv", advice: "Check the path")
    ) { try CSVTable(contentsOf: folder.file("none.csv")) }
    #expect(throws: InputError("is a folder, not a file", at: folder.path)) {
      try CSVTable(contentsOf: folder.url)
    }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let rows = [
      ["plain", "a,b"], ["say \"hi\"", "two\nlines"], ["", " spaced "], ["ü\r\n", "cr\r"],
    ]
    let data = CSVTable.encoded(columns: ["first", "second, or so"], rows: rows)
    let table = try CSVTable(data, name: "t.csv")
    #expect(table.columns == ["first", "second, or so"])
    #expect(table.records.map(\.fields) == rows)
    #expect(
      String(decoding: data, as: UTF8.self).hasPrefix("first,\"second, or so\"\nplain,\"a,b\"\n"))
    let single = CSVTable.encoded(columns: ["a"], rows: [[""], ["x"]])
    #expect(try CSVTable(single, name: "t.csv").records.map(\.fields) == [[""], ["x"]])
  }
}
