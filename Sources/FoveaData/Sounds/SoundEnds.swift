import FoveaArray
import Glibc

/// Whether files of sound are there to their ends, told from their bytes.
enum SoundEnds {
  /// Sizes from here on are what programs write that do not know how long a recording will be.
  static let unknownSize = 0x7FFF_0000

  /// Fails for a WAV file that has fewer bytes of sound than it says.
  static func checkWAV(_ name: String) throws {
    let file = FileWindow(name)
    var position = 12
    var longSize: Int?
    // More parts than this are no recording's; libavformat decides what to make of them.
    for _ in 0..<1000 {
      guard let header = file.reader(at: position, count: 8), let size = header.uint32(at: 4)
      else { return }
      if header.spells("ds64", at: 0) {
        // In RF64 sizes of 64 bits stand for those of 32.
        longSize = file.reader(at: position + 16, count: 8).flatMap { content in
          content.uint32(at: 4).flatMap { high in content.uint32(at: 0).map { high << 32 | $0 } }
        }
      } else if header.spells("data", at: 0) {
        let stated = size < unknownSize ? size : longSize ?? 0
        let there = file.byteCount - position - 8
        guard stated <= there || stated < 0 else {
          throw InputError(
            "is cut short: it says that \(NumberText.count(stated, "byte")) of sound follow, and there "
              + (there == 1 ? "is 1" : "are \(NumberText.count(there))"), at: name, advice: again)
        }
        return
      }
      position += 8 + size + size % 2
    }
  }

  /// Whether the last page of an Ogg file says that it is the last.
  ///
  /// - Throws: `InputError` where it is not there to its end.
  static func checkOgg(_ name: String) throws -> Bool {
    let file = FileWindow(name)
    // No page is longer.
    let count = min(file.byteCount, 27 + 255 + 255 * 255)
    guard let end = file.reader(at: file.byteCount - count, count: count) else { return true }
    for start in stride(from: count - 4, through: 0, by: -1) where end.spells("OggS\0", at: start) {
      guard let flags = end.byte(at: start + 5), let segments = end.byte(at: start + 26),
        let sizes = end.slice(at: start + 27, count: segments),
        start + 27 + segments + sizes.reduce(0, { $0 + Int($1) }) <= count
      else {
        throw InputError("is cut short: it ends within a page", at: name, advice: again)
      }
      return flags & 4 != 0
    }
    return true
  }

  /// The bytes of the frame of MPEG audio, of layer III or AAC, that begins so; `nil` where it does not say.
  static func frameSize(_ start: ArraySlice<UInt8>) -> Int? {
    let bytes = Array(start.prefix(8))
    if let size = frameSize(mp3: bytes) { return size }
    guard bytes.count >= 6, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 else { return nil }
    // ADTS: 13 bits from the 31st on.
    let size = Int(bytes[3] & 3) << 11 | Int(bytes[4]) << 3 | Int(bytes[5]) >> 5
    return size > 7 ? size : nil
  }

  /// The bytes of the frame of MPEG audio (layer III) that begins so; `nil` where it does not say.
  static func frameSize(mp3 start: [UInt8]) -> Int? {
    guard let word = ByteReader(start, isBigEndian: true).uint32(at: 0), word >> 21 == 0x7FF,
      word >> 17 & 3 == 1
    else { return nil }
    let version = word >> 19 & 3
    let kilobits =
      version == 3
      ? [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0]
      : [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
    let rate =
      [44_100, 48_000, 32_000, 0][word >> 10 & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2)
    let bits = kilobits[word >> 12 & 15] * 1000
    guard rate > 0, bits > 0, version != 1 else { return nil }
    return (version == 3 ? 144 : 72) * bits / rate + (word >> 9 & 1)
  }

  static let again = "Copy or download the file again"
}

/// Parts of a file, read where they are asked for.
private struct FileWindow {
  let name: String
  let byteCount: Int

  init(_ name: String) {
    self.name = name
    byteCount = (try? FileStatus.of(name).get().byteCount) ?? 0
  }

  func reader(at offset: Int, count: Int) -> ByteReader? {
    guard offset >= 0, offset <= byteCount - count else { return nil }
    let bytes = FileBytes.part(of: name, from: offset, count: count)
    return bytes.count == count ? ByteReader(bytes) : nil
  }
}
