/// What the three components of a JPEG stand for.
///
/// A file may say it in three places that disagree; libjpeg's precedence (`jdapimin.c`,
/// `default_decompress_parms`) is what all programs show: JFIF's segment means luma and chromas,
/// else Adobe's segment says it, else components named R, G, B are these.
struct JPEGColors {
  /// Whether there is JFIF's segment.
  var isJFIF = false
  /// What Adobe's segment says, if there is one.
  var adobeTransform: Int?
  /// The components' numbers.
  var names: [Int] = []

  private static let colorNames = "RGB".utf8.map { Int($0) }

  /// Whether the numbers are the letters R, G, B. libavcodec goes by these, then by Adobe's
  /// segment, and by neither where chroma has another size; so it is shown neither, and gives the
  /// components as they are.
  var areNamed: Bool { names == Self.colorNames }

  /// Whether the components are red, green, blue.
  var arePlain: Bool {
    if isJFIF { return false }
    return adobeTransform.map { $0 == 0 } ?? areNamed
  }

  /// A frame's header, or a table, whose components are numbered from 1.
  static func unnamed(_ segment: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = Array(segment)
    guard bytes.count >= 10, (0xC0...0xC2).contains(bytes[1]) else { return bytes }
    for place in stride(from: 10, to: bytes.count, by: 3) { rename(&bytes, at: place) }
    return bytes
  }

  /// Scans whose components are numbered from 1.
  ///
  /// - Parameter headers: where their headers begin.
  static func unnamed(_ scans: ArraySlice<UInt8>, headers: [Int]) -> [UInt8] {
    var bytes = Array(scans)
    for header in headers where header + 4 < bytes.count {
      let count = min(Int(bytes[header + 4]), 4)
      for index in 0..<count { rename(&bytes, at: header + 5 + 2 * index) }
    }
    return bytes
  }

  private static func rename(_ bytes: inout [UInt8], at place: Int) {
    guard place < bytes.count, let name = colorNames.firstIndex(of: Int(bytes[place])) else {
      return
    }
    bytes[place] = UInt8(name + 1)
  }
}
