import CMedia

/// How much compressed data unfolds to, without keeping it.
enum DeflatedLength {
  /// The bytes that `data`, a zlib stream (RFC 1950), stands for; `nil` where it is damaged, ends
  /// early, or stands for more than `limit`.
  static func bytes(in data: ArraySlice<UInt8>, limit: Int) -> Int? {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit_(&stream, ZLIB_VERSION, size) == Z_OK else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var scratch = [UInt8](repeating: 0, count: 32_768)
    return unsafe data.withUnsafeBufferPointer { input in
      unsafe scratch.withUnsafeMutableBufferPointer { output in
        // zlib reads from here, though its declaration does not say so.
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.avail_in = UInt32(input.count)
        while true {
          unsafe stream.next_out = output.baseAddress
          unsafe stream.avail_out = UInt32(output.count)
          let status = unsafe inflate(&stream, Z_NO_FLUSH)
          let count = unsafe Int(stream.total_out)
          if count > limit { return nil }
          if status == Z_STREAM_END { return count }
          if status != Z_OK { return nil }
        }
      }
    }
  }
}
