import FoveaArray

/// JSON with names and texts as bytes, in the order of the file.
///
/// A vocabulary may hold é as one character and as two: equal texts to `String`, two tokens to a
/// tokeniser. Bytes keep them apart.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string([UInt8])
  case array([JSONValue])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package let name: [UInt8]
    package let value: JSONValue
  }

  /// Reads the JSON in some bytes.
  ///
  /// - Throws: `InputError` with the line at which it is not JSON.
  package init(_ bytes: [UInt8], name: String) throws {
    var reader = JSONReader(bytes, name: name)
    self = try reader.document()
  }

  /// The value called `name` in an object; `null` where there is none.
  package subscript(name: String) -> JSONValue {
    guard case .object(let members) = self else { return .null }
    return members.first { $0.name.elementsEqual(name.utf8) }?.value ?? .null
  }

  package var isNull: Bool { self == .null }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var number: Double? { if case .number(let value) = self { value } else { nil } }
  package var int: Int? { number.flatMap { Int(exactly: $0) } }
  package var bytes: [UInt8]? { if case .string(let bytes) = self { bytes } else { nil } }
  package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }
  package var members: [Member]? { if case .object(let members) = self { members } else { nil } }
}

/// Reads JSON byte by byte (RFC 8259).
private struct JSONReader {
  private let bytes: [UInt8]
  private let name: String
  private var position = 0
  private var depth = 0

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func document() throws -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw failure("is not UTF-8") }
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw failure("has text behind its end") }
    return value
  }

  /// What is wrong where reading stands; at the end of the bytes it is always that they end.
  private func failure(_ problem: String) -> InputError {
    let line = bytes.prefix(position).reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    guard position < bytes.count else {
      return InputError(
        "the JSON ends too early", at: name, row: line,
        advice: "It was probably cut off: copy or write it again")
    }
    return InputError("the JSON \(problem)", at: name, row: line)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func value() throws -> JSONValue {
    skipSpace()
    guard position < bytes.count else { throw failure("ends too early") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws -> JSONValue
  ) throws -> JSONValue {
    depth += 1
    defer { depth -= 1 }
    guard depth < 200 else { throw failure("is nested too deeply") }
    position += 1
    return try body(&self)
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[position...].starts(with: text.utf8) else {
      if text.utf8.starts(with: bytes[position...]) { position = bytes.count }
      throw failure("has a strange word")
    }
    position += text.utf8.count
    return value
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let number = Double(text), number.isFinite else {
      // A number that the end cuts is an end; any other has its place.
      if text.isEmpty || position < bytes.count { position = start }
      throw failure("has a strange character")
    }
    return .number(number)
  }

  private mutating func take(_ byte: Character) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func array() throws -> JSONValue {
    var elements: [JSONValue] = []
    if take("]") { return .array([]) }
    repeat { elements.append(try value()) } while take(",")
    guard take("]") else { throw failure("has a list that is not closed") }
    return .array(elements)
  }

  private mutating func object() throws -> JSONValue {
    var members: [JSONValue.Member] = []
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw failure("has a name without quotes")
      }
      let name = try string()
      guard take(":") else { throw failure("has a name without a value") }
      members.append(JSONValue.Member(name: name, value: try value()))
    } while take(",")
    guard take("}") else { throw failure("has an object that is not closed") }
    return .object(members)
  }

  private mutating func string() throws -> [UInt8] {
    position += 1
    var result: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return result
      case UInt8(ascii: "\\"): try escape(&result)
      default: result.append(byte)
      }
    }
    throw failure("has a text that is not closed")
  }

  private mutating func escape(_ result: inout [UInt8]) throws {
    guard position < bytes.count else { throw failure("has a text that is not closed") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "u"):
      var value = try unit()
      if (0xD800..<0xDC00).contains(value), bytes[position...].starts(with: "\\u".utf8) {
        let start = position
        position += 2
        let low = try unit()
        if (0xDC00..<0xE000).contains(low) {
          value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
        } else {
          position = start
        }
      }
      result += UTF8Scalars.bytes([value])
    default: throw failure("has a strange escape in a text")
    }
  }

  private mutating func unit() throws -> UInt32 {
    guard position + 4 <= bytes.count else {
      position = bytes.count
      throw failure("has a strange escape in a text")
    }
    guard
      let value = UInt32(
        String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
    else { throw failure("has a strange escape in a text") }
    position += 4
    return value
  }
}
