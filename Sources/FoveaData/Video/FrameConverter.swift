import CMedia

/// Converts between a codec's frames and pictures: the one owner of libswscale's context.
///
/// Colours follow what a frame says of itself; where it says nothing, frames of 720 rows and more
/// are Rec. 709 and smaller ones Rec. 601, as players take them.
@safe struct FrameConverter: ~Copyable {
  private var context: OpaquePointer?

  init() { unsafe context = nil }

  deinit { unsafe sws_freeContext(context) }

  /// The frame in red, green, blue, eight bits each; `nil` where libswscale cannot convert it.
  mutating func picture(of frame: UnsafeMutablePointer<AVFrame>) -> Picture? {
    let (width, height) = unsafe (Int(frame.pointee.width), Int(frame.pointee.height))
    let format = unsafe AVPixelFormat(frame.pointee.format)
    unsafe context = sws_getCachedContext(
      context, Int32(width), Int32(height), format, Int32(width), Int32(height),
      AV_PIX_FMT_RGB24, Self.flags, nil, nil, nil)
    guard let context = unsafe context else { return nil }
    let isHigh = height >= 720
    let matrix =
      switch unsafe frame.pointee.colorspace {
      case AVCOL_SPC_BT709: SWS_CS_ITU709
      case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
      case AVCOL_SPC_UNSPECIFIED: isHigh ? SWS_CS_ITU709 : SWS_CS_ITU601
      default: SWS_CS_ITU601
      }
    let isFull = unsafe frame.pointee.color_range == AVCOL_RANGE_JPEG
    unsafe sws_setColorspaceDetails(
      context, sws_getCoefficients(matrix), isFull ? 1 : 0, sws_getCoefficients(SWS_CS_ITU601),
      1, 0, 1 << 16, 1 << 16)
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    let rows = unsafe pixels.withUnsafeMutableBufferPointer { buffer -> Int32 in
      var targets: [UnsafeMutablePointer<UInt8>?] = unsafe [buffer.baseAddress, nil, nil, nil]
      var strides: [Int32] = [Int32(width * 3), 0, 0, 0]
      return unsafe Self.withPlanes(of: frame) { planes, lines in
        unsafe sws_scale(context, planes, lines, 0, Int32(height), &targets, &strides)
      }
    }
    guard rows == Int32(height) else { return nil }
    return Picture(width: width, height: height, channels: 3, made: pixels)
  }

  /// Writes `picture`, its last row and column left out where its sides are odd, into `frame`,
  /// which is made of Rec. 709 in limited range.
  mutating func fill(_ frame: UnsafeMutablePointer<AVFrame>, with picture: Picture) -> Bool {
    let (width, height) = unsafe (frame.pointee.width, frame.pointee.height)
    let source = picture.channels == 3 ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_GRAY8
    unsafe context = sws_getCachedContext(
      context, width, height, source, width, height, AVPixelFormat(frame.pointee.format),
      Self.flags, nil, nil, nil)
    guard let context = unsafe context else { return false }
    unsafe sws_setColorspaceDetails(
      context, sws_getCoefficients(SWS_CS_ITU709), 1, sws_getCoefficients(SWS_CS_ITU709), 0, 0,
      1 << 16, 1 << 16)
    let stride = Int32(picture.width * picture.channels)
    // libswscale reads up to a vector beyond the last row, though nothing comes of it.
    let pixels = picture.pixels + [UInt8](repeating: 0, count: 64)
    let rows = unsafe pixels.withUnsafeBufferPointer { buffer -> Int32 in
      let sources: [UnsafePointer<UInt8>?] = unsafe [buffer.baseAddress, nil, nil, nil]
      let strides: [Int32] = [stride, 0, 0, 0]
      var targets = unsafe frame.pointee.data
      var lines = unsafe frame.pointee.linesize
      return unsafe withUnsafeMutableBytes(of: &targets) { planes in
        unsafe withUnsafeMutableBytes(of: &lines) { lines in
          unsafe sws_scale(
            context, sources, strides, 0, height,
            planes.bindMemory(to: UnsafeMutablePointer<UInt8>?.self).baseAddress,
            lines.bindMemory(to: Int32.self).baseAddress)
        }
      }
    }
    return rows == height
  }

  private static let flags =
    SWS_BICUBIC | Int32(SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT)

  private static func withPlanes<Result>(
    of frame: UnsafeMutablePointer<AVFrame>,
    _ body: (UnsafePointer<UnsafePointer<UInt8>?>?, UnsafePointer<Int32>?) -> Result
  ) -> Result {
    let planes = unsafe frame.pointee.data
    let lines = unsafe frame.pointee.linesize
    return unsafe withUnsafeBytes(of: planes) { planes in
      unsafe withUnsafeBytes(of: lines) { lines in
        unsafe body(
          planes.bindMemory(to: UnsafePointer<UInt8>?.self).baseAddress,
          lines.bindMemory(to: Int32.self).baseAddress)
      }
    }
  }
}
