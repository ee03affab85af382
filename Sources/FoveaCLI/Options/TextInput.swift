import FoundationEssentials
import Fovea
import FoveaArray

/// Texts that a verb is given.
enum TextInput {
  /// The text of a file; `-` is standard input.
  ///
  /// - Throws: `InputError` when it cannot be read or is not text.
  static func read(_ path: String) throws -> String {
    if path != "-" { return try TextFile.read(URL(filePath: path)) }
    var bytes: [UInt8] = []
    while let line = readLine(strippingNewline: false) { bytes += line.utf8 }
    return try TextFile.decode(bytes, name: "standard input")
  }

  /// The lines of a file that hold something.
  static func lines(_ path: String) throws -> [String] {
    try read(path).split(whereSeparator: \.isNewline).map(String.init)
      .filter { !$0.allSatisfy(\.isWhitespace) }
  }
}
