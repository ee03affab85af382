import FoundationEssentials
import Fovea
import FoveaArray
import Glibc

/// Texts that a verb is given.
enum TextReading {
  /// The text of a file; `-` is standard input.
  ///
  /// - Throws: `InputError` when it cannot be read or is not text.
  static func read(_ path: String) throws -> String {
    if path != "-" { return try TextFile.read(URL(filePath: path)) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(STDIN_FILENO, bytes.baseAddress, bytes.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return try TextFile.decode(bytes, name: "standard input")
  }

  /// The lines of a file that hold something, each with its number, as editors count all lines from 1.
  static func lines(_ path: String) throws -> [(number: Int, text: String)] {
    // A line ends in LF, CRLF or CR; what else Unicode calls a line end stands within texts.
    try read(path).split(omittingEmptySubsequences: false) { ["\n", "\r\n", "\r"].contains($0) }
      .enumerated().map { ($0 + 1, String($1)) }
      .filter { !$0.1.allSatisfy(\.isWhitespace) }
  }
}
