package import FoundationEssentials
import FoveaArray

/// Bytes of small files: vocabularies, settings.
package enum TextBytes {
  /// More than any machine has room for once the text is taken apart.
  private static let byteLimit = 4_000_000_000

  /// - Throws: `InputError` where the file cannot be read.
  package static func read(_ url: URL) throws -> [UInt8] {
    try InputFile(url.checkedFilePath).all(limit: byteLimit, advice: "Give it in parts")
  }

  /// The file called `name` in a folder as JSON; `nil` where there is none.
  ///
  /// - Throws: `InputError` where there is one that cannot be read.
  package static func json(_ name: String, in folder: URL) throws -> JSONValue? {
    let url = folder.appending(component: name)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return try JSONValue(read(url), name: url.relativePath)
  }
}
