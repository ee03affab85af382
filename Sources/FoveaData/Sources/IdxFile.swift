import FoundationEssentials
import FoveaArray

/// A file of bytes in the idx format of the MNIST set, plain or compressed with gzip.
///
/// Two zero bytes, the type (8 for bytes), the number of axes, then a big-endian 32-bit size for
/// each axis and the elements. LeCun, Cortes and Burges, "The MNIST database".
struct IdxFile {
  /// The file's name.
  let name: String
  /// The sizes, outermost first.
  let sizes: [Int]
  private let bytes: [UInt8]
  private let start: Int

  /// Files that unpack to more than this are refused.
  static let byteLimit = 1 << 31

  /// Reads the file at `url` and checks that header and length agree.
  ///
  /// - Throws: `InputError` with the reason.
  init(_ url: URL) throws {
    let place = try url.checkedFilePath
    let file = try FileBytes.read(place)
    let bytes =
      Gunzip.isCompressed(file)
      ? try Gunzip.unpacked(file, limit: Self.byteLimit, at: place) : file
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, (1...4).contains(bytes[3]) else {
      throw InputError(
        "is no idx file: it does not begin with the format's magic number", at: place)
    }
    guard bytes[2] == 8 else {
      throw InputError(
        "holds idx elements of type \(bytes[2]), only bytes (type 8) are read", at: place)
    }
    let start = 4 + 4 * Int(bytes[3])
    guard bytes.count >= start else {
      throw InputError("the idx file is cut short in its header", at: place)
    }
    sizes = stride(from: 4, to: start, by: 4).map { offset in
      bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    var expected = 1
    for size in sizes {
      let (product, overflow) = expected.multipliedReportingOverflow(by: size)
      guard !overflow, product <= Self.byteLimit else {
        throw InputError("the header says \(sizes), which is too large", at: place)
      }
      expected = product
    }
    guard bytes.count - start == expected else {
      throw InputError(
        "the header says \(sizes), \(grouped(expected)) bytes, but \(grouped(bytes.count - start)) "
          + "follow" + (bytes.count - start < expected ? ": the file is cut short" : ""),
        at: place)
    }
    name = url.lastPathComponent
    self.bytes = bytes
    self.start = start
  }

  /// The elements of the item with this index along the first axis.
  func item(_ index: Int) -> [UInt8] {
    let count = sizes.dropFirst().reduce(1, *)
    return Array(bytes[(start + index * count)..<(start + (index + 1) * count)])
  }
}
