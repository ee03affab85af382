/// Brings a row of chroma to the resolution of luma with the triangle filter of JPEG decoders.
///
/// A chroma sample lies in the middle of the two (or two by two) luma samples that it stands for,
/// so that the nearer of its two neighbours weighs 3/4 and the farther 1/4 along each axis. The
/// sums and their rounding are those of libjpeg and, for WebP, of libwebp, so that networks see
/// what they would see in other tools. Other ratios repeat the sample.
struct ChromaUpsampler {
  private let shift: (x: Int, y: Int)
  private let width: Int
  private let rows: Int
  private let roundsHalfUp: Bool
  /// The vertical sums of a row, with the outermost repeated at both ends.
  private var sums: [UInt16]

  /// - Parameters:
  ///   - shift: binary logarithms of luma samples for a chroma sample.
  ///   - lumaWidth: luma samples in a row.
  ///   - lumaHeight: luma rows.
  ///   - roundsHalfUp: libwebp's rounding rather than libjpeg's, which alternates.
  init(shift: (x: Int, y: Int), lumaWidth: Int, lumaHeight: Int, roundsHalfUp: Bool) {
    self.shift = shift
    self.roundsHalfUp = roundsHalfUp
    width = (lumaWidth + 1 << shift.x - 1) >> shift.x
    rows = (lumaHeight + 1 << shift.y - 1) >> shift.y
    sums = [UInt16](repeating: 0, count: width + 2)
  }

  /// Samples that a row of output takes: at least the luma width.
  var outputCount: Int { width << shift.x }

  /// Writes the chroma for luma row `y` to `output`.
  mutating func row(
    _ y: Int, of plane: Span<UInt8>, stride: Int, into output: inout [UInt8]
  ) {
    let nearRow = y >> shift.y
    let near = plane.extracting((nearRow * stride)..<(nearRow * stride + width))
    if shift.y == 1 {
      let farRow = min(max(y & 1 == 0 ? nearRow - 1 : nearRow + 1, 0), rows - 1)
      let far = plane.extracting((farRow * stride)..<(farRow * stride + width))
      Self.addRows(near, far, into: &sums)
    } else {
      for x in 0..<width { sums[x + 1] = UInt16(near[x]) }
    }
    sums[0] = sums[1]
    sums[width + 1] = sums[width]
    switch (shift.x, shift.y) {
    case (1, 1):
      Self.interpolate(sums, bits: 4, even: 8, odd: roundsHalfUp ? 8 : 7, into: &output)
    case (1, _):
      Self.interpolate(sums, bits: 2, even: 1, odd: 2, into: &output)
    default:
      let bits = shift.y == 1 ? 2 : 0
      let rounding: UInt16 = shift.y == 1 ? (y & 1 == 0 ? 1 : 2) : 0
      for x in 0..<outputCount {
        output[x] = UInt8(truncatingIfNeeded: (sums[x >> shift.x + 1] &+ rounding) >> bits)
      }
    }
  }

  /// 3 near + far, from the second sum on; at most 4 · 255, so nothing overflows.
  private static func addRows(_ near: Span<UInt8>, _ far: Span<UInt8>, into sums: inout [UInt16]) {
    var sums = sums.mutableSpan
    let count = near.count
    precondition(far.count == count && sums.count == count + 2)
    for x in 0..<count { sums[x + 1] = 3 &* UInt16(near[x]) &+ UInt16(far[x]) }
  }

  /// Two outputs for each sum, 3/4 of it and 1/4 of its neighbour; at most 16 · 255.
  private static func interpolate(
    _ sums: [UInt16], bits: UInt16, even: UInt16, odd: UInt16, into output: inout [UInt8]
  ) {
    let sums = sums.span
    var output = output.mutableSpan
    let count = sums.count - 2
    precondition(output.count == 2 * count)
    for x in 0..<count {
      let nearer = 3 &* sums[x + 1]
      output[2 * x] = UInt8(truncatingIfNeeded: (nearer &+ sums[x] &+ even) &>> bits)
      output[2 * x + 1] = UInt8(truncatingIfNeeded: (nearer &+ sums[x + 2] &+ odd) &>> bits)
    }
  }
}
