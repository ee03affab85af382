extension JSONValue {
  /// The value as JSON, without spaces, members in their order.
  package var encoded: [UInt8] {
    var result: [UInt8] = []
    append(to: &result)
    return result
  }

  private func append(to result: inout [UInt8]) {
    switch self {
    case .null: result += "null".utf8
    case .bool(let value): result += (value ? "true" : "false").utf8
    case .number(let value):
      result += (Int(exactly: value).map(String.init) ?? "\(value)").utf8
    case .string(let bytes): Self.append(bytes, to: &result)
    case .array(let elements):
      result.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        element.append(to: &result)
      }
      result.append(UInt8(ascii: "]"))
    case .object(let members):
      result.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        Self.append(member.name, to: &result)
        result.append(UInt8(ascii: ":"))
        member.value.append(to: &result)
      }
      result.append(UInt8(ascii: "}"))
    }
  }

  private static func append(_ bytes: [UInt8], to result: inout [UInt8]) {
    result.append(UInt8(ascii: "\""))
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case ..<0x20:
        let digits = String(byte, radix: 16)
        result += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      default: result.append(byte)
      }
    }
    result.append(UInt8(ascii: "\""))
  }
}

extension JSONValue {
  /// A text.
  package static func text(_ text: String) -> JSONValue { .string(Array(text.utf8)) }

  /// A whole number.
  package static func whole(_ number: some BinaryInteger) -> JSONValue { .number(Double(number)) }

  /// An object with these members, in this order.
  package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member(name: Array($0.key.utf8), value: $0.value) })
  }
}
