package import FoundationEssentials
import Glibc
import Synchronization

/// A folder that exists for one test and is removed after it.
package final class TemporaryFolder: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "fovea-tests-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// Removes the folder when the process ends, for one that is held until then.
  package func removedAtExit() -> Self {
    let isFirst = heldFolders.withLock { folders in
      folders.append(url)
      return folders.count == 1
    }
    if isFirst {
      atexit {
        for url in heldFolders.withLock({ $0 }) { try? FileManager.default.removeItem(at: url) }
      }
    }
    return self
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The folder's path without a slash at its end.
  package var path: String { url.path }

  package func file(_ name: String) -> URL {
    url.appending(path: name, directoryHint: .notDirectory)
  }

  @discardableResult
  package func write(_ data: Data, _ name: String) throws -> URL {
    let file = file(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file
  }

  @discardableResult
  package func write(_ text: String, _ name: String) throws -> URL {
    try write(Data(text.utf8), name)
  }

  package func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: file(name).path, withDestinationPath: target)
  }

  /// Makes a named pipe that nobody writes to.
  package func pipe(_ name: String) throws {
    guard mkfifo(file(name).path, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  /// Makes an empty file whose name is these bytes.
  package func writeEmpty(named name: [UInt8], in folder: String) throws {
    var path = (file(folder).path + "/").utf8.map { CChar(bitPattern: $0) }
    path += name.map { CChar(bitPattern: $0) } + [0]
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    close(descriptor)
  }
}

/// Folders that live as long as the process.
private let heldFolders = Mutex<[URL]>([])
