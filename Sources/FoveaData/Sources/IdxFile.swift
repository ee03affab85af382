import FoundationEssentials
import FoveaArray

/// A file of bytes in the idx format of the MNIST set, plain or compressed with gzip, read item by
/// item.
///
/// Two zero bytes, the type (8 for bytes), the number of axes, then a big-endian 32-bit size for
/// each axis and the elements. LeCun, Cortes and Burges, "The MNIST database".
final class IdxFile {
  /// The file's name.
  let name: String
  /// The sizes, outermost first.
  let sizes: [Int]
  private let place: String
  private let file: UnpackedFile
  /// Bytes that the sizes say.
  private let expected: Int
  private var given = 0

  /// Sizes that say more than this are refused.
  private static let byteLimit = 1 << 31
  /// Bytes of memory that the items of any file may take, and of one that is not compressed for each
  /// byte of it: a small file may not fill a machine.
  private static let memoryLimit = (any: 1_000_000_000, perByte: 16)
  /// Bytes that an example takes besides its content, about.
  private static let overhead = 256

  /// Reads the header of the file at `url`, and checks that the length of a file that is not
  /// compressed agrees.
  ///
  /// - Throws: `InputError` with the reason.
  init(_ url: URL) throws {
    place = try url.checkedFilePath
    name = url.lastPathComponent
    file = try UnpackedFile(place)
    let start = ByteReader(try file.read(4), isBigEndian: true)
    guard start.uint16(at: 0) == 0, let type = start.byte(at: 2), let axes = start.byte(at: 3),
      (1...4).contains(axes)
    else {
      throw InputError(
        "is no idx file: it does not begin with the format's magic number", at: place)
    }
    guard type == 8 else {
      throw InputError(
        "holds idx elements of type \(type), only bytes (type 8) are read", at: place)
    }
    let header = ByteReader(try file.read(4 * axes), isBigEndian: true)
    let sizes = (0..<axes).compactMap { header.uint32(at: 4 * $0) }
    guard sizes.count == axes else {
      throw InputError("the idx file is cut short in its header", at: place)
    }
    self.sizes = sizes
    var expected = 1
    for size in sizes {
      let (product, overflow) = expected.multipliedReportingOverflow(by: size)
      guard !overflow, product <= Self.byteLimit else {
        throw InputError("the header says \(sizes), which is too large", at: place)
      }
      expected = product
    }
    self.expected = expected
    if !file.isCompressed, let count = file.byteCount, count - 4 - 4 * axes != expected {
      throw disagreement(count - 4 - 4 * axes)
    }
  }

  /// Fails where the items would take too much memory for a file of this size.
  func checkMemory() throws {
    let perByte = file.isCompressed ? 0 : Self.memoryLimit.perByte * (file.byteCount ?? 0)
    let limit = max(Self.memoryLimit.any, perByte)
    let memory = expected + (sizes.first ?? 0) * Self.overhead
    guard memory > limit else { return }
    throw InputError(
      "the header says \(sizes), which would take \(NumberText.count(memory / 1_000_000)) megabytes of memory, "
        + "over the limit of \(NumberText.count(limit / 1_000_000)) for a file of its size",
      at: place,
      advice: file.isCompressed
        ? "If it is meant to be so large, unpack it with gunzip first" : "Take a part of it")
  }

  /// The elements of the next item along the first axis.
  ///
  /// - Throws: `InputError` where the file ends before, or cannot be unpacked.
  func next() throws -> [UInt8] {
    let count = sizes.dropFirst().reduce(1, *)
    let bytes = try file.read(count)
    given += bytes.count
    guard bytes.count == count else { throw disagreement(given) }
    return bytes
  }

  /// Fails where more follows than the header says.
  func finish() throws {
    guard try file.read(1).isEmpty else { throw disagreement(nil) }
  }

  /// - Parameter found: the bytes that follow the header; `nil` for more than it says.
  private func disagreement(_ found: Int?) -> InputError {
    InputError(
      "the header says \(sizes), \(NumberText.count(expected)) bytes, but "
        + (found.map { NumberText.count($0) } ?? "more") + " follow"
        + (found ?? expected < expected ? ": the file is cut short" : ""), at: place)
  }
}
