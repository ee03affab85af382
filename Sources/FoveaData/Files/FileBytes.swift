import FoveaArray
import Glibc

/// Reads a file whole, having asked first what it is and how large.
enum FileBytes {
  /// The bytes of the file at `path`.
  ///
  /// - Throws: `InputError` where the file cannot be read, is a folder, a pipe or a device (which
  ///   might never end), or is larger than the limits of a picture.
  static func read(_ path: String, limits: PictureLimits? = nil) throws -> [UInt8] {
    // Opening a pipe would wait for a writer otherwise.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw FileStatus.failure(errno, at: path) }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw FileStatus.failure(errno, at: path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR:
      throw InputError("is a folder, not a \(limits == nil ? "file" : "picture")", at: path)
    default: throw InputError("is not an ordinary file", at: path)
    }
    let size = Int(status.st_size)
    try limits?.check(byteCount: size, path)
    if size == 0 { return [] }
    return try unsafe [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      while count < size {
        let start = unsafe bytes.baseAddress?.advanced(by: count)
        let got = unsafe Glibc.read(file, start, size - count)
        if got < 0 {
          if errno == EINTR { continue }
          throw FileStatus.failure(errno, at: path)
        }
        // The file has become shorter meanwhile: its structure will tell.
        if got == 0 { break }
        count += got
      }
    }
  }

  /// Up to `count` bytes from the beginning of the ordinary file at `path`; none where it cannot
  /// be read.
  static func start(of path: String, count: Int) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return [] }
    defer { close(file) }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      filled = max(unsafe Glibc.read(file, bytes.baseAddress, count), 0)
    }
  }
}
