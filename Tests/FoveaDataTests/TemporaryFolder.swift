import FoundationEssentials
import Glibc

/// A folder that exists for one test and is removed after it.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "fovea-tests-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The folder's path without a slash at its end.
  var path: String { url.path }

  func file(_ name: String) -> URL { url.appending(path: name, directoryHint: .notDirectory) }

  @discardableResult
  func write(_ data: Data, _ name: String) throws -> URL {
    let file = file(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> URL { try write(Data(text.utf8), name) }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: file(name).path, withDestinationPath: target)
  }

  /// Makes a named pipe that nobody writes to.
  func pipe(_ name: String) throws {
    guard mkfifo(file(name).path, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  /// Makes an empty file whose name is these bytes.
  func writeEmpty(named name: [UInt8], in folder: String) throws {
    var path = (file(folder).path + "/").utf8.map { CChar(bitPattern: $0) }
    path += name.map { CChar(bitPattern: $0) } + [0]
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    close(descriptor)
  }
}
