import CMedia

/// The SHA-256 of a decoded picture: equal for copies of a file under other names, and for files
/// that differ in metadata or lossless compression alone.
package struct ContentHash: Hashable, Sendable {
  private let words: SIMD4<UInt64>

  /// The hash of width, height, channels and pixels.
  package init(_ picture: Picture) {
    var header: [UInt8] = []
    for number in [picture.width, picture.height, picture.channels] {
      for shift in stride(from: 0, to: 64, by: 8) {
        header.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    self.init([header, picture.pixels])
  }

  /// The hash of these bytes one after another.
  package init(_ parts: [[UInt8]]) {
    var digest = [UInt8](repeating: 0, count: 32)
    guard let state = unsafe av_sha_alloc() else { fatalError("content hash: out of memory") }
    unsafe av_sha_init(state, 256)
    for part in parts { unsafe av_sha_update(state, part, part.count) }
    unsafe av_sha_final(state, &digest)
    unsafe av_free(UnsafeMutableRawPointer(state))
    var words = SIMD4<UInt64>.zero
    for (index, byte) in digest.enumerated() {
      words[index / 8] = words[index / 8] << 8 | UInt64(byte)
    }
    self.words = words
  }

  /// The digest as 64 hexadecimal digits.
  package var hexadecimal: String {
    (0..<4).map { index in
      let digits = String(words[index], radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
