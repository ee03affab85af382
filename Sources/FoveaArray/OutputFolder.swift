package import FoundationEssentials
import Glibc

/// Folders that results go into.
package enum OutputFolder {
  /// Makes a folder and those above it; one that is there is left as it is.
  ///
  /// - Throws: `InputError` where it cannot be made, or a file of that name is in the way.
  package static func make(_ url: URL) throws {
    try check(url)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw InputError(
        "the folder cannot be made: \(reason(error))", at: url.relativePath,
        advice: "Check the path and its permissions")
    }
  }

  /// Fails where something that is no folder is in the way of it.
  ///
  /// - Throws: `InputError` that names it.
  package static func check(_ url: URL) throws {
    var path = try url.checkedFilePath
    while true {
      var isFolder = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
        guard isFolder else {
          throw InputError(
            "is a file, not a folder", at: path, advice: "Choose another \(.output)")
        }
        return
      }
      guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
      path = String(path[..<slash])
    }
  }

  /// Why the system did not make or write something, in a few words.
  package static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileWriteOutOfSpace: "the disk is full"
    case .fileWriteNoPermission: "permission is missing"
    case .fileWriteFileExists: "a file of that name is in the way"
    default: (error as? InputError)?.problem ?? underlying(error) ?? "\(error)"
    }
  }

  private static func underlying(_ error: any Error) -> String? {
    unsafe ((error as? CocoaError)?.userInfo["NSUnderlyingError"] as? POSIXError).map {
      unsafe String(cString: strerror($0.code.rawValue))
    }
  }
}
