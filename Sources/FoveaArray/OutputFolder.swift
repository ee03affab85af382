package import FoundationEssentials

/// Folders that results go into.
package enum OutputFolder {
  /// Makes a folder and those above it; one that is there is left as it is.
  ///
  /// - Throws: `InputError` where it cannot be made, or a file of that name is in the way.
  package static func make(_ url: URL) throws {
    _ = try url.checkedFilePath
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw InputError(
        "the folder cannot be made: \(reason(error))", at: url.relativePath,
        advice: "Check the path and its permissions")
    }
  }

  /// Refuses a folder that results should not go into.
  ///
  /// - Throws: `InputError` where it is a file, or holds anything and `overwrite` is not given.
  package static func check(_ url: URL, overwrite: Bool) throws {
    _ = try url.checkedFilePath
    let files = FileManager.default
    var isFolder = false
    guard files.fileExists(atPath: url.path, isDirectory: &isFolder) else { return }
    guard isFolder else {
      throw InputError(
        "is a file, not a folder", at: url.relativePath, advice: "Choose another --output")
    }
    guard try overwrite || files.contentsOfDirectory(atPath: url.path).isEmpty else {
      throw InputError(
        "the folder is not empty", at: url.relativePath,
        advice: "Choose another --output, or add --overwrite")
    }
  }

  /// Why the system did not make or write something, in a few words.
  package static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileWriteOutOfSpace: "the disk is full"
    case .fileWriteNoPermission: "permission is missing"
    case .fileWriteFileExists: "a file of that name is in the way"
    default: (error as? InputError)?.problem ?? "\(error)"
    }
  }
}
