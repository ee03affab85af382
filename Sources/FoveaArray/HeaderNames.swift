import FoundationEssentials

/// The names at the top level of a JSON object, as they are written.
///
/// A decoder keeps one of two equal names without a word, and with it one of two arrays.
enum HeaderNames {
  /// The first name that stands twice in an object that is valid JSON.
  static func firstDuplicate(in header: Data) -> String? {
    var known: Set<String> = []
    var depth = 0
    var isEscaped = false
    // The string being read, and the last one that was read at the top level.
    var open: [UInt8]?
    var last: [UInt8] = []
    for byte in header {
      if let content = open {
        if !isEscaped, byte == UInt8(ascii: "\"") {
          if depth == 1 { last = content }
          open = nil
        } else {
          open?.append(byte)
          isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): open = []
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ":") where depth == 1:
        let name = text(of: last)
        if !known.insert(name).inserted { return name }
      default: break
      }
    }
    return nil
  }

  /// The name with its escapes resolved.
  private static func text(of bytes: [UInt8]) -> String {
    let quoted = Data([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")])
    return (try? JSONDecoder().decode(String.self, from: quoted))
      ?? String(decoding: bytes, as: UTF8.self)
  }
}
