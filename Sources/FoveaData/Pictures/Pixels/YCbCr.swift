/// Luma and chroma of ITU-R BT.601, as JPEG and WebP store colours.
enum YCbCr {
  /// Full range (JFIF), in 16-bit fixed point, rounded as libjpeg rounds:
  ///
  ///     R = Y + 1.402 (Cr − 128)
  ///     G = Y − 0.344136 (Cb − 128) − 0.714136 (Cr − 128)
  ///     B = Y + 1.772 (Cb − 128)
  ///
  /// The whole parts of the factors are taken apart so that the rest fits 16-bit multiplications,
  /// of which processors do many at once.
  ///
  /// - Parameters:
  ///   - luma: `[width]`
  ///   - blue: `[≥ width]`
  ///   - red: `[≥ width]`
  ///   - row: `[width, 3]`, written.
  static func fullRange(
    luma: Span<UInt8>, blue: Span<UInt8>, red: Span<UInt8>, into row: inout MutableSpan<UInt8>
  ) {
    let width = luma.count
    precondition(blue.count >= width && red.count >= width && row.count >= 3 * width)
    for x in 0..<width {
      let y = Int32(luma[x])
      let cb = Int32(blue[x]) &- 128
      let cr = Int32(red[x]) &- 128
      row[3 * x] = clamped(y &+ cr &+ (26_345 &* cr &+ 32_768) >> 16)
      row[3 * x + 1] = clamped(y &- cr &+ (18_734 &* cr &- 22_554 &* cb &+ 32_768) >> 16)
      row[3 * x + 2] = clamped(y &+ 2 &* cb &+ (32_768 &- 14_942 &* cb) >> 16)
    }
  }

  /// Limited range (video: luma 16–235, chroma 16–240), in libwebp's fixed point:
  ///
  ///     R = 1.164 (Y − 16) + 1.596 (Cr − 128)
  ///     G = 1.164 (Y − 16) − 0.392 (Cb − 128) − 0.813 (Cr − 128)
  ///     B = 1.164 (Y − 16) + 2.017 (Cb − 128)
  ///
  /// - Parameters:
  ///   - luma: `[width]`
  ///   - blue: `[≥ width]`
  ///   - red: `[≥ width]`
  ///   - row: `[width, 3]`, written.
  static func limitedRange(
    luma: Span<UInt8>, blue: Span<UInt8>, red: Span<UInt8>, into row: inout MutableSpan<UInt8>
  ) {
    let width = luma.count
    precondition(blue.count >= width && red.count >= width && row.count >= 3 * width)
    for x in 0..<width {
      let y = (Int32(luma[x]) &* 19_077) >> 8
      let cb = Int32(blue[x])
      let cr = Int32(red[x])
      row[3 * x] = clamped((y &+ (cr &* 26_149) >> 8 &- 14_234) >> 6)
      row[3 * x + 1] = clamped((y &- (cb &* 6_419) >> 8 &- (cr &* 13_320) >> 8 &+ 8_708) >> 6)
      row[3 * x + 2] = clamped((y &+ (cb &* 33_050) >> 8 &- 17_685) >> 6)
    }
  }

  /// Limited luma stretched to the full range: 255 (Y − 16) / 219.
  static func fullLuma(ofLimited luma: UInt8) -> UInt8 {
    UInt8(min(max(((Int(luma) - 16) * 255 + 109) / 219, 0), 255))
  }

  /// The luma of a colour, 0.299 R + 0.587 G + 0.114 B (Rec. 601), in 16-bit fixed point.
  static func luma(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
    let sum = Int32(red) &* 19_595 &+ Int32(green) &* 38_470 &+ Int32(blue) &* 7_471 &+ 32_768
    return UInt8(truncatingIfNeeded: sum >> 16)
  }

  /// Luma and both chromas of red, green, blue in turn; the inverse of `fullRange`:
  ///
  ///     Cb = 128 + 0.564 (B − Y),  Cr = 128 + 0.713 (R − Y)
  ///
  /// - Parameter colors: `[pixels, 3]`
  /// - Returns: three planes of `[pixels]`.
  static func fullRangePlanes(of colors: [UInt8]) -> [[UInt8]] {
    var planes = [[UInt8]](repeating: [UInt8](repeating: 0, count: colors.count / 3), count: 3)
    for pixel in 0..<(colors.count / 3) {
      let red = Float(colors[3 * pixel])
      let green = Float(colors[3 * pixel + 1])
      let blue = Float(colors[3 * pixel + 2])
      let y = 0.299 * red + 0.587 * green + 0.114 * blue
      planes[0][pixel] = UInt8(y + 0.5)
      planes[1][pixel] = UInt8(min(128.5 + (blue - y) / 1.772, 255))
      planes[2][pixel] = UInt8(min(128.5 + (red - y) / 1.402, 255))
    }
    return planes
  }

  private static func clamped(_ value: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(value, 0), 255))
  }
}
