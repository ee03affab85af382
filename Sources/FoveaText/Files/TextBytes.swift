package import FoundationEssentials
import FoveaArray

/// Bytes of small files: vocabularies, settings.
package enum TextBytes {
  /// - Throws: `InputError` where the file cannot be read.
  package static func read(_ url: URL) throws -> [UInt8] {
    let place = try url.checkedFilePath
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw InputError(
        "there is no such file or folder", at: place, advice: "Check the path")
    }
    do {
      return Array(try Data(contentsOf: url))
    } catch {
      throw InputError(
        "cannot be read", at: place,
        advice: "Check its permissions, and whether it is a file")
    }
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
