import FoundationEssentials
import FoveaArray
import FoveaTestSupport
import FoveaText
import Testing

struct TextFileTests {
  private func message(_ bytes: [UInt8]) -> String? {
    do {
      _ = try TextFile.decode(bytes, name: "t.txt")
      return nil
    } catch { return "\(error)" }
  }

  private func utf16(_ text: String, little: Bool) -> [UInt8] {
    text.utf16.flatMap { unit in
      let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return little ? bytes : bytes.reversed()
    }
  }

  @Test func marksAreTakenOffAndUTF16WithOneIsConverted() throws {
    let text = "Grüße, 世界 😀\nzwei"
    #expect(try TextFile.decode(Array(text.utf8), name: "t") == text)
    #expect(try TextFile.decode([0xEF, 0xBB, 0xBF] + Array(text.utf8), name: "t") == text)
    #expect(try TextFile.decode([0xFF, 0xFE] + utf16(text, little: true), name: "t") == text)
    #expect(try TextFile.decode([0xFE, 0xFF] + utf16(text, little: false), name: "t") == text)
    #expect(try TextFile.decode([], name: "t").isEmpty)
  }

  @Test(arguments: [true, false]) func utf16WithoutAMarkIsRefused(_ little: Bool) {
    #expect(
      message(utf16("plain words\nin lines", little: little))
        == "t.txt: the text looks like UTF-16 without a byte order mark. Save it as UTF-8")
  }

  @Test func whatIsNoTextIsNamedWithItsLine() {
    #expect(
      message(Array("one\ntwo\nthr".utf8) + [0xFC] + Array("e\n".utf8))
        == "t.txt, row 3: the byte 0xFC is not UTF-8. Save the text as UTF-8")
    // Cut within a character.
    #expect(
      message(Array("one\n".utf8) + [0xE4, 0xB8])
        == "t.txt, row 2: the byte 0xE4 is not UTF-8. Save the text as UTF-8")
    #expect(
      message(Array("one\ntw".utf8) + [0] + Array("o\n".utf8))
        == "t.txt, row 2: there is a NUL byte. Is it a text file? Remove the byte")
    #expect(
      message([0xFF, 0xFE, 0x61]) == "t.txt: the UTF-16 text is cut within a character")
    #expect(
      message([0xFF, 0xFE, 0x00, 0xD8, 0x61, 0x00])
        == "t.txt: the text begins like UTF-16 and is not. Save it as UTF-8")
  }

  @Test func linesOfJSONAreReadByName() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("t.jsonl")
    try Data("{\"a\": \"x\", \"b\": [\"1\", \"2\"]}\n\n{\"a\": \"ü\\n\", \"b\": []}\n".utf8).write(
      to: file)
    let lines = try JSONLines(contentsOf: file)
    #expect(lines.count == 2)
    #expect(lines.columns == ["a", "b"])
    #expect(try lines.texts("a") == [["x"], ["ü\n"]])
    #expect(try lines.texts("b") == [["1", "2"], []])
    func message(_ text: String, _ column: String = "a") -> String {
      do {
        try Data(text.utf8).write(to: file)
        _ = try JSONLines(contentsOf: file).texts(column)
        return ""
      } catch { return "\(error)".replacing(folder.path + "/", with: "") }
    }
    #expect(
      message("{\"a\": \"x\"}\n{\"c\": 1}\n")
        == "t.jsonl, row 2: there is nothing called a. The names are: c")
    #expect(
      message("{\"a\": 5}\n") == "t.jsonl, row 1: a is not a text or a list of texts")
    #expect(message("{\"a\": \"x\"}\n{\"a\": }\n").hasPrefix("t.jsonl, row 2: the JSON has"))
    #expect(message("[1]\n") == "t.jsonl, row 1: the line is not a JSON object")
    #expect(message("\n") == "t.jsonl: the file is empty. Each line should be a JSON object")
  }

  @Test(arguments: [
    #"{"text": "a", "label": "b", "#, #"{"text": "a", "lab"#, #"{"text": "a", "label""#,
    #"{"text": "a", "label": "#, #"{"text": "a", "label": tr"#, #"{"text": "a", "label": 1."#,
    #"{"text": "a\"#, #"{"text": "a\u00"#, #"{"text": ["a", "#, #"{"text": ["a""#, "{",
  ])
  func aLineThatIsCutSaysSo(_ cut: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("{\"text\": \"a\", \"label\": \"b\"}\n\(cut)", "t.jsonl")
    let error = #expect(throws: InputError.self) {
      try JSONLines(contentsOf: folder.file("t.jsonl"))
    }
    #expect(error?.problem == "the JSON ends too early" && error?.row == 2)
    #expect(error?.advice == "It was probably cut off: copy or write it again")
  }
}
