public import FoundationEssentials
import FoveaArray

/// Text from files: UTF-8, or UTF-16 that says so.
public enum TextFile {
  /// The text of a file.
  ///
  /// A byte order mark is taken off. UTF-16 with one is converted; without one it is refused, as are
  /// bytes that are no UTF-8 and NUL bytes, which no text has.
  ///
  /// - Throws: `InputError` that names the file and the line.
  public static func read(_ url: URL) throws -> String {
    try decode(TextBytes.read(url), name: url.relativePath)
  }

  /// The text of some bytes; `name` names them in errors.
  ///
  /// - Throws: as `read(_:)`.
  public static func decode(_ bytes: [UInt8], name: String) throws -> String {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return try utf16(bytes, name: name)
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    try refuseZeros(content, name: name)
    guard let text = String(validating: content, as: UTF8.self) else {
      let place = firstInvalid(content)
      throw InputError(
        "the byte 0x\(String(content[place], radix: 16, uppercase: true)) is not UTF-8", at: name,
        row: line(of: place, in: content), advice: "Save the text as UTF-8")
    }
    return text
  }

  /// Fails for NUL bytes, which no text in UTF-8 has.
  ///
  /// - Throws: `InputError` that says whether they are those of UTF-16, or names their line.
  package static func refuseZeros(_ bytes: ArraySlice<UInt8>, name: String) throws {
    guard let zero = bytes.firstIndex(of: 0) else { return }
    guard !looksLikeUTF16(bytes) else {
      throw InputError(
        "the text looks like UTF-16 without a byte order mark", at: name,
        advice: "Save it as UTF-8")
    }
    throw InputError(
      "there is a NUL byte", at: name, row: line(of: zero, in: bytes),
      advice: "Is it a text file? Remove the byte")
  }

  /// Whether all zeros are at even or all at odd places, and either nearly every second byte is one, as in
  /// Latin letters, or the bytes are characters as UTF-16 and none as UTF-8, as in other scripts.
  private static func looksLikeUTF16(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count.isMultiple(of: 2) else { return false }
    var zeros = [0, 0]
    for (place, byte) in bytes.enumerated() where byte == 0 { zeros[place % 2] += 1 }
    guard zeros.min() == 0 else { return false }
    if (zeros.max() ?? 0) * 10 >= bytes.count / 2 * 8 { return true }
    guard String(validating: bytes, as: UTF8.self) == nil else { return false }
    let text = String(validating: units(bytes, isLittle: zeros[0] == 0), as: UTF16.self)
    return text?.unicodeScalars.allSatisfy { scalar in
      scalar.value >= 0x20 || [0x09, 0x0A, 0x0D].contains(scalar.value)
    } == true
  }

  private static func units(_ bytes: ArraySlice<UInt8>, isLittle: Bool) -> [UInt16] {
    stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
  }

  private static func utf16(_ bytes: [UInt8], name: String) throws -> String {
    let isLittle = bytes[0] == 0xFF
    guard bytes.count.isMultiple(of: 2) else {
      throw InputError("the UTF-16 text is cut within a character", at: name)
    }
    guard
      let text = String(validating: units(bytes.dropFirst(2), isLittle: isLittle), as: UTF16.self)
    else {
      throw InputError(
        "the text begins like UTF-16 and is not", at: name, advice: "Save it as UTF-8")
    }
    return text
  }

  private static func line(of place: Int, in bytes: ArraySlice<UInt8>) -> Int {
    bytes[..<place].reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }

  /// Where the longest beginning that is UTF-8 ends.
  private static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var count = bytes.startIndex
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): count += UTF8.width(scalar)
      case .emptyInput, .error: return min(count, bytes.endIndex - 1)
      }
    }
  }
}

/// A file with a JSON value in each line.
public struct JSONLines: Sendable {
  private let records: [(row: Int, value: JSONValue)]
  private let name: String

  /// Reads a file; empty lines are skipped.
  ///
  /// - Throws: `InputError` that names the line when it holds no JSON object, or the file is not
  ///   text.
  public init(contentsOf url: URL) throws {
    name = try url.checkedFilePath
    var records: [(row: Int, value: JSONValue)] = []
    let text = try TextFile.read(url)
    for (row, line) in text.utf8.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() {
      let line = Array(line)
      if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
      let value: JSONValue
      do {
        value = try JSONValue(line, name: name)
      } catch let error as InputError {
        throw InputError(error.problem, at: name, row: row + 1, advice: error.advice)
      }
      guard value.members != nil else {
        throw InputError("the line is not a JSON object", at: name, row: row + 1)
      }
      records.append((row + 1, value))
    }
    guard !records.isEmpty else {
      throw InputError("the file is empty", at: name, advice: "Each line should be a JSON object")
    }
    self.records = records
  }

  /// How many objects there are.
  public var count: Int { records.count }

  /// The names that the first object has.
  public var columns: [String] {
    (records.first?.value.members ?? []).map { String(decoding: $0.name, as: UTF8.self) }
  }

  /// The texts under a name in each line: one, or a list of them.
  ///
  /// - Throws: `InputError` that names the first line without, and the names there are.
  public func texts(_ column: String) throws -> [[String]] {
    try records.map { row, object in
      let value = try required(column, row, object)
      if let text = value.text { return [text] }
      if let elements = value.elements {
        let texts = elements.compactMap(\.text)
        if texts.count == elements.count { return texts }
      }
      throw InputError("\(column) is not a text or a list of texts", at: name, row: row)
    }
  }

  /// What is under a name in each line, with the line: a text, a whole number, yes or no; or a list,
  /// of which it counts whether there is anything in it.
  ///
  /// - Throws: as `texts(_:)`.
  package func values(_ column: String) throws -> [(row: Int, value: String)] {
    try records.map { row, object in
      let value = try required(column, row, object)
      if let text = value.text { return (row, text) }
      if let number = value.int { return (row, "\(number)") }
      if let isSo = value.bool { return (row, isSo ? "yes" : "no") }
      if let elements = value.elements { return (row, elements.isEmpty ? "none" : "some") }
      throw InputError("\(column) is not a text or a whole number", at: name, row: row)
    }
  }

  /// Ranges under a name in each line, each a list of a start and an end, with the line.
  ///
  /// - Throws: `InputError` with the line of what is none: an end before its start, overlaps.
  package func spans(_ column: String) throws -> [(row: Int, ranges: [Range<Int>])] {
    try records.map { row, object in
      let value = try required(column, row, object)
      let ranges = try (value.elements ?? []).map { element -> Range<Int> in
        guard let ends = element.elements, ends.count == 2, let start = ends[0].int,
          let end = ends[1].int, start >= 0
        else {
          throw InputError(
            "\(column) holds something that is no [start, end]", at: name, row: row,
            advice: "Give numbers of characters, from 0")
        }
        guard start < end else {
          throw InputError(
            "a span of \(column) ends at \(end), not after it begins, at \(start)", at: name,
            row: row)
        }
        return start..<end
      }
      guard value.elements != nil else {
        throw InputError("\(column) is not a list of spans", at: name, row: row)
      }
      return (row, ranges)
    }
  }

  private func required(_ column: String, _ row: Int, _ object: JSONValue) throws -> JSONValue {
    let value = object[column]
    guard value.isNull else { return value }
    let names = (object.members ?? []).map { String(decoding: $0.name, as: UTF8.self) }
    throw InputError(
      "there is nothing called \(column)", at: name, row: row,
      advice: "The names are: \(names.joined(separator: ", "))")
  }
}
