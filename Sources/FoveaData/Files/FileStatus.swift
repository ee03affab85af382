import FoveaArray
import Glibc

/// What a path leads to, links followed: asked of the system without opening it.
struct FileStatus: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case file, folder
    /// A pipe, socket or device: reading one could wait for ever.
    case special
  }

  let kind: Kind
  let identity: FileIdentity
  let byteCount: Int

  /// The status of what is at `path`, or the system's reason why there is none.
  static func of(_ path: String) -> Result<FileStatus, InputError> {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      return .failure(InputError.system(errno, at: path))
    }
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      default: .special
      }
    return .success(
      FileStatus(
        kind: kind, identity: FileIdentity(status), byteCount: Int(status.st_size)))
  }
}
