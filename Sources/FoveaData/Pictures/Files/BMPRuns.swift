/// How far the runs of a compressed bitmap reach, without unfolding them.
///
/// Pairs of a length and a value; a length of 0 stands before the end of a row, the end of the
/// bitmap, a jump, or pixels one by one (Windows GDI, "Bitmap compression").
enum BMPRuns {
  /// Whether all `height` rows are there: what is missing would count as black.
  ///
  /// - Parameters:
  ///   - data: from the first run to the end of the file.
  ///   - bits: of a pixel, 4 or 8.
  static func areWhole(in data: ByteReader, width: Int, height: Int, bits: Int) -> Bool {
    var (x, y, position) = (0, 0, 0)
    /// The last row needs no end of its own.
    func isWhole(_ x: Int, _ y: Int) -> Bool { y >= height || (y == height - 1 && x >= width) }
    while let length = data.byte(at: position), let value = data.byte(at: position + 1) {
      position += 2
      switch (length, value) {
      case (0, 0): (x, y) = (0, y + 1)
      case (0, 1): return isWhole(x, y) || (y == height - 1 && x > 0)
      case (0, 2):
        guard let right = data.byte(at: position), let down = data.byte(at: position + 1) else {
          return false
        }
        (x, y) = (x + right, y + down)
        position += 2
      case (0, let count):
        let bytes = (count * bits + 15) / 16 * 2
        guard data.slice(at: position, count: bytes) != nil else { return isWhole(x, y) }
        x += count
        position += bytes
      default: x += length
      }
    }
    return isWhole(x, y)
  }
}
