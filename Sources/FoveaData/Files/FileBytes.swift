import FoveaArray
import Glibc

/// Reads a file whole, having asked first what it is and how large.
enum FileBytes {
  /// Bytes of a table: more than any machine has room for once it is taken apart.
  private static let byteLimit = 4_000_000_000

  /// The bytes of the file at `path`.
  ///
  /// - Throws: `InputError` where the file cannot be read, is a folder, a pipe or a device (which
  ///   might never end), or is larger than the limits of a picture.
  static func read(_ path: String, limits: PictureLimits? = nil) throws -> [UInt8] {
    try InputFile(path, noun: limits == nil ? "file" : "picture").all(
      limit: limits?.bytes ?? byteLimit,
      advice: limits == nil ? "Give it in parts" : PictureLimits.byteAdvice)
  }

  /// Up to `count` bytes from the beginning of the ordinary file at `path`; none where it cannot
  /// be read.
  static func start(of path: String, count: Int) -> [UInt8] {
    part(of: path, from: 0, count: count)
  }

  /// Up to `count` bytes from `offset` on of the ordinary file at `path`; none where they cannot be
  /// read.
  static func part(of path: String, from offset: Int, count: Int) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return [] }
    defer { close(file) }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      filled = max(unsafe pread(file, bytes.baseAddress, count, offset), 0)
    }
  }
}
