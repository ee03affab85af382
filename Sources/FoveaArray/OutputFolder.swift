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
