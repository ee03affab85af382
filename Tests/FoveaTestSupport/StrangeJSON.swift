package import FoveaArray

/// JSON in which each value is replaced in turn by what it should not be.
package enum StrangeJSON {
  /// What values are replaced by, as it is written.
  package static let values = [
    "null", "true", "\"x\"", "\"\"", "-1", "0", "1", "0.5", "2147483648", "9007199254740992",
    "4611686018427387904", "9223372036854775807", "-9223372036854775808", "1e300", "-1e300",
    "\"NaN\"", "\"Infinity\"", "[]", "[1, 1, 1, 1, 1, 1, 1]", "[[]]", "{}", "{\"x\": 1}",
  ]

  /// The texts that come of a JSON text by replacing one of its values.
  package static func variants(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    return places(bytes).flatMap { place in
      values.map { value in
        String(decoding: bytes[..<place.lowerBound], as: UTF8.self) + value
          + String(decoding: bytes[place.upperBound...], as: UTF8.self)
      }
    }
  }

  /// Where the values of a JSON text lie, those within others too.
  private static func places(_ bytes: [UInt8]) -> [Range<Int>] {
    var places: [Range<Int>] = []
    var position = 0
    func skipSpace() {
      while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
        position += 1
      }
    }
    func string() {
      position += 1
      while bytes[position] != UInt8(ascii: "\"") {
        position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
      }
      position += 1
    }
    func value() {
      skipSpace()
      let start = position
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = bytes[position] == UInt8(ascii: "{")
        position += 1
        skipSpace()
        while bytes[position] != UInt8(ascii: "}"), bytes[position] != UInt8(ascii: "]") {
          if isObject {
            skipSpace()
            string()
            skipSpace()
            position += 1
          }
          value()
          skipSpace()
          if bytes[position] == UInt8(ascii: ",") { position += 1 }
          skipSpace()
        }
        position += 1
      case UInt8(ascii: "\""): string()
      default:
        while position < bytes.count, !",]} \n".utf8.contains(bytes[position]) { position += 1 }
      }
      places.append(start..<position)
    }
    value()
    return places
  }
}

/// What `body` says of somebody's input; `nil` where it accepts it, and any other error is thrown on.
package func refusal(_ body: () throws -> Void) throws -> InputError? {
  do {
    try body()
    return nil
  } catch let error as InputError {
    return error
  }
}
