import CMedia
import FoveaArray

/// A file that is read from its beginning to its end and, where it is a gzip file, unpacked on the
/// way: it is never held whole.
@safe final class UnpackedFile {
  /// Whether it is a gzip file.
  let isCompressed: Bool
  /// Bytes of the file itself; `nil` for what was handed over.
  let byteCount: Int?
  private let file: InputFile
  private var input: [UInt8]
  private var position = 0
  private var stream = unsafe z_stream()
  /// Whether a member of a gzip file has begun and not ended.
  private var isInside = false

  private static let piece = 1 << 18

  /// Opens the file at `path`.
  ///
  /// - Throws: `InputError` where it cannot be read.
  init(_ path: String) throws {
    file = try InputFile(path)
    byteCount = file.byteCount
    input = try file.read(Self.piece)
    isCompressed = input.starts(with: [0x1F, 0x8B])
    guard isCompressed else { return }
    // 15 bits of window, plus 16 for gzip's header and checksum.
    let status = unsafe inflateInit2_(
      &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw InputError("zlib cannot start (code \(status))", at: path)
    }
    isInside = true
  }

  deinit { if isCompressed { unsafe inflateEnd(&stream) } }

  /// Up to `count` bytes: fewer only at the end.
  ///
  /// - Throws: `InputError` where the file cannot be read, or is damaged or cut short as a gzip
  ///   file with one or more members.
  func read(_ count: Int) throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      if position == input.count {
        (input, position) = (try file.read(Self.piece), 0)
        if input.isEmpty {
          guard !isInside else { throw cutShort }
          break
        }
      }
      filled +=
        isCompressed ? try inflate(into: &output, from: filled) : copy(to: &output, from: filled)
    }
    output.removeLast(count - filled)
    return output
  }

  private func copy(to output: inout [UInt8], from start: Int) -> Int {
    let count = min(output.count - start, input.count - position)
    output.replaceSubrange(
      start..<(start + count), with: input[position..<(position + count)])
    position += count
    return count
  }

  /// Unpacks what there is of the input, and gives how many bytes came of it.
  private func inflate(into output: inout [UInt8], from start: Int) throws -> Int {
    isInside = true
    let (available, room) = (input.count - position, output.count - start)
    let status = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress?.advanced(by: position)
        unsafe stream.avail_in = UInt32(available)
        unsafe stream.next_out = target.baseAddress?.advanced(by: start)
        unsafe stream.avail_out = UInt32(clamping: room)
        return unsafe CMedia.inflate(&stream, Z_NO_FLUSH)
      }
    }
    let consumed = unsafe available - Int(stream.avail_in)
    let produced = unsafe min(room, Int(UInt32.max)) - Int(stream.avail_out)
    position += consumed
    switch status {
    case Z_OK where consumed > 0 || produced > 0: break
    case Z_STREAM_END:
      // Another member may follow.
      unsafe inflateReset(&stream)
      isInside = false
    case Z_OK, Z_BUF_ERROR: throw cutShort
    default: throw InputError("the compressed file is damaged", at: file.path)
    }
    return produced
  }

  private var cutShort: InputError {
    InputError(
      "the compressed file is cut short", at: file.path, advice: "Copy or download it again")
  }
}
