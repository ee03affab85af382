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
      for x in 0..<width { sums[x + 1] = 3 * UInt16(near[x]) + UInt16(far[x]) }
    } else {
      for x in 0..<width { sums[x + 1] = UInt16(near[x]) }
    }
    switch (shift.x, shift.y) {
    case (1, 1): interpolate(into: &output, bits: 4, even: 8, odd: roundsHalfUp ? 8 : 7)
    case (1, _): interpolate(into: &output, bits: 2, even: 1, odd: 2)
    case (0, 1):
      let rounding: UInt16 = y & 1 == 0 ? 1 : 2
      for x in 0..<width { output[x] = UInt8((sums[x + 1] + rounding) >> 2) }
    default:
      let bits = shift.y == 1 ? 2 : 0
      let copies = 1 << shift.x
      for x in 0..<width * copies { output[x] = UInt8(sums[x >> shift.x + 1] >> bits) }
    }
  }

  private mutating func interpolate(
    into output: inout [UInt8], bits: UInt16, even: UInt16, odd: UInt16
  ) {
    sums[0] = sums[1]
    sums[width + 1] = sums[width]
    let sums = sums.span
    var output = output.mutableSpan
    for x in 0..<width {
      let nearer = 3 * sums[x + 1]
      output[2 * x] = UInt8(truncatingIfNeeded: (nearer + sums[x] + even) >> bits)
      output[2 * x + 1] = UInt8(truncatingIfNeeded: (nearer + sums[x + 2] + odd) >> bits)
    }
  }
}
