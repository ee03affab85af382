import Glibc

/// A file that is read from its beginning to its end.
///
/// Ordinary files are read, and what was handed over as an open file (`/dev/fd/63`, as a shell names
/// the output of a command), once. Other pipes and devices, which might never end, are refused.
package final class InputFile {
  /// The file as its person knows it.
  package let path: String
  /// How many bytes it has; `nil` for what was handed over.
  package let byteCount: Int?
  private let descriptor: Int32

  /// Opens the file at `path`.
  ///
  /// - Parameter noun: what it should be.
  /// - Throws: `InputError` where it cannot be read, or is a folder, a pipe or a device.
  package init(_ path: String, noun: String = "file") throws {
    // Opening a pipe would wait for a writer otherwise.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw InputError.system(errno, at: path) }
    var status = stat()
    let failure: InputError?
    if unsafe fstat(file, &status) != 0 {
      failure = InputError.system(errno, at: path)
    } else {
      switch status.st_mode & S_IFMT {
      case S_IFREG: failure = nil
      case S_IFIFO where Self.wasHandedOver(path):
        failure = fcntl(file, F_SETFL, 0) == 0 ? nil : InputError.system(errno, at: path)
      case S_IFDIR: failure = InputError("is a folder, not a \(noun)", at: path)
      default: failure = Self.special(path)
      }
    }
    if let failure {
      close(file)
      throw failure
    }
    self.path = path
    descriptor = file
    byteCount = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  deinit { close(descriptor) }

  private static func wasHandedOver(_ path: String) -> Bool {
    path == "/dev/stdin" || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/self/fd/")
  }

  /// What is said of a pipe, a socket or a device where a file is wanted.
  package static func special(_ path: String) -> InputError {
    InputError(
      "is not an ordinary file", at: path,
      advice: wasHandedOver(path)
        ? "It is read more than once: write it to a file first" : nil)
  }

  /// Up to `count` bytes: fewer only at the end.
  ///
  /// - Throws: `InputError` where the file cannot be read.
  package func read(_ count: Int) throws -> [UInt8] {
    try unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      while filled < count {
        let start = unsafe bytes.baseAddress?.advanced(by: filled)
        let got = unsafe Glibc.read(descriptor, start, count - filled)
        if got < 0 {
          if errno == EINTR { continue }
          throw InputError.system(errno, at: path)
        }
        if got == 0 { break }
        filled += got
      }
    }
  }

  /// All bytes.
  ///
  /// - Parameters:
  ///   - limit: how many there may be.
  ///   - advice: what to do about more.
  /// - Throws: `InputError` where there are more, or the file cannot be read.
  package func all(limit: Int, advice: String) throws -> [UInt8] {
    func check(_ count: Int) throws {
      guard count > limit else { return }
      throw InputError(
        "is too large: \(byteCount == nil ? "more than " : "")\(count / 1_000_000) megabytes, over "
          + "the limit of \(limit / 1_000_000)", at: path, advice: advice)
    }
    if let byteCount {
      try check(byteCount)
      // What has become shorter meanwhile is cut short for its reader.
      return try read(byteCount)
    }
    var bytes: [UInt8] = []
    while true {
      let piece = try read(1 << 16)
      if piece.isEmpty { return bytes }
      bytes += piece
      try check(bytes.count)
    }
  }
}

extension InputError {
  /// The error for a failed system call on `path`.
  package static func system(_ code: Int32, at path: String) -> InputError {
    switch code {
    case ENOENT, ENOTDIR:
      InputError("there is no such file or folder", at: path, advice: "Check the path")
    case ELOOP:
      InputError("the link leads back to itself", at: path, advice: "Remove the link")
    case EACCES:
      InputError("may not be read", at: path, advice: "Check its permissions")
    default:
      InputError("cannot be read: \(unsafe String(cString: strerror(code)))", at: path)
    }
  }
}
