import CMedia
import FoundationEssentials
import FoveaArray
import Glibc

/// A number that other content gives another: the first half of MurmurHash3, which takes a hundredth
/// of the time that decoding does.
///
/// It tells a file that was changed by chance from the one before; somebody who wants to can find two
/// contents with the same number.
enum ContentDigest {
  /// Of some bytes.
  static func of(_ bytes: [UInt8]) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe digest($0) }
  }

  /// Of a text.
  static func of(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { unsafe digest(UnsafeRawBufferPointer($0)) }
  }

  /// Of samples.
  static func of(_ samples: [Float]) -> UInt64 {
    unsafe samples.withUnsafeBytes { unsafe digest($0) }
  }

  /// Bytes of a file that are looked at on each side where it is longer than both: enough for ten
  /// minutes of a recording, and read in the time of a few spectrograms.
  private static let mostBytes = 32 << 20

  /// Of the file at `url`: all of it, or of a very long one the length, beginning and end.
  ///
  /// - Throws: `InputError` where it cannot be read.
  static func of(fileAt url: URL) throws -> UInt64 {
    let file = unsafe open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw InputError.system(errno, at: url.relativePath) }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else {
      throw InputError.system(errno, at: url.relativePath)
    }
    let size = Int(status.st_size)
    guard size > 2 * mostBytes else { return of(try read(file, 0..<size, url)) }
    let parts = try [0..<mostBytes, (size - mostBytes)..<size].map { try read(file, $0, url) }
    return of(Array("\(size)".utf8) + parts[0] + parts[1])
  }

  private static func read(_ file: Int32, _ range: Range<Int>, _ url: URL) throws -> [UInt8] {
    try unsafe [UInt8](unsafeUninitializedCapacity: range.count) { bytes, count in
      while count < range.count {
        let got = unsafe pread(
          file, bytes.baseAddress?.advanced(by: count), range.count - count,
          range.lowerBound + count)
        if got < 0 {
          if errno == EINTR { continue }
          throw InputError.system(errno, at: url.relativePath)
        }
        if got == 0 { break }
        count += got
      }
    }
  }

  private static func digest(_ content: UnsafeRawBufferPointer) -> UInt64 {
    guard let state = unsafe av_murmur3_alloc() else { fatalError("content digest: out of memory") }
    unsafe av_murmur3_init_seeded(state, 0)
    unsafe av_murmur3_update(
      state, content.bindMemory(to: UInt8.self).baseAddress, content.count)
    var bytes = [UInt8](repeating: 0, count: 16)
    unsafe av_murmur3_final(state, &bytes)
    unsafe av_free(UnsafeMutableRawPointer(state))
    return bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
