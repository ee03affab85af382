import CMedia
import FoveaArray

/// Unpacks gzip files with zlib.
enum Gunzip {
  /// Whether `file` begins like a gzip file.
  static func isCompressed(_ file: [UInt8]) -> Bool { file.starts(with: [0x1F, 0x8B]) }

  /// The bytes that `file`, a gzip file with one or more members, unpacks to.
  ///
  /// - Throws: `InputError` naming `place` when the file is damaged or cut short, or unpacks to
  ///   more than `limit` bytes.
  static func unpacked(_ file: [UInt8], limit: Int, at place: String) throws -> [UInt8] {
    var stream = unsafe z_stream()
    // 15 bits of window, plus 16 for gzip's header and checksum.
    let status = unsafe inflateInit2_(
      &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw InputError("zlib cannot start (code \(status))", at: place) }
    defer { unsafe inflateEnd(&stream) }
    var input = file
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var consumed = 0
    while consumed < input.count {
      let step = unsafe inflateStep(&stream, &input, from: consumed, into: &chunk)
      consumed += step.consumed
      output.append(contentsOf: chunk[..<step.produced])
      guard output.count <= limit else {
        throw InputError("unpacks to more than \(grouped(limit)) bytes", at: place)
      }
      switch step.status {
      case Z_OK where step.consumed > 0 || step.produced > 0: continue
      case Z_STREAM_END:
        // Another member may follow.
        unsafe inflateReset(&stream)
        if consumed == input.count { return output }
      case Z_OK, Z_BUF_ERROR: throw cutShort(place)
      default: throw InputError("the compressed file is damaged", at: place)
      }
    }
    throw cutShort(place)
  }

  private static func cutShort(_ place: String) -> InputError {
    InputError(
      "the compressed file is cut short", at: place, advice: "Copy or download it again")
  }

  private static func inflateStep(
    _ stream: inout z_stream, _ input: inout [UInt8], from start: Int, into chunk: inout [UInt8]
  ) -> (status: Int32, consumed: Int, produced: Int) {
    // zlib counts in 32 bits, so that a long file is fed in pieces.
    let available = min(input.count - start, 1 << 30)
    let capacity = chunk.count
    return unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe chunk.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress?.advanced(by: start)
        unsafe stream.avail_in = UInt32(available)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(capacity)
        let status = unsafe inflate(&stream, Z_NO_FLUSH)
        return unsafe (
          status, available - Int(stream.avail_in), capacity - Int(stream.avail_out)
        )
      }
    }
  }
}
