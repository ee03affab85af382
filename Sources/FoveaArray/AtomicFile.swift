public import FoundationEssentials
import Glibc

/// Files that are whole at every moment: written under a temporary name, synced, then renamed.
public enum AtomicFile {
  /// Replaces the file at `url`, or creates it; whoever reads it sees the old bytes or the new.
  ///
  /// - Throws: `InputError` with the system's reason (a full disk, a missing folder, no
  ///   permission); the old file is then untouched and the temporary one removed.
  public static func write(_ data: Data, to url: URL) throws {
    let path = url.path
    let place = try url.checkedFilePath
    let temporary = temporaryPath(for: url)
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure("cannot be written", place) }
    do {
      try writeAll(data, to: file, place: place)
      guard fsync(file) == 0 else { throw failure("cannot be written", place) }
    } catch {
      close(file)
      unsafe unlink(temporary)
      throw error
    }
    close(file)
    guard unsafe rename(temporary, path) == 0 else {
      let error = failure("cannot be replaced", place)
      unsafe unlink(temporary)
      throw error
    }
    // The new name itself must reach the disk, or a crash could bring the old file back.
    let folder = unsafe open(
      url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// What half-written files end in.
  package static let suffix = ".partial"
  /// Bytes of a file's name at most, on every file system that Linux has.
  private static let mostBytes = 255

  /// Where a file is written before it is whole: `NAME.<process>.partial` beside it, the name cut
  /// short where there would be no room for the rest.
  package static func temporaryPath(for url: URL) -> String {
    let end = ".\(getpid())\(suffix)"
    let name = url.lastPathComponent.beginning(bytes: mostBytes - end.utf8.count)
    return url.deletingLastPathComponent().appending(component: name + end).path
  }

  static func writeAll(_ data: Data, to file: Int32, place: String) throws {
    try unsafe data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let start = unsafe bytes.baseAddress?.advanced(by: offset)
        let written = unsafe Glibc.write(file, start, bytes.count - offset)
        if written < 0 {
          if errno == EINTR { continue }
          throw failure("cannot be written", place)
        }
        offset += written
      }
    }
  }

  static func failure(_ what: String, _ place: String) -> InputError {
    let code = errno
    let reason = unsafe String(cString: strerror(code))
    return InputError(
      "\(what): \(reason)", at: place,
      advice: code == ENOSPC ? "Free some disk space and try again" : nil)
  }
}

extension String {
  /// The longest beginning of whole characters that has so many bytes at most.
  package func beginning(bytes most: Int) -> String {
    guard utf8.count > most else { return self }
    var count = 0
    return String(
      prefix { character in
        count += character.utf8.count
        return count <= most
      })
  }
}
